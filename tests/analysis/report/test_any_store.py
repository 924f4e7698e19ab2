"""Whatever a store holds, there is a summary, a page and a Markdown, and none of them is huge."""

import random
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.analysis.builder import Training, cell, metric, plan, store
from tests.analysis.report.test_page import Outline

from diptych_analysis import analyze_folder
from diptych_analysis.report import MARKDOWN_FILE, REPORT_FILE, write_report
from diptych_runner.contract.plan import Plan
from diptych_runner.contract.trials import Trial, path_of

CONTROLS = ("Native", "SharedInit", "SharedOrder", "SharedNumerics")
ODD = (np.nan, np.inf, -np.inf, 0.0, -0.0, 1e308, 5e-324)


def a_plan(rng: random.Random) -> tuple[Plan, bool]:
    """Return a plan, and whether it is of a classifier."""
    seeds = rng.choice([1, 2, 3, 5, 8])
    cells = [cell(seeds=seeds)]
    cells += [cell(repeat=1, seeds=rng.randint(1, seeds))] * rng.randint(0, 1)
    cells += [cell(c, seeds=rng.randint(1, seeds)) for c in CONTROLS[1:] if rng.random() < 0.4]
    settings: list[dict[str, Any]] = [{}]
    if rng.random() < 0.3:
        settings.append({"learningRate": "0.1"})
        cells.append(cell(setting=1, seeds=seeds))
    classifies = rng.random() < 0.5
    one = {"name": "test_accuracy", "evaluator": "accuracy", "direction": "HigherIsBetter"}
    metrics = [metric(**one)] if classifies else [metric()]
    metrics[0]["margin"] = rng.choice([None, "0", "0.1", "1000"])
    made = plan(
        seeds=seeds,
        cells=cells,
        versions=("2.1.0", "2.4.0", "2.8.4")[: rng.choice([2, 2, 3])],
        axes={"settings": settings},
        analysis={"metrics": metrics, "minimumCompletedPercent": rng.choice([10, 90])},
    )
    return made, classifies


def a_training(rng: random.Random, *, classifies: bool) -> Training:
    """Return what a trial computed: mostly ordinary, sometimes at the ends of what there is."""
    noise = np.random.default_rng(rng.randint(0, 3))  # of few streams, so that some are equal
    steps = rng.choice([1, 2, 7, 7, 7])
    outcome = rng.choice(["Succeeded"] * 6 + ["Diverged", "Failed"])
    losses = [float(x) for x in noise.random(steps)]
    if outcome == "Diverged":
        losses[-1] = rng.choice(ODD[:3])
    weights = noise.normal(size=4).astype(np.float32)
    if rng.random() < 0.1:
        weights[0] = rng.choice([*ODD[:5], 3e38, 1e-45])
    tensors: dict[str, Any] = {
        "weights/w": weights,
        "slots/w/m": rng.choice([weights, np.zeros_like(weights)]),
    }
    if rng.random() < 0.1:
        tensors["weights/only"] = np.zeros(rng.choice([0, 3]))
    checkpoints = {0: {"weights/w": weights}, steps: tensors}
    outputs: Any = noise.random((6, 3))
    targets: Any = np.arange(6) % 3
    if not classifies:
        outputs, targets = noise.random((4, 1)), np.zeros((4, 1))
        if rng.random() < 0.1:
            outputs[0] = rng.choice(ODD[3:])
    return Training(outputs, targets, tuple(losses), checkpoints, outcome)


def spoiled(rng: random.Random, folder: Path, made: Plan) -> None:
    """Take away or break some records."""
    for trial in made.trials():
        place = folder / path_of(trial)
        if rng.random() < 0.05:
            shutil.rmtree(place)
        elif rng.random() < 0.05:
            (place / "attempts" / "a1" / "predictions.npz").write_bytes(b"garbage")


@pytest.mark.parametrize("case", range(16))
def test_any_store_has_a_report(tmp_path: Path, case: int) -> None:
    rng = random.Random(case)  # noqa: S311 - cases, no secrets
    made, classifies = a_plan(rng)

    def train(trial: Trial) -> Training:
        done = a_training(rng, classifies=classifies)
        odd = {"gpus": ["A"]} if rng.random() < 0.02 else {}
        return replace(done, environment=odd)

    folder = store(tmp_path, made, train)
    spoiled(rng, folder, made)
    summary = analyze_folder(folder)
    assert summary == analyze_folder(folder)
    write_report(folder, summary)
    page = (folder / REPORT_FILE).read_text(encoding="utf-8")
    assert Outline(page).open == []
    assert f"<span>{summary.verdict}</span>" in page
    assert len(page.encode()) < 1_000_000
    assert len((folder / MARKDOWN_FILE).read_bytes()) <= 4000
