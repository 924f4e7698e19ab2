"""Twin of identity.py: what may be called Identical, and what never."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.analysis.builder import B, Training, cell, diverged, plan, store, training

from diptych_analysis import Summary, analyze_folder
from diptych_runner.contract.trials import Trial, path_of

CELLS = [cell(seeds=3), cell(repeat=1, seeds=2)]


def summary_of(root: Path, train: Callable[[Trial], Training]) -> Summary:
    return analyze_folder(store(root, plan(seeds=3, cells=CELLS), train))


def odd(trial: Trial) -> bool:
    return trial == Trial(B, "Native", 0, 2, 1)


def test_equal_bits_everywhere_are_identical(tmp_path: Path) -> None:
    summary = summary_of(tmp_path, lambda trial: training(trial.seed))
    (candidate,) = summary.candidates
    assert summary.verdict == "Identical"
    assert candidate.trajectory is not None
    assert candidate.trajectory.bit_identical
    assert candidate.cause is None
    assert candidate.metrics[0].verdict == "Identical"


def other_slot(done: Training) -> Training:
    final = dict(done.checkpoints[2])
    final["slots/w/m"] = np.nextafter(final["slots/w/m"], np.float32(9))
    return replace(done, checkpoints={**done.checkpoints, 2: final})


def other_name(done: Training) -> Training:
    final = dict(done.checkpoints[2])
    final["weights/v"] = final.pop("weights/w")
    return replace(done, checkpoints={**done.checkpoints, 2: final})


def other_dtype(done: Training) -> Training:
    final = {**done.checkpoints[2], "weights/w": np.array([1.0, 2.0])}
    return replace(done, checkpoints={**done.checkpoints, 2: final})


@pytest.mark.parametrize(
    "change",
    [
        other_slot,
        other_name,
        other_dtype,
        lambda done: replace(done, losses=(2.0, 1.0000000000000002)),
        lambda done: replace(done, outputs=np.nextafter(done.outputs, 9)),
        lambda done: replace(done, outputs=-done.outputs),
        lambda done: replace(done, outputs=done.outputs.astype(np.float32)),
    ],
)
def test_one_bit_in_one_repeat_is_enough_not_to_be(
    tmp_path: Path, change: Callable[[Training], Training]
) -> None:
    summary = summary_of(tmp_path, lambda t: change(training(4)) if odd(t) else training(4))
    assert summary.verdict != "Identical"


@pytest.mark.parametrize(
    ("outcome", "verdict"), [("Failed", "Invalid"), ("Diverged", "Inconclusive")]
)
def test_never_with_a_trial_that_did_not_succeed(
    tmp_path: Path, outcome: str, verdict: str
) -> None:
    summary = summary_of(
        tmp_path,
        lambda t: replace(training(t.seed), outcome=outcome if odd(t) else "Succeeded"),
    )
    assert summary.verdict == verdict  # Failed: 4 of 5 trials are below 90 %


def test_never_with_a_missing_trial_even_when_few_are_asked_for(tmp_path: Path) -> None:
    made = plan(seeds=3, cells=CELLS, analysis={"minimumCompletedPercent": 0})
    folder = store(tmp_path, made, lambda trial: training(trial.seed))
    (folder / path_of(Trial(B, "Native", 0, 3, 0)) / "COMMIT").unlink()
    summary = analyze_folder(folder)
    assert summary.verdict == "Inconclusive"
    assert summary.trials.failed[0].status == "Missing"


def test_times_and_other_seeds_do_not_count(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        return replace(training(trial.seed), timing={"wallSeconds": 9.0 * (trial.version == B)})

    assert summary_of(tmp_path, train).verdict == "Identical"


def test_diverging_alike_is_reported_and_never_identical(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        return diverged(training(trial.seed, losses=(float(trial.seed), float("inf"))))

    summary = summary_of(tmp_path, train)
    assert summary.verdict == "Invalid"
    assert "diverged at the same steps with the same bits" in summary.reason
    assert summary.trials.diverged == 10
    (candidate,) = summary.candidates
    assert candidate.trajectory is not None
    assert candidate.trajectory.bit_identical


def test_diverging_otherwise_is_not_alike(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        first = trial.seed + 0.5 * (trial.version == B)
        return diverged(training(1, losses=(first, float("nan"))))

    summary = summary_of(tmp_path, train)
    assert summary.verdict == "Invalid"
    assert ": no seed succeeded in both versions: all 3 diverge in both" in summary.reason
    trajectory = summary.candidates[0].trajectory
    assert trajectory is not None
    assert trajectory.first_divergence is not None
    assert trajectory.first_divergence.step == 1
