"""One difference is planted in one of two versions: the cause must be named each time.

An environment variable switches the plant on: in one of twice the same TensorFlow, or in the later
of two, whose own differences are then there too.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.integration import stores

from diptych_runner.contract import tables

PYTHONS = {row.version: row.python for row in tables.environments("tensorflow")}
BEFORE, AFTER = "2.4.0", "2.13.1"
pytestmark = [
    pytest.mark.environments,
    pytest.mark.needs_python(PYTHONS[BEFORE], PYTHONS[AFTER]),
]

CODE = Path(__file__).parent / "planted"
LADDER = ["SharedInit", "SharedOrder", "SharedMasks", "SharedParameters", "SharedNumerics"]
#: The same bits are no chance: that proves more than seeds would.
SEEDS = 3


def planted(
    plant: str, folder: Path, version: str = BEFORE, controls: Sequence[str] = LADDER
) -> dict[str, Any]:
    """Return the one candidate of a comparison of 2.4.0 with a version that is planted."""
    shutil.copytree(CODE, folder / "planted")
    document = {
        "apiVersion": "diptych.dev/v1alpha1",
        "kind": "VersionComparison",
        "metadata": {"name": "planted"},
        "spec": {
            "versions": [
                {"name": "plain", "version": BEFORE},
                {
                    "name": "planted",
                    "version": version,
                    "env": [{"name": "PLANT", "value": plant}],
                },
            ],
            "workload": {"module": {"configMap": "planted", "entrypoint": "train"}},
            "seeds": {"first": 1, "count": SEEDS},
            "attribution": {"controls": list(controls), "seeds": SEEDS},
            "noiseFloor": {"repeats": 1},
            "trialsPerPod": 40,
            "analysis": {
                "metrics": [
                    {
                        "name": "test_loss",
                        "evaluator": "sparseCategoricalCrossentropy",
                        "direction": "LowerIsBetter",
                        "relativeMargin": "2%",
                    },
                    {
                        "name": "accuracy",
                        "evaluator": "accuracy",
                        "direction": "HigherIsBetter",
                        "margin": "0.01",
                    },
                ]
            },
        },
    }
    (folder / "planted.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
    command = ["run", str(folder / "planted.yaml"), "--json", "--output", str(folder / "results")]
    ended = subprocess.run(
        [sys.executable, "-m", "diptych", *command], capture_output=True, text=True, check=False
    )
    assert ended.returncode in (0, 3), ended.stderr[-3000:]
    found = json.loads(ended.stdout)
    stores.validate("summary", found)
    assert found["trials"]["succeeded"] == found["trials"]["planned"]
    (candidate,) = found["candidates"]
    return dict(candidate)


def rms(candidate: dict[str, Any]) -> dict[str, float]:
    return {row["control"]: row["perSeedRms"] for row in candidate["attribution"]}


def places(candidate: dict[str, Any]) -> list[str]:
    assert candidate["probe"]["control"] == LADDER[-1]
    return list(candidate["probe"]["places"])


def test_without_a_plant_both_are_identical(tmp_path: Path) -> None:
    candidate = planted("nothing", tmp_path)
    assert candidate["verdict"] == "Identical"
    assert places(candidate) == []


@pytest.mark.parametrize(
    ("plant", "control", "words"),
    [
        ("initialiser", "SharedInit", "start from the same weights"),
        ("order", "SharedOrder", "see the batches in the same order"),
        ("dropout", "SharedMasks", "use the same masks of random layers"),
    ],
)
def test_another_stream_is_named_by_the_control_that_takes_it_away(
    plant: str, control: str, words: str, tmp_path: Path
) -> None:
    candidate = planted(plant, tmp_path)
    found = rms(candidate)
    before = ["Native", *LADDER][: LADDER.index(control) + 1]
    assert all(found[each] > 0 for each in before)
    assert found[control] == 0
    assert words in candidate["cause"]
    assert places(candidate) == []


def test_another_epsilon_is_named_as_parameter_and_placed_in_the_optimizer(tmp_path: Path) -> None:
    candidate = planted("epsilon", tmp_path)
    assert "epsilon 1e-07 → 0.001" in candidate["cause"]
    assert places(candidate) == ["optimizer"]
    assert "the optimizer, by equal gradients" in candidate["cause"]


def test_another_batch_size_is_told_and_laid_to_no_pass(tmp_path: Path) -> None:
    candidate = planted("size", tmp_path, controls=["SharedMasks"])
    assert candidate["probe"] is None
    assert "Already the first batches differ under SharedMasks" in candidate["cause"]
    assert re.search("trained for [0-9]+ steps and planted for [0-9]+ ", candidate["cause"])


def test_another_rate_is_told_by_its_masks(tmp_path: Path) -> None:
    candidate = planted("rate", tmp_path, controls=["SharedMasks"])
    assert "Already the first masks differ under SharedMasks" in candidate["cause"]


def test_a_test_set_that_is_prepared_otherwise_makes_it_invalid(tmp_path: Path) -> None:
    candidate = planted("preparation", tmp_path, controls=["SharedInit"])
    assert candidate["verdict"] == "Invalid"
    assert "The test sets differ in the test inputs (their values)" in candidate["reason"]


def test_a_product_in_bfloat16_is_placed_in_the_forward_pass(tmp_path: Path) -> None:
    candidate = planted("bfloat16", tmp_path)
    assert all(value > 0 for value in rms(candidate).values())
    assert places(candidate) == ["forward"]
    assert "the forward pass" in candidate["cause"]


def test_a_metric_with_another_meaning_is_a_drift_and_no_difference(tmp_path: Path) -> None:
    candidate = planted("metric", tmp_path)
    accuracy = next(row for row in candidate["metrics"] if row["name"] == "accuracy")
    assert abs(accuracy["frameworkMetricDrift"]) > 0.3
    assert candidate["verdict"] == "Identical"
    assert places(candidate) == []


@pytest.mark.parametrize(
    ("plant", "place", "words"),
    [
        ("nothing", [], "agrees up to rounding in outputs, loss, gradients, moving statistics"),
        ("momentum", ["statistics"], "the moving statistics, from equal outputs"),
        ("clipnorm", ["optimizer"], "clipnorm none → 0.05"),
        ("schedule", ["optimizer"], "learningRate 0.001 → ExponentialDecay(decay_rate=0.5"),
        ("reduction", ["loss"], "the loss, from equal outputs"),
        ("rate", ["forward"], "the forward pass"),
    ],
)
def test_between_two_versions_a_plant_is_placed_beside_what_the_versions_change(
    plant: str, place: list[str], words: str, tmp_path: Path
) -> None:
    candidate = planted(plant, tmp_path, AFTER, ["SharedMasks"])
    assert candidate["probe"]["places"] == place
    assert words in candidate["cause"]
    assert candidate["verdict"] != "Identical"
