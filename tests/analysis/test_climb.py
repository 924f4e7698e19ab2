"""Twin of climb.py: the ladder that is missing, valid as it stands, with its cost."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from tests.analysis.builder import A, B, Training, begun, cell, plan, store, training
from tests.analysis.test_resource import planned

from diptych_analysis import Summary, analyze_folder
from diptych_analysis.climb import ladder_of
from diptych_analysis.summary import Fresh
from diptych_analysis.why import Why
from diptych_runner.contract.trials import Trial


def analyzed(root: Path, controls: tuple[str, ...], seeds: int = 12, *, away: str) -> Summary:
    """Return the summary when B differs from A under the control `away` and those before it."""
    order = ("Native", "SharedInit", "SharedOrder", "SharedNumerics")

    def train(trial: Trial) -> Training:
        far = trial.version == B and order.index(trial.control) <= order.index(away)
        rng = np.random.default_rng([trial.seed, 7])
        done = training(10 + trial.seed + far * rng.normal(), 1 + far)
        return replace(begun(done, away=far), timing={"wallSeconds": 360.0})

    cells = [cell(control, seeds=seeds) for control in controls]
    return analyze_folder(store(root, plan(seeds=seeds, cells=cells), train))


def test_controls_that_were_not_run_come_as_a_resource(tmp_path: Path) -> None:
    ladder = analyzed(tmp_path, ("Native",), away="SharedNumerics").ladder
    assert ladder is not None
    assert ladder.controls == ["SharedInit", "SharedOrder", "SharedNumerics"]
    assert (ladder.seeds, ladder.versions) == (10, [A, B])
    made = planned(ladder.resource)
    assert (made.name, made.trial_count, made.seeds) == ("demo-why", 80, list(range(1, 11)))
    assert ladder.trials == 80
    assert ladder.trial_hours == 8.0


def test_a_climbed_ladder_asks_for_nothing_more(tmp_path: Path) -> None:
    summary = analyzed(tmp_path, ("Native", "SharedInit"), away="Native")
    assert summary.ladder is None


def test_what_is_left_asks_for_the_controls_above(tmp_path: Path) -> None:
    ladder = analyzed(tmp_path, ("Native", "SharedInit"), away="SharedOrder").ladder
    assert ladder is not None
    assert ladder.controls == ["SharedInit", "SharedOrder", "SharedNumerics"]


def test_a_ladder_and_a_fresh_comparison_share_no_unused_seed(tmp_path: Path) -> None:
    fresh = Fresh(
        first=13,
        count=20,
        versions=[A, B],
        replicates=[B],
        trials=40,
        trial_hours=None,
        resource="",
    )
    summary = analyzed(tmp_path, ("Native",), away="SharedNumerics")
    why = Why("", ("SharedInit",), 15)
    made = plan(seeds=12, cells=[cell("Native", seeds=12)])
    asked = ladder_of(made, summary.candidates, [why], fresh)
    assert asked is not None
    assert planned(asked.resource).seeds == list(range(33, 48))
    few = ladder_of(made, summary.candidates, [replace(why, seeds=12)], fresh)
    assert few is not None
    assert planned(few.resource).seeds == list(range(1, 13))


def test_without_unused_seeds_more_of_them_are_no_ladder(tmp_path: Path) -> None:
    summary = analyzed(tmp_path, ("Native", "SharedInit"), away="Native")
    seeds = list(range(2**32 - 12, 2**32))
    cells = [cell(control, seeds=12) for control in ("Native", "SharedInit")]
    made = plan(seeds=12, cells=cells, axes={"seeds": seeds})
    assert ladder_of(made, summary.candidates, [Why("", ("SharedInit",), 20)]) is None
    more = ladder_of(made, summary.candidates, [Why("", ("SharedOrder",), 20)])
    assert more is not None
    assert planned(more.resource).seeds == seeds


def test_too_few_seeds_ask_for_more_of_them(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        far = trial.version == B and trial.control == "Native"
        return begun(training(9.0 + 7 * far, 1 + 0.5 * (trial.version == B)), away=far)

    cells = [cell(control, seeds=2) for control in ("Native", "SharedInit")]
    ladder = analyze_folder(store(tmp_path, plan(seeds=2, cells=cells), train)).ladder
    assert ladder is not None
    assert (ladder.controls, ladder.seeds) == (["SharedInit"], 6)
    # Old seeds with new ones would be looked at twice, and the resource asks for a verdict too.
    assert planned(ladder.resource).seeds == [3, 4, 5, 6, 7, 8]


def test_equal_versions_need_no_ladder(tmp_path: Path) -> None:
    summary = analyze_folder(store(tmp_path, plan(seeds=2), lambda t: training(t.seed)))
    assert summary.ladder is None


def test_repeats_are_priced_at_every_rung(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        rng = np.random.default_rng([trial.seed, trial.repeat, trial.version == B])
        return begun(training(10 + 5 * rng.normal() ** 2, rng.random()), away=trial.version == B)

    cells = [cell(seeds=8), cell(repeat=1, seeds=4), cell(repeat=2, seeds=4)]
    made = plan(seeds=8, cells=cells)
    summary = analyze_folder(store(tmp_path, made, train))
    ladder = ladder_of(made, summary.candidates, [Why("", ("SharedInit", "SharedOrder"), 8)])
    assert ladder is not None
    assert ladder.trials == planned(ladder.resource).trial_count == 96
