"""Twin of envelope.py: noise is not called a departure, a departure is."""

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.signal import lfilter
from tests.analysis.builder import B, Training, cell, plan, store, training

from diptych_analysis import analyze_folder
from diptych_analysis.envelope import apart, growth_of, left_at, outside_needed
from diptych_analysis.summary import Trajectory
from diptych_runner.contract.trials import Trial

STEPS = 60


def noise(*key: int) -> Any:  # noqa: ANN401 - an array
    return np.random.default_rng(key).normal(scale=0.01, size=STEPS)


def path_of(root: Path, losses: Any, *, repeats: int = 1, seeds: int = 8) -> Trajectory:  # noqa: ANN401
    """Return the trajectory when `losses(trial)` are the training losses."""

    def train(trial: Trial) -> Training:
        done, found = training(1.0), tuple(float(loss) for loss in losses(trial))
        last = {0: done.checkpoints[0], len(found): done.checkpoints[2]}
        return replace(done, losses=found, checkpoints=last)

    cells = [cell(seeds=seeds), *(cell(repeat=k, seeds=seeds) for k in range(1, repeats))]
    (found,) = analyze_folder(store(root, plan(seeds=seeds, cells=cells), train)).candidates
    assert found.trajectory is not None
    return found.trajectory


def base(trial: Trial) -> Any:  # noqa: ANN401 - an array
    return 2 - np.arange(STEPS) / STEPS + 0.1 * np.sin(trial.seed)


def test_a_version_that_leaves_its_repeats_is_told_from_another_seed(tmp_path: Path) -> None:
    def losses(trial: Trial) -> Any:  # noqa: ANN401 - an array
        away = 0.05 * (np.arange(STEPS) >= 20) * (trial.version == B)
        return base(trial) + 0.1 * noise(trial.seed, trial.repeat, trial.version == B) + away

    same, between = path_of(tmp_path, losses, repeats=2).envelopes
    assert (same.kind, between.kind) == ("SameSeed", "BetweenSeeds")
    assert (same.pairs, same.needed, same.left_at) == (8, 4, 21)
    assert (between.pairs, between.left_at) == (8, None)
    assert not same.bit_identical


def test_repeats_of_equal_bits_leave_no_room_for_noise(tmp_path: Path) -> None:
    def losses(trial: Trial) -> Any:  # noqa: ANN401 - an array
        return base(trial) + 1e-7 * (np.arange(STEPS) >= 7) * (trial.version == B)

    same, _ = path_of(tmp_path, losses, repeats=2, seeds=2).envelopes
    assert same.bit_identical
    assert (same.needed, same.left_at) == (2, 8)


def test_equal_versions_stay_inside(tmp_path: Path) -> None:
    same, between = path_of(tmp_path, base, repeats=2).envelopes
    assert (same.left_at, between.left_at) == (None, None)
    assert path_of(tmp_path / "2", base).growth is None


@pytest.mark.parametrize("memory", [0.0, 0.9, 1.0])
def test_exchangeable_versions_are_rarely_said_to_leave(memory: float) -> None:
    left = 0
    for case in range(200):
        runs = [[_remembering(memory, case, k, seed) for seed in range(8)] for k in range(4)]
        repeats = [apart(runs[0][k], runs[2][k]) for k in range(8)]
        repeats += [apart(runs[1][k], runs[3][k]) for k in range(8)]
        distances = [apart(runs[0][k], runs[1][k]) for k in range(8)]
        needed = outside_needed(8, 16, 0.05)
        assert needed is not None
        left += left_at(distances, np.max(repeats, axis=0), needed) is not None
    # Losses that follow the step before, up to random walks: at most 5 % and three standard
    # errors more.
    assert left / 200 <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / 200)


def _remembering(memory: float, *key: int) -> Any:  # noqa: ANN401 - an array
    """Return an AR(1) series; memory 1 makes it a random walk."""
    return lfilter([1.0], [1.0, -memory], noise(*key))


@pytest.mark.parametrize(
    ("seeds", "pairs", "needed"), [(10, 6, 6), (10, 1, None), (3, 2, None), (5, 4, 4), (8, 16, 4)]
)
def test_how_many_seeds_it_takes(seeds: int, pairs: int, needed: int | None) -> None:
    assert outside_needed(seeds, pairs, 0.05) == needed
    if needed is not None:
        assert math.comb(seeds, needed) / math.comb(seeds + pairs, needed) < 0.05


def test_a_moment_outside_is_no_departure() -> None:
    largest, distance = np.ones(500), np.zeros(500)
    distance[100:104] = 2.0
    assert left_at([distance], largest, 1) is None
    distance[100:400] = 2.0
    assert left_at([distance], largest, 1) is None
    distance[498:] = 2.0
    assert left_at([distance], largest, 1) == 499
    distance[:] = 2.0
    assert left_at([distance], largest, 1) == 1
    # Of a training that ended early there is no distance at the end.
    assert left_at([distance[:400]], largest, 1) is None
    assert left_at([distance], np.full(500, np.nan), 1) is None
    # Without noise it needs none: whatever differed when it ended, differed.
    assert left_at([distance[:400]], largest, 1, is_exact=True) == 1
    assert left_at([distance[:0]], largest, 1, is_exact=True) is None


def test_seeds_that_stop_at_other_steps_leave_where_repeats_are_exact(tmp_path: Path) -> None:
    def losses(trial: Trial) -> Any:  # noqa: ANN401 - an array
        return base(trial)[: 4 + trial.seed] + 0.3 * (trial.version == B)

    same, _ = path_of(tmp_path, losses, repeats=2).envelopes
    assert (same.bit_identical, same.left_at) == (True, 1)


def test_growth_by_hand() -> None:
    distance = 1e-7 * 2.0 ** (np.arange(200) / 10)
    distance[:30], distance[150:] = 0.0, distance[150]
    found = growth_of([distance, distance])
    assert found is not None
    assert found.first_step == 31
    assert found.doubling_steps == pytest.approx(10)
    assert (found.largest, found.last) == (distance[150], distance[150])
    assert found.last_step == 141
    at_once = growth_of([np.full(50, 0.5)])
    assert at_once is not None
    assert (at_once.first_step, at_once.last_step, at_once.doubling_steps) == (1, 1, None)
    # A fit that does not double within its own steps is no doubling time.
    bumpy = growth_of([np.array([0.1, *[0.1] * 12, 0.1, 0.21, 0.3])])
    assert bumpy is not None
    assert bumpy.doubling_steps is None
    assert growth_of([np.zeros(5)]) is None
    assert growth_of([]) is None


def test_losses_that_are_not_finite_are_no_distance(tmp_path: Path) -> None:
    found = apart(np.array([1.0, np.inf, np.nan, 4.0]), np.array([2.0, np.inf, 3.0]))
    assert found[0] == 1.0
    assert np.isnan(found[1:]).all()
    assert len(found) == 3


@pytest.mark.parametrize("steps", [500, 600, 5000, 100_000])
def test_the_first_step_apart_is_no_buckets_end(steps: int) -> None:
    at_once = growth_of([np.full(steps, 0.5)] * 5)
    assert at_once is not None
    assert at_once.first_step == 1
    late = np.where(np.arange(steps) < 400, 0.0, 0.5)
    found = growth_of([late, late, np.zeros(steps)])
    assert found is not None
    assert found.first_step == 401
