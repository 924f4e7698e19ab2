"""The examples, run as a user runs them: `diptych run FILE`.

DIPTYCH_DEMO names a folder where `make demo` ran: the test of its comparison goes on from there, so
that CI trains its 124 trials once.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.integration import stores

pytestmark = pytest.mark.environments

EXAMPLES = Path(__file__).resolve().parents[2] / "manifests" / "examples"


def run_example(name: str, output: Path) -> dict[str, Any]:
    """Run an example; return its summary, which went to standard output."""
    return run_file(EXAMPLES / name, output)


def run_file(file: Path, output: Path) -> dict[str, Any]:
    """Run a comparison's file; return its summary, which went to standard output."""
    ended = subprocess.run(
        [sys.executable, "-m", "diptych", "run", file, "--json", "--output", output],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr[-3000:]
    summary: dict[str, Any] = json.loads(ended.stdout)
    stores.validate("summary", summary)
    return summary


@pytest.mark.needs_python("3.8")
def test_quickstart_is_equivalent_and_shared_randomness_explains_the_rest(tmp_path: Path) -> None:
    output = Path(os.environ.get("DIPTYCH_DEMO", tmp_path))
    summary = run_example("quickstart.yaml", output)
    assert summary["verdict"] == "Equivalent"
    assert summary["trials"]["succeeded"] == summary["trials"]["planned"] == 124
    (candidate,) = summary["candidates"]
    accuracy, loss = candidate["metrics"]
    assert (accuracy["name"], loss["name"]) == ("test_accuracy", "test_loss")
    assert accuracy["seeds"] == 20
    low, high = accuracy["equivalenceInterval"]
    assert -accuracy["margin"] < low < high < accuracy["margin"] == 0.01
    ladder = {row["control"]: row for row in candidate["attribution"]}
    assert list(ladder) == ["Native", "SharedInit", "SharedOrder", "SharedMasks"]
    assert ladder["SharedMasks"]["explains"] > 0.99
    assert ladder["SharedMasks"]["perSeedRms"] < ladder["Native"]["perSeedRms"] / 10
    assert "the initial weights" in candidate["cause"]
    assert "of the squared distance" in candidate["cause"], candidate["cause"]
    for name in ("summary.json", "summary.md", "report.html"):
        assert len(list(output.glob(f"quickstart-*/{name}"))) == 1


@pytest.mark.needs_python("3.6")
def test_adam_of_1_2_1_and_1_4_0_is_identical_weights_and_slots(tmp_path: Path) -> None:
    summary = run_example("adam-1.2.1-vs-1.4.0.yaml", tmp_path)
    assert summary["verdict"] == "Identical"
    (candidate,) = summary["candidates"]
    trajectory = candidate["trajectory"]
    assert trajectory["bitIdentical"]
    assert trajectory["firstDivergence"] is None
    assert {tensor["key"] for tensor in trajectory["tensors"]} == {
        "optimizer/beta1_power",
        "optimizer/beta2_power",
        "slots/bias/m",
        "slots/bias/v",
        "slots/kernel/m",
        "slots/kernel/v",
        "weights/bias",
        "weights/kernel",
    }
    assert all(tensor["maxUlp"] == 0 for tensor in trajectory["tensors"])
