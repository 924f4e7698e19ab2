"""The examples of mnist-mlp, run as a user runs them: the article's questions and their answers."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.integration import stores
from tests.integration.test_examples import run_example

from diptych_runner.contract.plan import Plan

pytestmark = pytest.mark.environments


def first_candidate(summary: dict[str, Any]) -> dict[str, Any]:
    (candidate,) = summary["candidates"]
    assert summary["trials"]["succeeded"] == summary["trials"]["planned"]
    return dict(candidate)


def records_of(output: Path) -> dict[tuple[str, str, int], stores.Record]:
    """Return the first repeats of a run by version, control and seed."""
    (folder,) = output.iterdir()
    plan = Plan.from_text((folder / "plan.json").read_text(encoding="utf-8"))
    return {
        (record.trial.version, record.trial.control, record.trial.seed): record
        for record in stores.records(plan, output)
        if record.trial.repeat == 0
    }


@pytest.mark.needs_python("3.8")
def test_a_version_is_identical_to_itself(tmp_path: Path) -> None:
    summary = run_example("aa-2.4.0.yaml", tmp_path)
    assert summary["verdict"] == "Identical"
    assert first_candidate(summary)["trajectory"]["bitIdentical"]


@pytest.mark.needs_python("3.7", "3.8")
@pytest.mark.parametrize(
    "name", ["mnist-mlp-2.1.0-vs-2.4.0.yaml", "mnist-mlp-sgd-2.1.0-vs-2.4.0.yaml"]
)
def test_seeds_part_natively_and_shared_masks_bring_them_together(
    name: str, tmp_path: Path
) -> None:
    candidate = first_candidate(run_example(name, tmp_path))
    assert candidate["verdict"] in ("Equivalent", "Inconclusive")
    loss = next(metric for metric in candidate["metrics"] if metric["name"] == "test_loss")
    assert loss["verdict"] == "Equivalent"
    assert [row["control"] for row in candidate["attribution"]] == [
        "Native",
        "SharedInit",
        "SharedOrder",
        "SharedMasks",
    ]
    assert candidate["attribution"][-1]["explains"] > 0.999
    found = records_of(tmp_path)
    for control, seeds in (("Native", range(1, 11)), ("SharedMasks", range(1, 6))):
        older, newer = (
            np.array([found[version, control, seed].losses for seed in seeds])
            for version in ("2.1.0", "2.4.0")
        )
        apart = np.max(np.abs(newer - older), axis=1)
        if control == "Native":
            assert np.all(apart > 1e-3)
        else:
            assert np.all(apart < 1e-6)


@pytest.mark.needs_python("3.7", "3.8")
def test_under_the_custom_loss_the_versions_disagree_on_what_accuracy_is(tmp_path: Path) -> None:
    candidate = first_candidate(run_example("mnist-mlp-custom-loss-2.1.0-vs-2.4.0.yaml", tmp_path))
    assert candidate["verdict"] in ("Equivalent", "Inconclusive")
    for (version, _, _), record in records_of(tmp_path).items():
        last = record.lines[-1]
        same = abs(last["framework_accuracy"] - last["test_accuracy"]) < 1e-6
        outputs = record.arrays("predictions.npz")["outputs"]
        zeros = float(np.mean(np.argmax(outputs, axis=1) == 0))
        assert same if version == "2.4.0" else abs(last["framework_accuracy"] - zeros) < 1e-6
