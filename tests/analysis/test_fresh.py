"""Twin of fresh.py: what is asked again, of which seeds, at which cost."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import yaml
from tests.analysis.builder import A, B, Training, cell, diverged, metric, plan, store, training
from tests.analysis.test_resource import planned

from diptych_analysis import analyze_folder
from diptych_analysis.fresh import _size
from diptych_analysis.summary import Summary
from diptych_runner.contract import names
from diptych_runner.contract.trials import Trial

C = "2.8.0"


def analyzed(
    root: Path, margin: str, seeds: int = 5, spread: float = 0.1, shift: float = 0.0
) -> Summary:
    """Return the summary of three versions, of which the last computes what the baseline does."""

    def train(trial: Trial) -> Training:
        rng = np.random.default_rng([trial.seed, trial.repeat, trial.version == B])
        error = 1 + spread * rng.random() + shift * (trial.version == B)
        done = training(error, float(rng.random()))
        wall = {A: 1800.0, B: 3600.0, C: 7200.0}[trial.version]
        return replace(done, timing={"wallSeconds": wall})

    made = plan(
        seeds=seeds,
        versions=(A, B, C),
        cells=[
            cell(seeds=seeds),
            cell(repeat=1, seeds=2),
            cell(setting=1, seeds=seeds),
            cell("SharedInit", seeds=seeds),
        ],
        axes={"settings": [{}, {"learningRate": "0.01"}], "seeds": list(range(3, 3 + seeds))},
        analysis={"metrics": [metric(margin=margin)]},
    )
    return analyze_folder(store(root, made, train))


def test_an_open_verdict_comes_with_a_resource_of_unused_seeds(tmp_path: Path) -> None:
    summary = analyzed(tmp_path, "0.02")
    assert [candidate.verdict for candidate in summary.candidates] == ["Inconclusive", "Equivalent"]
    fresh = summary.fresh
    assert fresh is not None
    needed = summary.candidates[0].metrics[0].seeds_needed
    assert (fresh.first, fresh.count, fresh.versions) == (8, needed, [A, B])
    # Two versions, every seed once and two seeds again; no sweep, no ladder, no third version.
    assert fresh.trials == 2 * (fresh.count + 2)
    assert fresh.trial_hours == (fresh.count + 2) * 1.5
    made = planned(fresh.resource)
    assert (made.name, made.trial_count) == ("demo-fresh", fresh.trials)
    assert made.seeds == list(range(8, 8 + fresh.count))
    metrics = yaml.safe_load(str(fresh.resource))["spec"]["analysis"]["metrics"]
    assert (metrics[0]["name"], metrics[0]["margin"]) == ("test_loss", "0.02")


def test_what_is_settled_asks_for_nothing(tmp_path: Path) -> None:
    assert analyzed(tmp_path, "1").fresh is None


def test_what_no_number_of_seeds_would_settle_asks_for_nothing(tmp_path: Path) -> None:
    assert analyzed(tmp_path / "margin", "0.0000001").fresh is None


def test_what_differs_is_to_be_seen_again_on_unused_seeds(tmp_path: Path) -> None:
    summary = analyzed(tmp_path, "0.1", seeds=12, spread=0.02, shift=0.1)
    assert [candidate.verdict for candidate in summary.candidates] == ["Different", "Equivalent"]
    found = summary.fresh
    assert found is not None
    assert (found.first, found.count) == (15, 12)  # as many as here: p is far below alpha
    assert (found.versions, found.replicates) == ([A, B], [B])
    assert planned(found.resource).seeds == list(range(15, 27))


def test_one_that_takes_too_many_seeds_keeps_no_other_from_being_seen_again(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        noise = np.random.default_rng([trial.seed, trial.version == B]).normal()
        return training(10 + noise + 20 * (trial.version == C))

    made = plan(seeds=8, versions=(A, B, C), analysis={"metrics": [metric(margin="0.01")]})
    summary = analyze_folder(store(tmp_path, made, train))
    assert [candidate.verdict for candidate in summary.candidates] == ["Inconclusive", "Different"]
    assert (summary.candidates[0].metrics[0].seeds_needed or 0) > names.MOST_SEEDS
    found = summary.fresh
    assert found is not None
    assert (found.versions, found.replicates) == ([A, C], [C])


def failing(trial: Trial, above: int) -> Training:
    """Return a trial that fails in B for every seed above one."""
    done = training(1 + trial.seed / 100)
    return replace(done, outcome="Failed") if trial.version == B and trial.seed > above else done


def test_as_many_seeds_as_fail_here_are_asked_for_besides(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        rng = np.random.default_rng([trial.seed, trial.version == B])
        done = training(1 + rng.random())
        return replace(done, outcome="Failed") if (trial.version, trial.seed) == (B, 1) else done

    made = plan(seeds=10, analysis={"metrics": [metric(margin="0.2")]})
    summary = analyze_folder(store(tmp_path, made, train))
    needed = summary.candidates[0].metrics[0].seeds_needed
    assert needed is not None
    assert summary.verdict == "Inconclusive"
    assert summary.fresh is not None
    assert summary.fresh.count == math.ceil(needed * 10 / 9) > needed


def test_a_difference_in_failures_is_to_be_seen_again_too(tmp_path: Path) -> None:
    made = plan(seeds=12, analysis={"minimumCompletedPercent": 1})
    summary = analyze_folder(store(tmp_path, made, lambda trial: failing(trial, above=2)))
    assert summary.verdict == "Different"
    assert summary.fresh is not None
    assert (summary.fresh.count, summary.fresh.replicates) == (12, [B])
    # Few that fail are estimated too many: more seeds than here see it again in 80 %.
    few = analyze_folder(store(tmp_path / "few", made, lambda trial: failing(trial, above=5)))
    assert few.verdict == "Different"
    assert few.fresh is not None
    assert few.fresh.count > 12


def test_a_divergence_that_is_known_exactly_needs_no_second_comparison(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        lost = trial.version == B
        return diverged(training(1, losses=(2.0, float("inf")))) if lost else training(1)

    summary = analyze_folder(store(tmp_path, plan(seeds=3), train))
    assert (summary.verdict, summary.fresh) == ("Different", None)


def test_what_is_equivalent_already_must_be_so_among_the_fresh_seeds_too(tmp_path: Path) -> None:
    summary = analyzed(tmp_path, "0.02")
    (metric_row,) = summary.candidates[0].metrics[:1]
    settled = metric_row.model_copy(update={"verdict": "Equivalent", "seeds_needed": 90})
    rows = [metric_row.model_copy(update={"seeds_needed": 40}), settled]
    assert _size(rows) == 90
    assert _size([row.model_copy(update={"seeds_needed": None}) for row in rows]) is None
