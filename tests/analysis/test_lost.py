"""Twin of lost.py: seeds that one version lost keep nothing Equivalent by those that are left."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.analysis.builder import A, B, Training, metric, plan, store, training

from diptych_analysis import Summary, analyze_folder
from diptych_runner.contract.trials import Trial, path_of


def compared(
    root: Path,
    lost: dict[str, int],
    *,
    seeds: int = 20,
    confidence: str = "0.95",
    missing: bool = False,
    shift: float = 0.0,
) -> Summary:
    """Return a comparison in which the first seeds of a version fail, or are missing."""

    def train(trial: Trial) -> Training:
        rng = np.random.default_rng([trial.seed, trial.version == B])
        done = training(1 + trial.seed / 100 + shift * (trial.version == B) + 1e-4 * rng.random())
        failed = not missing and trial.seed <= lost.get(trial.version, 0)
        return replace(done, outcome="Failed") if failed else done

    analysis = {
        "metrics": [metric(margin="0.5")],
        "minimumCompletedPercent": 10,
        "confidence": confidence,
    }
    made = plan(seeds=seeds, analysis=analysis)
    folder = store(root, made, train)
    for trial in made.trials():
        if missing and trial.seed <= lost.get(trial.version, 0):
            (folder / path_of(trial) / "COMMIT").unlink()
    return analyze_folder(folder)


@pytest.mark.parametrize("version", [A, B])
@pytest.mark.parametrize("count", [3, 5])
def test_a_version_that_fails_more_often_is_not_equivalent_by_the_others(
    tmp_path: Path, version: str, count: int
) -> None:
    summary = compared(tmp_path, {version: count})
    assert summary.verdict == "Inconclusive"
    told = {A: 0, B: 0, version: count}
    said = (
        f"but {told[B]} of 20 trials of {B} and {told[A]} of 20 of {A} did not complete: the seeds "
        "that are left may be a selection"
    )
    assert said in summary.reason
    (row,) = summary.candidates[0].metrics
    assert (row.verdict, row.seeds, row.seeds_needed) == ("Inconclusive", 20 - count, None)


def test_failures_beyond_chance_are_different_and_no_metric_equivalent(tmp_path: Path) -> None:
    summary = compared(tmp_path, {B: 8})
    assert summary.verdict == "Different"
    assert summary.candidates[0].metrics[0].verdict == "Inconclusive"
    # Holm's correction withholds that; the claim stays withheld too.
    assert compared(tmp_path / "2", {B: 8}, confidence="0.99").verdict == "Inconclusive"


def test_a_rate_beyond_chance_is_too_unequal_though_it_is_small(tmp_path: Path) -> None:
    summary = compared(tmp_path, {B: 6}, seeds=70)
    assert summary.candidates[0].outcomes[0].p_adjusted == 0.0625
    assert summary.verdict == "Inconclusive"


@pytest.mark.parametrize("lost", [{B: 2}, {A: 8, B: 8}, {A: 1, B: 3}])
def test_a_few_failures_or_as_many_in_both_keep_nothing_back(
    tmp_path: Path, lost: dict[str, int]
) -> None:
    assert compared(tmp_path, lost).verdict == "Equivalent"


def test_missing_trials_are_lost_as_failed_ones_are(tmp_path: Path) -> None:
    summary = compared(tmp_path, {B: 8}, missing=True)
    assert summary.verdict == "Inconclusive"
    assert f"8 of 20 trials of {B} and 0 of 20 of {A} did not complete" in summary.reason


def test_what_differs_among_the_others_stays_different(tmp_path: Path) -> None:
    assert compared(tmp_path, {B: 4}, shift=0.7).verdict == "Different"
