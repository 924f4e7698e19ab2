"""Twin of validity.py: each rule alone makes a comparison Invalid, and names the trial."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.analysis import builder
from tests.analysis.builder import A, B, Training, diverged, plan, store, training

from diptych_analysis import Summary, analyze_folder
from diptych_runner.contract import hashing
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


def requested(**parameters: object) -> Change:
    return environment(parameters={"requested": parameters, "effective": {}})


def relabelled(done: Training) -> Training:
    return replace(done, targets=done.targets + np.array([[1.0], [0], [0], [0]]))


def summary_of(root: Path, change: Change, axes: Any = None) -> Summary:  # noqa: ANN401
    def train(trial: Trial) -> Training:
        done = training(float(trial.seed) + (trial.version == B))
        return change(done) if trial.version == B else done

    return analyze_folder(store(root, plan(seeds=3, axes=axes), train))


PART = {"dtype": "<i8", "shape": [4], "sha256": OTHER}
WRONG = {"name": "tensorflow", "requested": B, "version": "2.4.1"}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (environment(framework=WRONG), f"asks for tensorflow {B} but its image has tensorflow 2.4"),
        (environment(framework={**WRONG, "name": "torch"}), "torch 2.4.1"),
        (environment(framework={**WRONG, "requested": "2.4.1"}), "was asked for 2.4.1"),
        (environment(gpus=["A100"]), "GPU models differ: none in 3 trials of 2.1.0 and A100 in 3"),
        (code(runnerSha256=OTHER), "runner's sources differ: 111111111111 in 3 trials"),
        (code(user=OTHER), "user's sources differ: none in"),
        (data(testSha256=OTHER), "test sets differ: 333333333333 in"),
        (data(trainSha256=OTHER), "training sets differ: 222222222222 in"),
        (
            data(trainSha256=OTHER, parts={"training targets of fit 2": PART}),
            "training sets differ: 222222222222 in",
        ),
        (
            data(testSha256=OTHER, parts={"test targets": PART}),
            "test sets differ in the test targets (in one of them only): 333333333333 in",
        ),
        (
            environment(shared=["initialWeights"]),
            "aspects shared under one control differ: none in",
        ),
        (
            environment(threads={"intraOp": 4, "interOp": 4}),
            "number of threads is 1 and trials ran on 4",
        ),
        (requested(steps=3), "plan has steps 2 and trials were asked for 3"),
        (relabelled, "labels in predictions.npz differ: "),
        (shape, "shapes of predictions differ: outputs [4, 1], targets [4, 1] in"),
    ],
)
def test_one_rule_broken_makes_it_invalid(tmp_path: Path, change: Change, why: str) -> None:
    summary = summary_of(tmp_path, change)
    (candidate,) = summary.candidates
    assert summary.verdict == candidate.verdict == "Invalid"
    assert why in candidate.reason
    assert f" of {B}" in candidate.reason
    assert "trials/" not in candidate.reason, "where they are, `problems` says"
    (metric,) = candidate.metrics
    assert metric.verdict == "Invalid"
    assert (metric.interval, metric.p_difference, metric.difference) == (None, None, None)
    assert (metric.baseline_mean, metric.candidate_mean) == (None, None)
    assert (candidate.attribution, candidate.cause, candidate.predictions) == ([], None, None)
    (problem,) = candidate.problems
    assert why in problem.text
    assert problem.trials == [FIRST_B.replace("seed-1", f"seed-{k}") for k in (1, 2, 3)]
    assert len(summary.reason.encode()) <= 300


def test_mixed_drivers_are_invalid_and_cpu_trials_have_none(tmp_path: Path) -> None:
    def gpu(driver: str) -> Change:
        return environment(gpus=["V100"], driver=driver)

    def train(trial: Trial) -> Training:
        return gpu("535" if trial.version == A else "550")(training(trial.seed))

    summary = analyze_folder(store(tmp_path, plan(seeds=2), train))
    assert summary.verdict == "Invalid"
    assert "GPU drivers differ: 535 in 2 trials" in summary.reason


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


def test_a_data_set_may_change_with_the_setting(tmp_path: Path) -> None:
    cells = [builder.cell(setting=k, seeds=2) for k in (0, 1)]

    def train(trial: Trial) -> Training:
        return data(trainSha256=str(trial.setting) * 64)(training(trial.seed))

    made = plan(seeds=2, cells=cells, axes={"settings": [{}, {"trainExamples": 64}]})
    assert analyze_folder(store(tmp_path, made, train)).verdict == "Identical"


def test_the_trials_that_stand_out_are_named(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        odd = (trial.version, trial.seed) == (A, 4)
        return environment(gpus=["A100" if odd else "V100"])(training(trial.seed))

    (candidate,) = analyze_folder(store(tmp_path, plan(seeds=40), train)).candidates
    (problem,) = candidate.problems
    place = f"trials/{A}/Native/setting-0/seed-4/repeat-0"
    assert (problem.rule, problem.trials) == ("GpuModel", [place])
    assert problem.text == (
        f"GPU models differ: V100 in 79 trials of 2.1.0 and 2.4.0 and A100 in seed 4 of {A}"
    )


def test_of_many_trials_some_are_named_and_the_others_counted(tmp_path: Path) -> None:
    made = plan(seeds=60, axes={"accelerator": "Required", "gpus": 1})
    (candidate,) = analyze_folder(store(tmp_path, made, lambda t: training(t.seed))).candidates
    (problem,) = candidate.problems
    assert (problem.rule, len(problem.trials), problem.trials_left_out) == ("Accelerator", 50, 70)


def test_a_gpu_that_holds_nothing_was_not_used(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        timing = {"peakDeviceBytes": 0 if trial.version == B else 512, "peakDeviceReason": None}
        return replace(environment(gpus=["V100"])(training(trial.seed)), timing=timing)

    made = plan(seeds=2, axes={"accelerator": "Required", "gpus": 1})
    summary = analyze_folder(store(tmp_path, made, train))
    assert summary.verdict == "Invalid"
    assert f"2 trials of {B} saw a GPU and put nothing on it, though one is" in summary.reason


@pytest.mark.parametrize(
    ("models", "told"),
    [
        ((["a", "a"], ["a", "a"]), None),
        ((["a", "b"], ["a", "b"]), "The trials ran on 2 CPU models (a, b), on which equal code"),
        ((["a", "a"], ["b", "b"]), "2.1.0 ran on a and 2.4.0 on b: the difference may be the"),
    ],
)
def test_other_processors_are_told(
    tmp_path: Path, models: tuple[list[str], list[str]], told: str | None
) -> None:
    def train(trial: Trial) -> Training:
        model = models[trial.version == B][trial.seed - 1]
        return environment(cpu={"model": model, "flags": []})(training(trial.seed))

    summary = analyze_folder(store(tmp_path, plan(seeds=2), train))
    assert summary.verdict == "Identical"
    reason = summary.candidates[0].reason
    assert told in reason if told else "CPU" not in reason


def test_too_few_trials_offer_no_numbers_and_no_cause(tmp_path: Path) -> None:
    folder = store(tmp_path, plan(seeds=5), lambda t: training(t.seed + (t.version == B)))
    for seed in (1, 2):
        shutil.rmtree(folder / FIRST_B.replace("seed-1", f"seed-{seed}"))
    summary = analyze_folder(folder)
    (candidate,) = summary.candidates
    assert summary.verdict == "Invalid"
    assert not candidate.problems  # the trials that are there could be compared
    assert (candidate.attribution, candidate.cause, candidate.probe) == ([], None, None)
    assert candidate.predictions is None
    assert (summary.ladder, summary.fresh) == (None, None)
    assert candidate.metrics[0].baseline_mean is None


def test_a_trial_that_ends_before_it_comes_to_its_data_is_not_of_other_data(tmp_path: Path) -> None:
    """Own code tells of its training set when it fits, and of its test set when it predicts."""
    nothing = hashing.sha256_of_json({})

    def train(trial: Trial) -> Training:
        done = training(float(trial.seed))
        if trial.version == A:
            return done
        early = data(testSha256=nothing, **({"trainSha256": nothing} if trial.seed == 1 else {}))
        return diverged(replace(early(done), outputs=np.empty(0)))

    summary = analyze_folder(store(tmp_path, plan(seeds=7), train))
    assert summary.candidates[0].problems == []
    assert summary.verdict == "Different"
    assert "diverge" in summary.reason


def test_parameters_and_threads_may_be_the_plans_in_other_words(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        asked = {"steps": 2, "learningRate": 0.001, "momentum": None}
        threads = 1 if trial.control == "SharedNumerics" else 2
        same = environment(
            threads={"intraOp": threads, "interOp": threads},
            parameters={"requested": asked, "effective": {}},
        )
        return same(training(float(trial.seed)))

    workload = {**plan().axes["workload"], "parameters": {"steps": 2, "learningRate": "0.001"}}
    cells = [builder.cell(control, seeds=2) for control in ("Native", "SharedNumerics")]
    made = plan(seeds=2, cells=cells, axes={"threads": 2, "workload": workload})
    assert analyze_folder(store(tmp_path, made, train)).verdict == "Identical"


def test_labels_may_change_with_the_seed(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        done = training(float(trial.seed))
        return replace(done, targets=done.targets + trial.seed)

    assert analyze_folder(store(tmp_path, plan(seeds=3), train)).verdict == "Identical"


@pytest.mark.parametrize(("other", "verdict"), [("0.9", "Identical"), ("0.5", "Invalid")])
def test_what_the_plan_does_not_know_of_must_be_equal(
    tmp_path: Path, other: str, verdict: str
) -> None:
    def train(trial: Trial) -> Training:
        momentum = other if trial.version == B else "0.9"
        told = {} if trial.seed == 2 else {"momentum": momentum}
        return requested(**told)(training(float(trial.seed)))

    summary = analyze_folder(store(tmp_path, plan(seeds=2), train))
    assert summary.verdict == verdict
    assert ("parameters asked for differ: momentum" in summary.reason) == (verdict == "Invalid")


def test_trials_under_one_control_have_as_many_threads(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        threads = 1 if trial.version == A else 2
        there = environment(threads={"intraOp": threads, "interOp": threads})
        return there(training(float(trial.seed)))

    made = plan(
        cells=[builder.cell("SharedNumerics", seeds=2)],
        seeds=2,
        axes={"threads": 2},
        analysis={"control": "SharedNumerics"},
    )
    summary = analyze_folder(store(tmp_path, made, train))
    assert "threads under one control differ: 1, 1 in 2 trials" in summary.reason
