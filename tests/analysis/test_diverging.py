"""Twin of diverging.py and reasons.py: a seed that diverges is a result, not a gap."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.analysis.builder import A, B, Training, cell, diverged, metric, plan, store, training

from diptych_analysis import Summary, analyze_folder
from diptych_analysis.diverging import Diverging
from diptych_runner.contract.trials import Trial


def compared(
    root: Path,
    lost: dict[str, set[int]],
    *,
    seeds: int = 10,
    shift: float = 0.0,
    percent: int = 90,
    margins: tuple[str | None, str | None] = ("0.5", None),
    **axes: Any,  # noqa: ANN401
) -> Summary:
    """Return a comparison in which the seeds of `lost` diverge, all else equal but noise."""

    def train(trial: Trial) -> Training:
        rng = np.random.default_rng([trial.seed, trial.version == B])
        done = training(1 + trial.seed / 100 + shift * (trial.version == B) + 1e-4 * rng.random())
        if trial.seed not in lost.get(trial.version, set()) or trial.setting:
            return done
        return diverged(replace(done, losses=(2.0, float("nan"))))

    metrics = [metric(margin=margins[0], relativeMargin=margins[1])]
    analysis = {"metrics": metrics, "minimumCompletedPercent": percent}
    return analyze_folder(store(root, plan(seeds=seeds, analysis=analysis, **axes), train))


def some(count: int) -> set[int]:
    return set(range(1, count + 1))


@pytest.mark.parametrize("percent", [50, 90, 100])
@pytest.mark.parametrize("lost", [1, 5])
def test_survivors_alone_are_never_equivalent(tmp_path: Path, lost: int, percent: int) -> None:
    summary = compared(tmp_path, {B: some(lost)}, percent=percent)
    assert summary.verdict == "Inconclusive"
    assert f"{lost} of 10 seeds diverge in {B} and 0 in {A}" in summary.reason
    (candidate,) = summary.candidates
    assert "at least 6 seeds that diverge in one version only, all in the same" in candidate.reason
    assert f"over the {10 - lost} of 10 seeds that succeeded in both versions" in candidate.reason
    (row,) = candidate.metrics
    assert (row.verdict, row.seeds, row.seeds_needed) == ("Inconclusive", 10 - lost, None)
    assert row.difference == pytest.approx(0.0, abs=1e-4)


def test_a_repeat_that_diverges_leaves_its_seed_a_number(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        rng = np.random.default_rng([trial.seed, trial.repeat, trial.version == B])
        done = training(1 + trial.seed / 100 + 1e-4 * rng.random())
        lost = trial.version == B and (trial.seed, trial.repeat) == (1, 1)
        return diverged(replace(done, losses=(2.0, float("nan")))) if lost else done

    made = plan(seeds=8, cells=[cell(seeds=8), cell(repeat=1, seeds=2)])
    reason = analyze_folder(store(tmp_path, made, train)).candidates[0].reason
    assert f"1 of 8 seeds diverge in {B}" in reason
    assert "over all 8 seeds, of one that diverges over its repeats that succeeded" in reason


def test_enough_discordant_seeds_are_different(tmp_path: Path) -> None:
    summary = compared(tmp_path, {B: some(7), A: {10}})
    assert summary.verdict == "Inconclusive"  # 7 against 1: p 0.07
    # Holm's family has two members then, the metric and divergence: 2 x 0.031.
    summary = compared(tmp_path / "6", {B: some(6)})
    assert summary.verdict == "Inconclusive"
    assert "p 0.0312), but over all tests of this comparison p is 0.0625" in summary.reason
    summary = compared(tmp_path / "7", {B: some(7)})
    assert summary.verdict == "Different"
    assert summary.reason.startswith(
        f"Different: 7 of 10 seeds diverge in {B} and 0 in {A} (exact McNemar test, p 0.0156)."
    )
    assert "did not succeed" not in summary.candidates[0].reason  # said already
    assert summary.candidates[0].metrics[0].verdict == "Inconclusive"


def test_a_baseline_that_diverges_differs_as_well(tmp_path: Path) -> None:
    assert compared(tmp_path, {A: some(7)}).verdict == "Different"


def test_all_diverged_in_the_candidate_is_different_and_not_invalid(tmp_path: Path) -> None:
    summary = compared(tmp_path, {B: some(10)})
    assert summary.verdict == "Different"
    assert f"10 of 10 seeds diverge in {B} and 0 in {A}" in summary.reason
    (row,) = summary.candidates[0].metrics
    assert (row.verdict, row.seeds, row.difference) == ("Inconclusive", 0, None)
    assert "No seed succeeded in both versions" in summary.candidates[0].reason
    few = compared(tmp_path / "few", {B: some(3)}, seeds=3)
    assert few.verdict == "Inconclusive"


@pytest.mark.parametrize(
    ("seeds", "succeed", "verdict"),
    [(6, 0, "Different"), (7, 1, "Different"), (8, 2, "Inconclusive")],
)
def test_a_metric_of_which_no_test_is_left_does_not_weaken_that_of_divergence(
    tmp_path: Path, seeds: int, succeed: int, verdict: str
) -> None:
    summary = compared(tmp_path, {B: some(seeds - succeed)}, seeds=seeds, percent=0)
    (outcome,) = summary.candidates[0].outcomes
    adjusted = 0.03125 if verdict == "Different" else 0.0625
    assert (outcome.p_difference, outcome.p_adjusted) == (0.03125, adjusted)
    assert summary.verdict == verdict


def test_a_relative_margin_is_none_where_no_seed_succeeds_in_both_versions(tmp_path: Path) -> None:
    summary = compared(tmp_path, {B: some(10)}, margins=(None, "5%"))
    assert summary.verdict == "Different"
    assert "no pair of trials gives a mean" in summary.candidates[0].reason
    few = compared(tmp_path / "few", {A: some(2), B: some(2)}, seeds=2, margins=(None, "5%"))
    assert few.verdict in {"Inconclusive", "Invalid"}


def test_a_workload_without_randomness_that_diverges_is_different_from_two_seeds(
    tmp_path: Path,
) -> None:
    def train(trial: Trial) -> Training:
        lost = trial.version == B
        return diverged(training(1, losses=(2.0, float("inf")))) if lost else training(1)

    for seeds, verdict in ((1, "Inconclusive"), (2, "Different")):
        summary = analyze_folder(store(tmp_path / str(seeds), plan(seeds=seeds), train))
        assert summary.verdict == verdict, summary.reason
    assert "computed the same bits" in summary.reason


def test_the_same_seeds_may_diverge_in_both(tmp_path: Path) -> None:
    summary = compared(tmp_path, {A: {3, 4}, B: {3, 4}})
    assert summary.verdict == "Equivalent"
    reason = summary.candidates[0].reason
    assert "2 of 10 seeds diverge in both versions" in reason
    assert "over the 8 of 10 seeds" in reason


def test_a_metric_that_differs_among_survivors_stays_different(tmp_path: Path) -> None:
    summary = compared(tmp_path, {B: {1}}, shift=0.7)
    assert summary.verdict == "Different"
    assert summary.reason.startswith(f"Different: test_loss of {B} is 0.7 above {A}")
    assert f"1 of 10 seeds diverge in {B}" in summary.candidates[0].reason


def test_a_difference_inside_the_margin_is_not_called_different_for_it(tmp_path: Path) -> None:
    summary = compared(tmp_path, {B: {1}}, shift=0.2)
    assert summary.verdict == "Inconclusive"


def test_another_setting_does_not_decide_but_is_named(tmp_path: Path) -> None:
    cells = [cell(setting=k, seeds=8) for k in (0, 1)]

    def train(trial: Trial) -> Training:
        done = training(1 + trial.seed / 100)
        lost = trial.setting == 1 and trial.version == B
        return diverged(replace(done, losses=(2.0, float("nan")))) if lost else done

    made = plan(seeds=8, cells=cells, axes={"settings": [{}, {"steps": 3}]})
    summary = analyze_folder(store(tmp_path, made, train))
    assert summary.verdict == "Identical"
    assert "Not deciding, but different: divergence (setting 1)." in summary.candidates[0].reason


def test_nothing_is_paid_for_a_test_of_divergence_where_nothing_diverges(tmp_path: Path) -> None:
    # p of the metric between alpha / 2 and alpha: Different only if Holm's family has one member.
    values = {1: 0.05, 2: 0.6, 3: 0.2, 4: 0.9, 5: 0.5}

    def train(trial: Trial) -> Training:
        return training(1 + trial.seed + (values[trial.seed] if trial.version == B else 0.0))

    summary = analyze_folder(store(tmp_path, plan(seeds=5), train))
    p = summary.candidates[0].metrics[0].p_difference
    assert p is not None
    assert 0.025 < p < 0.05
    assert summary.verdict == "Different"


def failing(root: Path, lost: dict[str, set[int]], percent: int = 10) -> Summary:
    """Return a comparison of 12 seeds in which those of `lost` fail, all else equal but noise."""

    def train(trial: Trial) -> Training:
        rng = np.random.default_rng([trial.seed, trial.version == B])
        done = training(1 + trial.seed / 100 + 1e-4 * rng.random())
        failed = trial.seed in lost.get(trial.version, set())
        return replace(done, outcome="Failed") if failed else done

    analysis = {"metrics": [metric(margin="0.5")], "minimumCompletedPercent": percent}
    return analyze_folder(store(root, plan(seeds=12, analysis=analysis), train))


def test_failure_is_tested_as_a_rate(tmp_path: Path) -> None:
    summary = failing(tmp_path, {B: some(7)})
    assert summary.verdict == "Different"
    assert summary.reason.startswith(
        f"Different: 7 of 12 seeds fail in {B} and 0 in {A} (exact McNemar test, p 0.0156)."
    )
    (outcome,) = summary.candidates[0].outcomes
    assert (outcome.outcome, outcome.seeds, outcome.baseline, outcome.candidate) == (
        *("Failed", 12, 0, 7),
    )
    assert (outcome.p_difference, outcome.p_adjusted) == (0.015625, 0.03125)


def test_a_few_failures_may_be_the_machines_and_are_told(tmp_path: Path) -> None:
    summary = failing(tmp_path, {B: some(2), A: {12}})
    assert summary.verdict == "Equivalent"
    assert f"2 of 12 seeds fail in {B} and 1 in {A}" in summary.candidates[0].reason
    assert summary.candidates[0].outcomes[0].p_adjusted is None  # it could reject nothing
    assert failing(tmp_path / "none", {}).candidates[0].outcomes == []


def test_a_seed_that_diverges_beside_a_failure_is_not_dropped(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        rng = np.random.default_rng([trial.seed, trial.version == B])
        done = training(1 + trial.seed / 100 + 1e-4 * rng.random())
        if trial.seed > 2:
            return done
        if trial.version == A:
            return replace(done, outcome="Failed")
        return diverged(replace(done, losses=(2.0, float("nan"))))

    analysis = {"metrics": [metric(margin="0.5")], "minimumCompletedPercent": 90}
    summary = analyze_folder(store(tmp_path, plan(seeds=20, analysis=analysis), train))
    assert summary.verdict == "Inconclusive"
    reason = summary.candidates[0].reason
    assert "but not all seeds that diverge are known to be the same" in reason
    assert "A trial diverged whose partner in the other version failed or is missing." in reason
    assert f"{B}: 2 diverged, 0 failed, 0 missing or refused" in reason
    assert summary.candidates[0].metrics[0].seeds_needed is None


def test_too_many_failures_are_invalid_and_not_a_rate(tmp_path: Path) -> None:
    summary = failing(tmp_path, {B: some(7)}, percent=90)
    assert summary.verdict == "Invalid"
    assert f"5 of 12 of {B} (first: " in summary.candidates[0].reason


def test_an_unpaired_seed_differs_and_proves_nothing() -> None:
    found = Diverging(0, 10, frozenset({1}), frozenset({1}), exact=True, unpaired=True)
    assert (found.differ, found.sets_differ, found.discordant) == (True, False, 0)
    assert found.p_difference == 1.0
    assert not found.can_show(0.05)


def test_discordant_seeds_are_counted_by_side() -> None:
    found = Diverging(0, 10, frozenset({1, 2}), frozenset({2, 3, 4}), exact=False)
    assert (found.differ, found.discordant) == (True, 3)
    assert found.p_difference == 1.0
    assert not found.can_show(0.05)
    assert Diverging(0, 10, frozenset(), frozenset(range(6)), exact=False).can_show(0.05)
    assert Diverging(0, 2, frozenset(), frozenset({1, 2}), exact=True).p_difference == 0.0
