"""Twin of report/curves.py."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diptych_analysis.report import curves
from diptych_analysis.report.curves import Point, apart, band, extremes, grid_of, thin


def steps(count: int) -> curves.Numbers:
    return np.arange(1.0, count + 1)


@given(st.integers(1, 100_000), st.integers(2, 16))
def test_buckets_cover_every_step_once_and_are_few(count: int, versions: int) -> None:
    edges = grid_of(count, versions).edges
    assert (edges[0], edges[-1]) == (0, count)
    assert all(a < b for a, b in pairwise(edges))
    assert len(edges) - 1 <= (curves.MOST_POINTS if versions < 6 else curves.FEWER_POINTS)


def test_a_short_curve_is_not_thinned() -> None:
    grid = grid_of(3, 2)
    (a, b, c) = band([thin(grid, steps(3), np.array([3.0, 1.0, 2.0]))]).points
    assert (a, b, c) == (Point(1, 3, 3, 3), Point(2, 1, 1, 1), Point(3, 2, 2, 2))
    assert grid.widest == 1


def test_thinning_keeps_every_extreme() -> None:
    values = np.ones(10_000)
    values[[137, 8_001]] = (-50.0, 99.0)
    found = band([thin(grid_of(10_000, 2), steps(10_000), values)])
    assert len(found.points) == curves.MOST_POINTS
    assert extremes([found]) == (-50.0, 99.0)
    assert {point.middle for point in found.points} == {1.0}


def test_values_that_are_not_finite_are_left_out() -> None:
    grid = grid_of(3, 2)
    lost = thin(grid, steps(3), np.array([np.nan, np.inf, -np.inf]))
    kept = thin(grid, steps(3), np.array([1.0, np.nan, 5.0]))
    found = band([lost, kept])
    assert [point.step for point in found.points] == [1, 3]
    assert found.seeds == 1
    assert band([lost]).points == ()
    assert extremes([band([lost])]) is None


def test_the_line_is_the_median_over_seeds_and_the_band_their_range() -> None:
    grid = grid_of(1, 2)
    found = band([thin(grid, steps(1), np.array([value])) for value in (1.0, 2.0, 9.0)])
    assert found.points == (Point(1, 2, 1, 9),)


def test_distance_is_over_the_steps_that_both_have() -> None:
    left = (steps(4), np.array([1.0, np.inf, 2.0, 3.0]))
    right = (steps(3), np.array([1.5, np.inf, np.nan]))
    at, distance = apart(left, right)
    assert at.tolist() == [1, 2, 3]
    assert distance[:2].tolist() == [0.5, 0.0]
    assert np.isnan(distance[2])


@pytest.mark.parametrize("count", [1, 5, 240, 241, 5000])
def test_sparse_curves_keep_their_own_steps(count: int) -> None:
    found = band([thin(grid_of(count, 2), np.array([float(count)]), np.array([7.0]))])
    assert found.points == (Point(count, 7, 7, 7),)
