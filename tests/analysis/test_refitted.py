"""Twin of refitted.py: what a later fit is given may differ, and is told."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.analysis.builder import A, B, Training, diverged, environment, plan, store, training

from diptych_analysis import analyze_folder
from diptych_analysis.summary import Candidate
from diptych_runner.contract.trials import Trial

EQUAL, OTHER = ({"dtype": "<f4", "shape": [4], "sha256": 64 * digit} for digit in "ab")


def judged(root: Path, part: str) -> Candidate:
    """Return the verdict where the versions have another array under this name."""

    def train(trial: Trial) -> Training:
        parts = {"training targets": EQUAL, part: EQUAL if trial.version == A else OTHER}
        told = {**environment(trial.version)["data"], "parts": parts}
        return replace(training(1.0 + trial.seed), environment={"data": told})

    return analyze_folder(store(root, plan(seeds=2), train)).candidates[0]


def test_other_targets_of_a_second_fit_are_a_remark(tmp_path: Path) -> None:
    candidate = judged(tmp_path, "training targets of fit 2")
    assert candidate.problems == []
    assert (
        "Under Native what fit is given after the first time differs in the training targets of "
        "fit 2 (their values): it may be computed by what was trained before"
    ) in candidate.reason


@pytest.mark.parametrize("part", ["training targets", "test inputs"])
def test_nothing_is_said_of_other_data(part: str, tmp_path: Path) -> None:
    assert "given after the first" not in judged(tmp_path, part).reason


def test_a_trial_that_diverged_before_its_second_fit_says_nothing_of_it(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        ended = trial.version == B and trial.seed == 1
        second = {} if ended else {"training targets of fit 2": EQUAL}
        told = {
            **environment(trial.version)["data"],
            "parts": {"training targets": EQUAL, **second},
        }
        done = replace(training(1.0 + trial.seed), environment={"data": told})
        return diverged(done) if ended else done

    made = plan(seeds=3, analysis={"minimumCompletedPercent": 10})
    assert "given after the first" not in (
        analyze_folder(store(tmp_path, made, train)).candidates[0].reason
    )
