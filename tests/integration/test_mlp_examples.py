"""The examples of mnist-mlp, run as a user runs them: the article's questions and their answers.

Those of SGD and of the custom loss run with fewer seeds: `make findings` runs them whole.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from tests.integration import stores
from tests.integration.test_examples import EXAMPLES, run_example, run_file

from diptych_runner.contract.plan import Plan

pytestmark = pytest.mark.environments


def first_candidate(summary: dict[str, Any]) -> dict[str, Any]:
    (candidate,) = summary["candidates"]
    assert summary["trials"]["succeeded"] == summary["trials"]["planned"]
    return dict(candidate)


def run_shortened(name: str, seeds: int, of_ladder: int, output: Path) -> dict[str, Any]:
    """Run an example with so many seeds, and of SharedMasks alone; return its summary."""
    document = yaml.safe_load((EXAMPLES / name).read_text(encoding="utf-8"))
    document["spec"]["seeds"]["count"] = seeds
    document["spec"]["attribution"] = {"controls": ["SharedMasks"], "seeds": of_ladder}
    file = output.parent / name
    file.write_text(yaml.safe_dump(document), encoding="utf-8")
    return run_file(file, output)


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
def test_seeds_part_natively_and_shared_masks_bring_them_together(tmp_path: Path) -> None:
    candidate = first_candidate(run_example("mnist-mlp-2.1.0-vs-2.4.0.yaml", tmp_path))
    assert [row["control"] for row in candidate["attribution"]] == [
        "Native",
        "SharedInit",
        "SharedOrder",
        "SharedMasks",
    ]
    assert_parted_and_brought_together(candidate, tmp_path)


@pytest.mark.needs_python("3.7", "3.8")
def test_of_sgd_too_seeds_part_and_shared_masks_bring_them_together(tmp_path: Path) -> None:
    name = "mnist-mlp-sgd-2.1.0-vs-2.4.0.yaml"
    output = tmp_path / "results"
    candidate = first_candidate(run_shortened(name, 10, 5, output))
    assert_parted_and_brought_together(candidate, output)


def assert_parted_and_brought_together(candidate: dict[str, Any], output: Path) -> None:
    assert candidate["verdict"] in ("Equivalent", "Inconclusive")
    loss = next(metric for metric in candidate["metrics"] if metric["name"] == "test_loss")
    assert loss["verdict"] == "Equivalent"
    assert candidate["attribution"][-1]["control"] == "SharedMasks"
    assert candidate["attribution"][-1]["explains"] > 0.999
    found = records_of(output)
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
    name = "mnist-mlp-custom-loss-2.1.0-vs-2.4.0.yaml"
    output = tmp_path / "results"
    candidate = first_candidate(run_shortened(name, 5, 3, output))
    assert candidate["verdict"] in ("Equivalent", "Inconclusive")
    for (version, _, _), record in records_of(output).items():
        last = record.lines[-1]
        same = abs(last["framework_accuracy"] - last["test_accuracy"]) < 1e-6
        outputs = record.arrays("predictions.npz")["outputs"]
        zeros = float(np.mean(np.argmax(outputs, axis=1) == 0))
        assert same if version == "2.4.0" else abs(last["framework_accuracy"] - zeros) < 1e-6
