"""Code of the user's own in PyTorch: a plain loop under every control that it asks for."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import yaml
from tests.integration.test_mlp_examples import records_of
from tests.integration.test_own_code import run

from diptych_runner import seeding
from diptych_runner.contract import names

LADDER = ["SharedInit", "SharedOrder", "SharedMasks"]


def comparison(entrypoint: str) -> str:
    """Return the YAML of a comparison of a module beside it."""
    metric = {
        "name": "test_accuracy",
        "evaluator": "accuracy",
        "direction": "HigherIsBetter",
        "margin": "0.01",
    }
    return yaml.safe_dump(
        {
            "apiVersion": "diptych.dev/v1alpha1",
            "kind": "VersionComparison",
            "metadata": {"name": "own-loop"},
            "spec": {
                "framework": "pytorch",
                "versions": [{"name": "1.11.0"}, {"name": "1.12.1"}],
                "workload": {"module": {"configMap": "own-loop", "entrypoint": entrypoint}},
                "seeds": {"first": 1, "count": 2},
                "attribution": {"controls": LADDER, "seeds": 2},
                "analysis": {"metrics": [metric]},
            },
        }
    )


@pytest.mark.needs_python("3.9")
def test_a_loop_of_ones_own_is_given_what_a_control_shares(tmp_path: Path) -> None:
    shutil.copy(Path(__file__).with_name("own_loop.py"), tmp_path)
    file = tmp_path / "own.yaml"
    file.write_text(comparison("own_loop:train"), encoding="utf-8")
    summary = run(file, tmp_path / "output")
    trials = summary["trials"]
    assert trials["succeeded"] == trials["planned"], trials["failed"]
    assert summary["verdict"] != "Invalid"
    found = records_of(tmp_path / "output")
    for (_, control, seed), record in found.items():
        start = record.checkpoint(0)
        kernel = seeding.initial_weights(seed, [("hidden/kernel", (64, 32))])["hidden/kernel"]
        same = start["weights/hidden/kernel"].tobytes() == kernel.tobytes()
        assert same == (control != "Native")
        shared = sorted(names.shared_aspects(control))
        assert record.document("environment.json")["shared"] == shared
        assert record.losses[-1] < record.losses[0]
        newer = found["1.12.1", control, seed]
        np.testing.assert_allclose(record.losses, newer.losses, rtol=1e-4)


@pytest.mark.needs_python("3.9")
def test_what_is_kerass_alone_is_refused_with_what_to_take(tmp_path: Path) -> None:
    (tmp_path / "keras.py").write_text("def train(run):\n    run.keras(object())\n")
    file = tmp_path / "own.yaml"
    file.write_text(comparison("keras:train"), encoding="utf-8")
    summary = run(file, tmp_path / "output")
    assert summary["verdict"] == "Invalid"
    failed = summary["trials"]["failed"]
    assert failed
    assert "pytorch has no such models; write the loop with run.batches" in str(failed[0])
