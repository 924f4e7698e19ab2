"""Planted causes, found on the right rung: attribution, ladder, why, means, wording, aspects."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.analysis.builder import (
    A,
    B,
    Training,
    begun,
    cell,
    commit,
    metric,
    plan,
    store,
    training,
)

from diptych_analysis import analyze_folder
from diptych_analysis.aspects import controls_to_add
from diptych_analysis.attribution import explained, same_seed_floor
from diptych_analysis.summary import Attribution, Candidate
from diptych_runner.contract import hashing, names
from diptych_runner.contract.trials import Trial, path_of

MODULE: dict[str, Any] = {
    "workload": {
        "builtin": "adam-linear-regression",
        "module": None,
        "parameters": {"steps": 2, "epsilon": None},
        "data": None,
    }
}
LADDER = ("Native", "SharedInit", "SharedOrder")


def climbed(
    root: Path, distance: Callable[[Trial], float], controls: tuple[str, ...] = LADDER
) -> Candidate:
    """Return the candidate when B differs from A by `distance` for each trial, 8 seeds.

    Under Native it also starts from other weights.
    """

    def train(trial: Trial) -> Training:
        shift = distance(trial) if trial.version == B else 0.0
        done = training(10 + trial.seed + shift, 1 + shift)
        return begun(done, away=bool(shift) and trial.control == "Native")

    cells = [cell(control, seeds=8) for control in controls]
    return analyze_folder(store(root, plan(seeds=8, cells=cells), train)).candidates[0]


def stream(trial: Trial) -> float:
    """Return a per-seed distance of mean 0: another random stream."""
    return float(np.random.default_rng(trial.seed).normal())


@pytest.mark.parametrize(
    ("at", "name"), [(1, "start from the same weights"), (2, "see the batches in the same order")]
)
def test_a_planted_cause_is_found_on_its_rung(tmp_path: Path, at: int, name: str) -> None:
    found = climbed(tmp_path, lambda t: stream(t) if LADDER.index(t.control) < at else 0.0)
    assert found.attribution[0].explains is None
    assert [row.control for row in found.attribution] == list(LADDER)
    assert [row.explains for row in found.attribution[1:at]] == [0.0] * (at - 1)
    assert [row.explains for row in found.attribution[at:]] == [1.0] * (3 - at)
    # Equal bits are no estimate; above them the share that is gone may be any that noise allows.
    assert [row.explains_interval for row in found.attribution[at:]] == [(1.0, 1.0)] * (3 - at)
    for row in found.attribution[1:at]:
        assert row.explains_interval is not None
        assert row.explains_interval[0] == 0.0 < row.explains_interval[1] < 1.0
    assert found.cause is not None
    assert "100 % of the squared distance is gone once both versions " in found.cause
    assert f"{name} ({LADDER[at]}): " in found.cause
    assert "not arithmetic" in found.cause
    assert "Nothing else differs then: every bit is equal." in found.cause


def test_a_cause_that_no_rung_holds_equal_is_not_pinned_on_one(tmp_path: Path) -> None:
    found = climbed(
        tmp_path, lambda t: float(np.random.default_rng([t.seed, len(t.control)]).normal())
    )
    assert found.cause is not None
    assert "no control that was run takes that away beyond chance" in found.cause


def test_without_a_ladder_the_controls_to_add_are_named(tmp_path: Path) -> None:
    found = climbed(tmp_path, stream, ("Native",))
    assert found.attribution == []
    assert found.cause is not None
    assert "add attribution.controls: [SharedInit, SharedOrder, SharedNumerics]." in found.cause


def test_only_controls_that_change_something_are_proposed() -> None:
    workload: dict[str, object] = {"module": None, "parameters": {"beta1": None}, "data": None}

    def proposed(builtin: str | None, cells: list[Any], control: str = "Native") -> list[str]:
        made = plan(
            cells=cells,
            axes={"workload": {**workload, "builtin": builtin}},
            analysis={"control": control},
        )
        return controls_to_add(made)

    native = [cell()]
    last = ["SharedParameters", "SharedNumerics"]
    assert proposed("adam-quadratic", native) == last
    regression = "adam-linear-regression"
    assert proposed(regression, native) == ["SharedInit", "SharedOrder", *last]
    assert proposed(regression, [*native, cell("SharedInit")]) == ["SharedOrder", *last]
    assert proposed(regression, [cell("SharedInit")], "SharedInit") == ["SharedOrder", *last]
    assert proposed(None, native) == list(names.CONTROLS[1:])


def test_a_control_without_any_success_has_no_numbers_and_spoils_nothing(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        shift = stream(trial) if (trial.version, trial.control) == (B, "Native") else 0.0
        done = training(10 + trial.seed + shift)
        lost = trial.control == "SharedInit"
        return Training(**{**vars(done), "outcome": "Failed"}) if lost else done

    cells = [cell(control, seeds=8) for control in LADDER]
    (found,) = analyze_folder(store(tmp_path, plan(seeds=8, cells=cells), train)).candidates
    empty = Attribution(
        control="SharedInit",
        metric="test_loss",
        seeds=0,
        per_seed_rms=None,
        same_seed_floor=None,
        difference=None,
        interval=None,
        explains=None,
        evidence="RuledOut",  # the builder's trials all start from the same weights
    )
    assert found.attribution[1] == empty
    assert found.attribution[2].explains == 1.0


def test_rows_are_over_the_seeds_that_all_controls_have(tmp_path: Path) -> None:
    cells = [cell(seeds=8), cell("SharedInit", seeds=2)]

    def train(trial: Trial) -> Training:
        far = trial.version == B and trial.control == "Native"
        return training(10.0 + far * (1 if trial.seed <= 2 else 100))

    (found,) = analyze_folder(store(tmp_path, plan(seeds=8, cells=cells), train)).candidates
    assert found.attribution[0].per_seed_rms == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((1.0, None, 2.0, None), 0.75),
        ((2.0, 1.0, 2.0, 1.0), 0.0),
        ((1.0, 1.0, 2.0, 1.0), 1.0),  # down to its own floor: all that could be explained
        ((1.0, None, 2.0, 1.0), 1 - 1 / 3),  # an unknown floor only makes the share smaller
        ((3.0, 0.0, 2.0, 0.0), 0.0),
        ((0.0, 0.0, 2.0, 0.0), 1.0),
        ((1.0, 0.0, 2.0, 2.0), None),
        ((1.0, 0.0, 0.0, 0.0), None),
        ((None, 0.0, 2.0, 0.0), None),
        ((1.0, 0.0, None, None), None),
        ((1e-200, 1e-201, 2e-200, 0.0), 1 - 0.99 / 4),
        ((1e200, 0.0, 2e200, 0.0), 0.75),
    ],
)
def test_the_share_that_a_control_explains(
    numbers: tuple[float | None, ...], expected: float | None
) -> None:
    found = explained(*numbers)
    assert found == (None if expected is None else pytest.approx(expected))


def test_the_floor_is_what_repeats_give_to_a_difference_of_means() -> None:
    # sd over repeats sqrt(2); seed 1 averages 2 and 1 trials, seed 2 one and one.
    floor = same_seed_floor({1: [0.0, 2.0], 2: [1.0]}, {1: [5.0], 2: [5.0]}, [1, 2])
    assert floor == pytest.approx(np.sqrt(2) * np.sqrt((1.5 + 2) / 2))
    assert same_seed_floor({1: [0.0]}, {1: [0.0]}, [1]) is None
    assert same_seed_floor({1: [0.0, 1.0]}, {1: [0.0]}, []) is None
    # A version of which nothing succeeded has no seeds, though the other one has repeats.
    assert same_seed_floor({1: [0.0, 1.0]}, {}, [1]) is None


@pytest.mark.parametrize("identical", [True, False])
def test_two_seeds_name_a_cause_only_with_the_same_bits(tmp_path: Path, identical: bool) -> None:  # noqa: FBT001
    def train(trial: Trial) -> Training:
        away = trial.version == B and trial.control == "Native"
        drift = trial.version == B and not identical
        return begun(training(9.0 + 7 * away, 1.0 + 0.5 * drift), away=away)

    cells = [cell(control, seeds=2) for control in ("Native", "SharedInit")]
    (found,) = analyze_folder(store(tmp_path, plan(seeds=2, cells=cells), train)).candidates
    assert found.attribution[1].per_seed_rms == 0.0
    unproved = "2 seeds are too few to rule out chance; about 6 would tell"
    told = "start from the same weights (SharedInit)" if identical else unproved
    assert told in str(found.cause)


def test_a_rung_that_adds_two_aspects_names_both_and_the_control_between(tmp_path: Path) -> None:
    found = climbed(
        tmp_path, lambda t: stream(t) * (t.control == "Native"), ("Native", "SharedOrder")
    )
    told = "start from the same weights and see the batches in the same order (SharedOrder)"
    assert told in str(found.cause)
    told = " Which of the 2 it is cannot be told: add SharedInit to attribution.controls."
    assert told in str(found.cause)


def test_a_control_weaker_than_the_verdicts_is_not_blamed(tmp_path: Path) -> None:
    made = plan(
        seeds=8,
        cells=[cell("SharedOrder", seeds=8), cell("SharedInit", seeds=8)],
        analysis={"control": "SharedOrder"},
    )

    def train(trial: Trial) -> Training:
        away = trial.version == B and trial.control == "SharedOrder"
        return training(10 + trial.seed + away * stream(trial), 1 + away)

    (found,) = analyze_folder(store(tmp_path, made, train)).candidates
    assert "is gone once" not in str(found.cause)


def test_at_the_top_rung_what_is_left_is_code_defaults_or_arithmetic(tmp_path: Path) -> None:
    top = "SharedNumerics"
    made = plan(seeds=8, cells=[cell(top, seeds=8)], analysis={"control": top})

    def train(trial: Trial) -> Training:
        return training(10 + trial.seed + (trial.version == B) * stream(trial))

    (found,) = analyze_folder(store(tmp_path, made, train)).candidates
    assert (
        "SharedNumerics holds equal all that a control can: what is left is code or a default that "
        "is no parameter of this workload, or the versions' arithmetic that no switch aligns."
    ) in str(found.cause)


def test_the_earliest_seed_is_told_by_summary_and_cause_alike(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        losses = {1: (2.0, 1.5), 2: (2.5, 1.0)}[trial.seed] if trial.version == B else (2.0, 1.0)
        return training(1 + trial.seed, losses=losses)

    (found,) = analyze_folder(store(tmp_path, plan(seeds=2), train)).candidates
    assert found.trajectory is not None
    assert found.trajectory.first_divergence is not None
    assert found.trajectory.first_divergence.step == 1
    assert "The versions part at step 1, in the training loss" in str(found.cause)
    assert "(the earliest of 2 of 2 seeds that differ; median at step 1.5)" in str(found.cause)


def test_at_the_noise_floor_there_is_nothing_to_attribute(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        away = 4 if (trial.repeat == 1) == (trial.version == A) else 0
        return training(9.0 + away, float(away))

    cells = [cell(seeds=6), cell(repeat=1, seeds=6), cell("SharedInit", seeds=6)]
    (found,) = analyze_folder(store(tmp_path, plan(seeds=6, cells=cells), train)).candidates
    first, second = found.attribution
    assert first.per_seed_rms == pytest.approx(0.0, abs=1e-12)
    assert first.same_seed_floor == pytest.approx(np.sqrt(8))
    assert (second.same_seed_floor, second.explains) == (None, None)
    assert "there is nothing to attribute" in str(found.cause)


def test_a_cause_in_two_parts_is_told_with_both(tmp_path: Path) -> None:
    share = {"Native": 1.0, "SharedInit": 0.3, "SharedOrder": 0.0}
    found = climbed(tmp_path, lambda t: share[t.control] * stream(t))
    once = "once both versions start from the same weights and see the batches in the same order"
    assert f"{once} (SharedOrder): changed random streams or another init" in str(found.cause)
    assert re.search(
        r"up to each control: SharedInit 91 % \(95 % interval \d+ to 9\d %\), SharedOrder 100 %\.",
        str(found.cause),
    )
    assert "cannot be told" not in str(found.cause)


def test_a_mean_difference_that_stays_is_not_put_down_to_a_stream(tmp_path: Path) -> None:
    def distance(trial: Trial) -> float:
        noise = np.random.default_rng([trial.seed, 7]).normal()
        away = 1.0 if trial.control == "SharedOrder" else 0.0
        return 0.2 + 0.01 * noise + (1 - away) * 5 * stream(trial)

    cause = str(climbed(tmp_path, distance).cause)
    told = r"\(SharedOrder\): a changed random stream; a mean difference of 0\.\d+ \(95 % interval "
    assert re.search(told + r"0\.\d+ to 0\.\d+\) shows under SharedOrder: something", cause)
    assert "not arithmetic" not in cause


def test_an_uncertain_share_has_its_interval_and_what_is_left(tmp_path: Path) -> None:
    share = {"Native": 1.0, "SharedInit": 0.1}
    found = climbed(tmp_path, lambda t: share[t.control] * stream(t), ("Native", "SharedInit"))
    ends = found.attribution[1].explains_interval
    assert ends is not None
    assert 0.8 < ends[0] < 0.99 < ends[1] < 1
    told = f"99 % of the squared distance (95 % interval {100 * ends[0]:.0f} to 100 %) is gone once"
    assert told in str(found.cause)
    assert "is left. Not run: SharedOrder, " in str(found.cause)


def means(root: Path, shift: float, margin: str | None) -> str:
    def train(trial: Trial) -> Training:
        away = trial.version == B
        return begun(training(10 + trial.seed + away * (shift + 0.1 * stream(trial))), away=away)

    made = plan(seeds=8, analysis={"metrics": [metric(margin=margin)]})
    return str(analyze_folder(store(root, made, train)).candidates[0].cause)


def test_what_the_means_say_stands_beside_the_distance(tmp_path: Path) -> None:
    assert re.search(
        r"apart, on average \d\.\d+ higher\. To learn", means(tmp_path / "1", 5.0, None)
    )
    assert "apart, on average they agree within 1." in means(tmp_path / "2", 0.0, "1")
    # What does not show is not called the same.
    told = means(tmp_path / "3", 0.0, None)
    assert "apart, while a difference of their means is not shown." in told


def test_a_difference_withheld_by_the_correction_is_no_contradiction(tmp_path: Path) -> None:
    # Three seeds of six versions: each interval by itself leaves out 0, together they show nothing.
    versions = tuple(f"2.{minor}.0" for minor in range(6))

    def train(trial: Trial) -> Training:
        away = trial.version != versions[0]
        done = training(10 + trial.seed + away * (1 + 0.29 * (trial.seed - 2)))  # t is 6
        return begun(done, away=away)

    summary = analyze_folder(store(tmp_path, plan(seeds=3, versions=versions), train))
    assert summary.verdict == "Inconclusive"
    for found in summary.candidates:
        (row,) = found.metrics
        assert row.interval is not None
        assert row.interval[0] > 0
        assert "By itself the interval of test_loss leaves out 0; of as many tests" in found.reason
        assert "on average 1 higher, though not shown beyond chance. To learn" in str(found.cause)


def test_a_default_that_changed_is_named(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        away = trial.version == B and trial.control != "SharedParameters"
        epsilon = 1e-7 if away else 1e-8
        effective = {"epsilon": epsilon, "beta1": 0.9}
        return replace(
            training(10 + trial.seed + away * stream(trial), 1 + away),
            environment={"parameters": {"requested": {}, "effective": effective}},
        )

    cells = [cell("SharedOrder", seeds=8), cell("SharedParameters", seeds=8)]
    judged: dict[str, Any] = {"analysis": {"control": "SharedOrder"}, "axes": MODULE}
    made = plan(seeds=8, cells=cells, **judged)
    (found,) = analyze_folder(store(tmp_path / "1", made, train)).candidates
    told = "are given every parameter (SharedParameters): a changed default (epsilon 1e-08 → 1e-07)"
    assert told in str(found.cause)
    alone = plan(seeds=8, cells=cells[:1], **judged)
    (found,) = analyze_folder(store(tmp_path / "2", alone, train)).candidates
    assert "Parameters that are left to the versions differ: epsilon 1e-08 → 1e-07." in str(
        found.cause
    )


def test_a_parameter_that_stays_another_is_named_beside_what_is_not_proved(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        away = trial.version == B
        effective = {"clipnorm": 1.0 if away else None}
        native = trial.control == "Native"
        return replace(
            begun(training(10 + away * (7 if native else 0.5), 1 + away), away=away and native),
            environment={"parameters": {"requested": {}, "effective": effective}},
        )

    cells = [cell(control, seeds=2) for control in ("Native", "SharedInit")]
    (found,) = analyze_folder(store(tmp_path, plan(seeds=2, cells=cells), train)).candidates
    assert "2 seeds are too few to rule out chance" in str(found.cause)
    told = "Parameters differ under SharedInit too: clipnorm none → 1.0."
    assert told in str(found.cause)
    # Nor is it left out where that control can tell nothing.
    alike = store(
        tmp_path / "alike", plan(seeds=2, cells=cells), lambda t: begun(train(t), away=False)
    )
    cause = str(analyze_folder(alike).candidates[0].cause)
    assert "So SharedInit can tell nothing." in cause
    assert told in cause


def test_a_part_that_is_not_proved_is_not_left_out(tmp_path: Path) -> None:
    share = {"Native": 1.0, "SharedInit": 0.8, "SharedOrder": 0.0}
    found = climbed(tmp_path, lambda t: share[t.control] * stream(t))
    once = "start from the same weights and see the batches in the same order (SharedOrder)"
    assert once in str(found.cause)


def test_equal_initial_weights_are_no_cause(tmp_path: Path) -> None:
    share = {"Native": 1.0, "SharedInit": 0.8, "SharedOrder": 0.0}

    def train(trial: Trial) -> Training:
        shift = share[trial.control] * stream(trial) if trial.version == B else 0.0
        return training(10 + trial.seed + shift, 1 + shift)

    cells = [cell(control, seeds=8) for control in share]
    (found,) = analyze_folder(store(tmp_path, plan(seeds=8, cells=cells), train)).candidates
    # The builder's trials all start from the same weights.
    assert "once both versions see the batches in the same order (SharedOrder)" in str(found.cause)


def test_what_is_not_proved_has_the_interval_of_its_own_level_and_the_seeds_that_would_tell(
    tmp_path: Path,
) -> None:
    share = {"Native": 1.0, "SharedInit": 0.495, "SharedOrder": 0.495}
    found = climbed(tmp_path, lambda t: share[t.control] * stream(t))
    cause = str(found.cause)
    wanted = re.search(r"8 seeds are too few to rule out chance; about (\d+) would tell\.", cause)
    assert wanted is not None, cause
    assert 8 < int(wanted[1]) < 200
    for row in found.attribution[1:]:
        assert row.explains_interval is not None
        low, high = (f"{100 * end:.0f}" for end in row.explains_interval)
        assert (
            f"{row.control} {100 * (row.explains or 0):.1f} % (95 % interval {low} to {high} %)"
            in cause
        )


@pytest.mark.parametrize(
    ("controls", "draw"),
    [(("Native", "SharedInit"), 6), (("Native", "SharedInit"), 7), (LADDER, 0), (LADDER, 2)],
)
def test_what_is_said_and_the_interval_that_is_printed_agree(
    tmp_path: Path, controls: tuple[str, ...], draw: int
) -> None:
    def distance(trial: Trial) -> float:
        size = 1.0 if trial.control == "Native" else 0.42
        own = np.random.default_rng([trial.seed, draw, controls.index(trial.control)])
        return size * float(own.normal())

    found = climbed(tmp_path, distance, controls)
    for row in found.attribution[1:]:
        assert row.explains_interval is not None
        assert (row.evidence == "Proved") == (row.explains_interval[0] > 0)
        assert f"{row.control} not proved" not in str(found.cause)


def fed(folder: Path, trial: Trial, text: bytes, steps: int | None = None) -> None:
    """Let a committed trial have recorded what each of its steps was fed, or of `steps` alone."""
    place = folder / path_of(trial)
    manifest = json.loads((place / "attempts/a1/manifest.json").read_bytes())
    line = json.dumps({"batch": text.decode(), "masks": None, "augmentation": None})
    text = (line + "\n").encode() * (manifest["stepsCompleted"] if steps is None else steps)
    (place / "attempts/a1" / names.INPUTS_FILE).write_bytes(text)
    manifest["files"][names.INPUTS_FILE] = {
        "sha256": hashing.sha256_of_bytes(text),
        "bytes": len(text),
    }
    commit(place, manifest)


@pytest.mark.parametrize("same_batches", [True, False])
def test_what_is_equal_without_a_control_is_no_cause_however_small_its_distance(
    tmp_path: Path,
    same_batches: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    # Equal weights before training; the coarse metric is 0 apart under both controls, by chance.
    def train(trial: Trial) -> Training:
        away = trial.version == B
        return training(9.0 + 7 * away * (trial.control == "Native"), 1 + 0.5 * away)

    made = plan(seeds=7, cells=[cell(control, seeds=7) for control in LADDER])
    folder = store(tmp_path, made, train)
    for trial in made.trials():
        fed(folder, trial, b"same" if same_batches else trial.version.encode())
    summary = analyze_folder(folder)
    (found,) = summary.candidates
    evidence = [row.evidence for row in found.attribution]
    cause = str(found.cause)
    if same_batches:
        assert evidence == [None, "RuledOut", "RuledOut"]
        assert (
            "The initial weights and the batches of every step are equal in every pair of trials "
            "and no cause. So SharedInit, SharedOrder can tell nothing. To learn which change "
            "caused it, add attribution.controls: [SharedNumerics]."
        ) in cause
        assert "is gone once" not in cause
        assert summary.ladder is not None
        assert (summary.ladder.controls, summary.ladder.seeds) == (["SharedNumerics"], 7)
    else:
        assert evidence == [None, "RuledOut", "Proved"]
        assert "once both versions see the batches in the same order (SharedOrder)" in cause
        assert "The initial weights are equal in every pair of trials and no cause." in cause


@pytest.mark.parametrize("left", [0.0, 0.2])
def test_what_a_control_adds_to_the_one_before_it_may_be_ruled_out(
    tmp_path: Path, left: float
) -> None:
    # Batches are equal anyhow, weights are not: SharedOrder holds more equal than Native, and
    # nothing more than SharedInit that was not equal.
    share = {"Native": 1.0, "SharedInit": 0.95, "SharedOrder": left}

    def train(trial: Trial) -> Training:
        shift = share[trial.control] * stream(trial) if trial.version == B else 0.0
        away = trial.version == B and trial.control == "Native"
        return begun(training(10 + trial.seed + shift, 1.5 + shift), away=away)

    made = plan(seeds=8, cells=[cell(control, seeds=8) for control in LADDER])
    folder = store(tmp_path, made, train)
    for trial in made.trials():
        fed(folder, trial, b"same")
    (found,) = analyze_folder(folder).candidates
    assert [row.evidence for row in found.attribution] == [None, "NotProved", "RuledOut"]
    assert "is gone once" not in str(found.cause)
    assert "The batches of every step are equal in every pair of trials" in str(found.cause)


def test_a_mean_that_few_seeds_of_a_ladder_do_not_show_is_not_called_gone(tmp_path: Path) -> None:
    # The shift is there under both controls; only the stream goes away.
    def train(trial: Trial) -> Training:
        if trial.version == A:
            return training(10 + trial.seed)
        noise = np.random.default_rng([trial.seed, 14]).normal(size=2)
        shift = 0.25 + (noise[0] if trial.control == "Native" else 0.25 * noise[1])
        return training(10 + trial.seed + shift, 1 + shift)

    def cause(root: Path, ladder: int) -> str:
        cells = [cell(seeds=100), cell("SharedOrder", seeds=ladder)]
        (found,) = analyze_folder(store(root, plan(seeds=100, cells=cells), train)).candidates
        assert found.verdict == "Different", found.reason
        return str(found.cause)

    told = cause(tmp_path / "8", 8)
    assert "is gone once both versions see the batches in the same order" in told
    assert re.search(r"whether the mean difference of 0\.\d+ goes with it is not shown: ", told)
    assert "with it (to" not in told
    assert "not arithmetic" not in told
    assert "is still there under SharedOrder: something else" in cause(tmp_path / "100", 100)


def test_a_mean_that_the_ladders_own_seeds_do_not_have_is_not_called_gone(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        if trial.version == A:
            return training(100 + trial.seed)
        sign = 1 if trial.seed % 2 else -1
        far = (8 * sign if trial.seed <= 6 else 30 + sign) if trial.control == "Native" else sign
        return begun(training(100 + trial.seed + far, 1 + far), away=trial.control == "Native")

    cells = [cell(seeds=20), cell("SharedInit", seeds=6)]
    (found,) = analyze_folder(store(tmp_path, plan(seeds=20, cells=cells), train)).candidates
    assert found.verdict == "Different"
    assert "whether the mean difference of 21 goes with it is not shown" in str(found.cause)
    assert "with it (to" not in str(found.cause)
    assert "not arithmetic" not in str(found.cause)


def test_a_mean_of_which_some_stays_is_not_called_gone_as_well(tmp_path: Path) -> None:
    def distance(trial: Trial) -> float:
        noise = 0.4 * float(np.random.default_rng([trial.seed, 5]).normal())
        return (10.0 if trial.control == "Native" else 2.0) + noise

    told = str(climbed(tmp_path, distance, ("Native", "SharedInit")).cause)
    assert re.search(
        r"; of the mean difference of 10\.\d over these seeds 2\.\d+ \(95 % interval [12]\.\d+ to "
        r"2\.\d+\) is left under SharedInit: something else causes that",
        told,
    )
    assert "with it (to" not in told
    assert "still there" not in told


def test_a_distance_of_0_that_may_be_chance_is_no_share(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        far = trial.version == B and trial.control == "Native"
        done = training(9.0 + 7 * far, 1 + 0.5 * (trial.version == B))
        return begun(done, away=far)

    cells = [cell(control, seeds=4) for control in LADDER]
    (found,) = analyze_folder(store(tmp_path, plan(seeds=4, cells=cells), train)).candidates
    assert [row.evidence for row in found.attribution] == [None, "NotProved", "NotProved"]
    told = "Taken away in all, up to each control: SharedInit not proved, SharedOrder not proved."
    assert told in str(found.cause)


def test_a_ladder_of_fewer_seeds_than_the_verdict_says_so(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        shift = stream(trial) if (trial.version, trial.control) == (B, "Native") else 0.0
        return training(10 + trial.seed + shift, 1 + shift)

    cells = [cell(seeds=8), cell("SharedOrder", seeds=6)]
    (found,) = analyze_folder(store(tmp_path, plan(seeds=8, cells=cells), train)).candidates
    assert [row.seeds for row in found.attribution] == [6, 6]
    assert re.match(
        r"Seed by seed, over the 6 of 8 seeds that every control has, the values of test_loss lie "
        r"\d\.\d+ apart; over all 8, a difference of their means is not shown; 100 % of the ",
        str(found.cause),
    )


def test_a_difference_that_equal_draws_take_away_is_told_with_its_mean(tmp_path: Path) -> None:
    # All seeds shifted: Different, and nothing left of it with equal batches.
    found = climbed(tmp_path, lambda t: (3 + stream(t)) * (t.control != "SharedOrder"))
    assert found.verdict == "Different"
    first, told = found.attribution[0], str(found.cause)
    assert first.difference is not None
    assert (
        f"and the mean difference of {first.difference:.3g} over these seeds with it (to 0), once"
        in told
    )
    # At such a p chance is no explanation to rely on: another law is the other one.
    (metric_told,) = found.metrics
    assert metric_told.p_adjusted is not None
    assert (
        "either the versions draw by different laws or test_loss is "
        f"Different by chance alone, of which p is {metric_told.p_adjusted:.3g}: fresh seeds"
        in told
    )


def test_a_metric_that_is_equal_by_a_tie_has_no_cause_yet(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        return training(9.0, 1 + (trial.version == B))

    one = analyze_folder(store(tmp_path / "1", plan(seeds=1), train)).candidates[0]
    assert (
        "Under Native test_loss is equal in both versions for the one seed there is, which may be "
        "a tie: it takes more to say anything of a cause."
    ) in str(one.cause)
    many = analyze_folder(store(tmp_path / "5", plan(seeds=5), train)).candidates[0]
    assert "is equal in both versions for every seed: there is nothing to attribute" in str(
        many.cause
    )


def test_a_tie_of_the_ladders_seeds_is_not_said_of_the_verdicts(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        away = trial.version == B and trial.seed > 3
        return training(9.0 + 7 * away, 1 + (trial.version == B))

    cells = [cell(seeds=20), cell("SharedOrder", seeds=3)]
    (found,) = analyze_folder(store(tmp_path, plan(seeds=20, cells=cells), train)).candidates
    assert found.verdict == "Different"
    cause = str(found.cause)
    assert cause.startswith(
        "Under Native test_loss is equal in both versions for each of the 3 of 20 seeds that every "
        "control has: there is nothing to attribute in these, whatever the others show."
    )
    assert "every seed:" not in cause


def test_what_is_not_worse_is_not_said_to_agree(tmp_path: Path) -> None:
    # Far better than the margin: not worse, and far apart.
    def train(trial: Trial) -> Training:
        away = trial.version == B
        return begun(training(100 + trial.seed - away * (50 + stream(trial))), away=away)

    made = plan(seeds=8, analysis={"metrics": [metric(margin="1", test="NonInferiority")]})
    (found,) = analyze_folder(store(tmp_path, made, train)).candidates
    assert found.verdict == "Equivalent"
    assert "apart, on average it is not worse by 1" in str(found.cause)
    assert "agree" not in str(found.cause)


@pytest.mark.parametrize("same_batches", [True, False])
def test_equal_batches_leave_the_forward_pass_alone(
    tmp_path: Path,
    same_batches: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    made = plan(seeds=3)

    def train(trial: Trial) -> Training:
        away = trial.version == B
        return training(9.0 + away, losses=(2.0 + away, 1.0, 1.0))

    folder = store(tmp_path, made, train)
    for trial in made.trials():
        fed(folder, trial, b"same" if same_batches else trial.version.encode())
    where = "weights and batches: the forward pass" if same_batches else "weights: the batch or"
    assert f"from equal {where}" in str(analyze_folder(folder).candidates[0].cause)


def test_a_control_without_a_result_says_nothing_of_what_it_holds_equal(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        shift = stream(trial) if trial.version == B else 0.0
        done = begun(training(10 + trial.seed + shift, 1 + shift), away=bool(shift))
        return replace(done, outcome=names.FAILED) if trial.control == "SharedNumerics" else done

    cells = [cell(control, seeds=8) for control in ("Native", "SharedInit", "SharedNumerics")]
    summary = analyze_folder(store(tmp_path, plan(seeds=8, cells=cells), train))
    cause = str(summary.candidates[0].cause)
    assert "no control that was run and has results takes that away beyond chance" in cause
    assert "Under SharedNumerics no seed succeeded in both versions. Not run: SharedOrder." in cause
    assert "holds equal all that a control can" not in cause
    assert "unknown" not in cause
    assert summary.ladder is not None
    assert summary.ladder.controls == ["SharedInit", "SharedOrder", "SharedNumerics"]


def test_a_control_that_mostly_failed_takes_no_seeds_from_the_others(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        away = stream(trial) * (1.0 if trial.control == "Native" else 1e-3)
        shift = away if trial.version == B else 0.0
        done = training(10 + trial.seed + shift, 1 + shift)
        done = begun(done, away=bool(shift) and trial.control == "Native")
        broken = trial.control == "SharedOrder" and trial.seed > 1
        return replace(done, outcome=names.FAILED) if broken else done

    cells = [cell(control, seeds=12) for control in LADDER]
    made = plan(seeds=12, cells=cells, analysis={"minimumCompletedPercent": 50})
    (found,) = analyze_folder(store(tmp_path, made, train)).candidates
    cause = str(found.cause)
    assert "over 99.9 % of the squared distance" in cause
    assert "(SharedInit)" in cause
    assert "Under SharedOrder only 1 seed succeeded in both versions, too few to compare." in cause
    assert [row.seeds for row in found.attribution] == [12, 12, 0]
    assert [row.evidence for row in found.attribution] == [None, "Proved", None]


def test_a_mean_that_differs_is_explained_though_repeats_are_noisy(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        rng = np.random.default_rng([trial.seed, trial.repeat, trial.version == B, 3])
        away = trial.version == B and trial.control == "Native"
        value = 10 + 2.0 * away + float(rng.normal())
        return begun(training(value, value), away=away)

    cells = [cell(seeds=80), cell(repeat=1, seeds=3), cell("SharedInit", seeds=80)]
    (found,) = analyze_folder(store(tmp_path, plan(seeds=80, cells=cells), train)).candidates
    assert found.verdict == "Different"
    cause = str(found.cause)
    assert "there is nothing to attribute" not in cause
    assert "of the squared distance above what repeats give" in cause
    assert re.search(r"and the mean difference of [12]\.\d+ over these seeds with it", cause)
    # Without repeats of its own its noise counts as distance, so that no lower end is known.
    assert [(r.evidence, r.explains_interval) for r in found.attribution[1:]] == [("Proved", None)]


def test_a_distance_like_that_of_repeats_is_told_as_open_and_not_as_nothing(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        rng = np.random.default_rng([trial.seed, trial.repeat, trial.version == B, 4])
        value = 10 + float(rng.normal())
        return training(value, value)

    cells = [cell(seeds=8), cell(repeat=1, seeds=4), cell("SharedInit", seeds=8)]
    (found,) = analyze_folder(store(tmp_path, plan(seeds=8, cells=cells), train)).candidates
    assert re.search(
        r"is not shown to be above what repeats give, beyond chance \(same-seed floor \d\.\d+, of "
        r"8 degrees of freedom\): no control can be tested by it",
        str(found.cause),
    )


def test_a_mean_of_three_ties_is_not_said_to_be_there(tmp_path: Path) -> None:
    def distance(trial: Trial) -> float:
        return 0.125 if trial.control == "SharedInit" else 40.0 * (1 + trial.seed % 3)

    def train(trial: Trial) -> Training:
        shift = distance(trial) if trial.version == B else 0.0
        done = training(100 + trial.seed + shift, 1 + shift)
        return begun(done, away=bool(shift) and trial.control == "Native")

    def told(seeds: int) -> str:
        cells = [cell("Native", seeds=seeds), cell("SharedInit", seeds=seeds)]
        folder = store(tmp_path / str(seeds), plan(seeds=seeds, cells=cells), train)
        return str(analyze_folder(folder).candidates[0].cause)

    assert "something else causes that" not in told(3)
    assert "0.125 (the same in each seed) is left under SharedInit: something else" in told(9)


def test_a_stream_that_leaves_the_first_step_alone_is_told_as_that_or_chance(
    tmp_path: Path,
) -> None:
    def told(first: float, left: float) -> str:
        def train(trial: Trial) -> Training:
            away = {"Native": 1.0, "SharedInit": 1.0, "SharedOrder": left}[trial.control]
            shift = away * stream(trial) if trial.version == B else 0.0
            losses = (2.0 + first * shift, 1.0 + shift)
            return training(10 + trial.seed + shift, 1 + shift, losses=losses)

        cells = [cell(control, seeds=10) for control in LADDER]
        folder = store(tmp_path / f"{first}-{left}", plan(seeds=10, cells=cells), train)
        return str(analyze_folder(folder).candidates[0].cause)

    at_once = told(1.0, 0.01)
    assert "(SharedOrder): a changed random stream, not arithmetic" in at_once
    late = told(0.0, 0.01)
    without = "that has no part in the first step, whose losses are equal bit by bit without it"
    assert f"(SharedOrder): a changed random stream {without}, or chance." in late
    assert "not arithmetic" not in late
    assert f"a changed random stream {without}, not arithmetic" in told(0.0, 0.0)
