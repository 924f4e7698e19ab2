"""Twin of validity.py: each rule alone makes a comparison Invalid, and names the trial."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.analysis import builder
from tests.analysis.builder import A, B, Training, plan, store, training

from diptych_analysis import Summary, analyze_folder
from diptych_runner.contract.trials import Trial

Change = Callable[[Training], Training]
OTHER = "f" * 64
FIRST_B = f"trials/{B}/Native/setting-0/seed-1/repeat-0"


def environment(**changes: object) -> Change:
    return lambda done: replace(done, environment={**done.environment, **changes})


def data(**changes: object) -> Change:
    base: dict[str, Any] = builder.environment(B)["data"]
    return environment(data={**base, **changes})


def code(**changes: object) -> Change:
    base: dict[str, Any] = builder.environment(B)["code"]
    return environment(code={**base, **changes})


def shape(done: Training) -> Training:
    return replace(done, outputs=np.ones((4, 2)), targets=np.zeros((4, 2)))


def summary_of(root: Path, change: Change, axes: Any = None) -> Summary:  # noqa: ANN401
    def train(trial: Trial) -> Training:
        done = training(float(trial.seed) + (trial.version == B))
        return change(done) if trial.version == B else done

    return analyze_folder(store(root, plan(seeds=3, axes=axes), train))


WRONG = {"name": "tensorflow", "requested": B, "version": "2.4.1"}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (environment(framework=WRONG), f"asks for tensorflow {B} but its image has tensorflow 2.4"),
        (environment(framework={**WRONG, "name": "torch"}), "torch 2.4.1"),
        (environment(framework={**WRONG, "requested": "2.4.1"}), "was asked for 2.4.1"),
        (environment(gpus=["A100"]), "GPU models differ: none in trials/2.1.0/"),
        (code(runnerSha256=OTHER), "runner's sources differ: 111111111111 in"),
        (code(user=OTHER), "user's sources differ: none in"),
        (data(testSha256=OTHER), "test sets differ: 333333333333 in"),
        (data(trainSha256=OTHER), "training sets differ: 222222222222 in"),
        (
            environment(shared=["initialWeights"]),
            "aspects shared under one control differ: none in",
        ),
        (shape, "shapes of predictions differ: outputs [4, 1], targets [4, 1] in"),
    ],
)
def test_one_rule_broken_makes_it_invalid(tmp_path: Path, change: Change, why: str) -> None:
    summary = summary_of(tmp_path, change)
    (candidate,) = summary.candidates
    assert summary.verdict == candidate.verdict == "Invalid"
    assert why in candidate.reason
    assert FIRST_B in candidate.reason
    (metric,) = candidate.metrics
    assert metric.verdict == "Invalid"
    assert (metric.interval, metric.p_difference, metric.difference) == (None, None, None)
    assert (candidate.attribution, candidate.cause) == ([], None)
    assert len(summary.reason.encode()) <= 300


def test_mixed_drivers_are_invalid_and_cpu_trials_have_none(tmp_path: Path) -> None:
    def gpu(driver: str) -> Change:
        return environment(gpus=["V100"], driver=driver)

    def train(trial: Trial) -> Training:
        return gpu("535" if trial.version == A else "550")(training(trial.seed))

    summary = analyze_folder(store(tmp_path, plan(seeds=2), train))
    assert summary.verdict == "Invalid"
    assert "GPU drivers differ: 535 in" in summary.reason


def test_a_gpu_that_is_required_must_be_used(tmp_path: Path) -> None:
    summary = summary_of(tmp_path, lambda done: done, {"accelerator": "Required", "gpus": 1})
    assert summary.verdict == "Invalid"
    assert "6 trials of 2.1.0 and 2.4.0 ran on the CPU though a GPU is required" in summary.reason


def test_an_optional_gpu_that_was_not_used_is_said(tmp_path: Path) -> None:
    summary = summary_of(tmp_path, lambda done: done, {"accelerator": "Optional", "gpus": 1})
    assert summary.verdict != "Invalid"
    assert "No GPU was used." in summary.candidates[0].reason


def test_an_invalid_baseline_makes_every_candidate_invalid(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        done = training(trial.seed)
        return (
            environment(framework={**WRONG, "version": "9"})(done) if trial.version == A else done
        )

    summary = analyze_folder(store(tmp_path, plan(seeds=2, versions=(A, B, "2.13.1")), train))
    assert [candidate.verdict for candidate in summary.candidates] == ["Invalid", "Invalid"]


@pytest.mark.parametrize(("lost", "verdict"), [(1, "Different"), (2, "Invalid")])
def test_below_the_asked_percentage_it_is_invalid(tmp_path: Path, lost: int, verdict: str) -> None:
    def train(trial: Trial) -> Training:
        done = training(float(trial.seed) + (trial.version == B) * (5 + trial.seed / 100))
        failed = trial.version == B and trial.seed <= lost
        return replace(done, outcome="Failed") if failed else done

    summary = analyze_folder(store(tmp_path, plan(seeds=10), train))
    assert summary.verdict == verdict
    assert summary.candidates[0].metrics[0].seeds == 10 - lost
    assert len(summary.trials.failed) == lost
    assert summary.trials.failed[0].status == "Failed"
    assert f"{B}: 0 diverged, {lost} failed, 0 missing or refused" in summary.candidates[0].reason
    if verdict == "Invalid":
        assert (
            f"8 of 10 trials of {B} completed under Native, fewer than the 90 %" in summary.reason
        )


def test_a_data_set_may_change_with_the_setting(tmp_path: Path) -> None:
    cells = [builder.cell(setting=k, seeds=2) for k in (0, 1)]

    def train(trial: Trial) -> Training:
        return data(trainSha256=str(trial.setting) * 64)(training(trial.seed))

    made = plan(seeds=2, cells=cells, axes={"settings": [{}, {"trainExamples": 64}]})
    assert analyze_folder(store(tmp_path, made, train)).verdict == "Identical"
