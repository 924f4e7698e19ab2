"""Twin of report/plots/scales.py."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diptych_analysis.report.plots.scales import (
    fitting,
    linear,
    linear_ticks,
    log_ticks,
    logarithmic,
)

FINITE = st.floats(-1e300, 1e300)


@given(st.lists(FINITE, min_size=1, max_size=5), st.integers(2, 12))
def test_every_value_and_tick_lies_inside_and_ticks_are_few(values: list[float], most: int) -> None:
    scale = linear(values, 10, 110)
    assert all(10 <= scale(value) <= 110 for value in values)
    ticks = scale.ticks(most)
    assert len(ticks) <= most + 2
    assert all(9.9 <= scale(tick) <= 110.1 for tick in ticks)


@given(st.lists(st.floats(1e-300, 1e300), min_size=1, max_size=5))
def test_log_scales_keep_order_and_range(values: list[float]) -> None:
    scale = logarithmic(values, 0, 100)
    places = [scale(value) for value in sorted(values)]
    assert places == sorted(places)
    assert all(-1e-6 <= place <= 100 + 1e-6 for place in places)
    assert scale.ticks(5)


def test_zero_has_a_place_of_its_own_on_a_log_scale() -> None:
    scale = logarithmic([0.0, 1e-6, 1.0], 200, 0)
    assert scale.zero == 200
    assert scale(0.0) == 200
    assert scale(1e-6) < 180
    assert logarithmic([0.0, 0.0], 0, 100)(0.0) == 0


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]), (-7, 7, [-6, -4, -2, 0, 2, 4, 6]), (0.1, 0.3, 5)],
)
def test_linear_ticks_are_round(low: float, high: float, expected: object) -> None:
    ticks = linear_ticks(low, high, 7 if low < 0 else 5)
    assert ticks == expected if isinstance(expected, list) else len(ticks) == expected
    assert all(len(repr(tick)) <= 6 for tick in ticks)


def test_log_ticks_between_two_powers_are_1_2_and_5() -> None:
    assert log_ticks(1.5, 8, 5) == [2, 5]
    assert log_ticks(1e-9, 1, 4) == [1e-9, 1e-6, 1e-3, 1]


def test_values_far_apart_get_a_log_scale() -> None:
    assert fitting([0.01, 1], 0, 1).log
    assert not fitting([0.5, 1], 0, 1).log
    assert not fitting([0, 1000], 0, 1).log
    assert not fitting([-1, 1000], 0, 1).log
    assert not math.isnan(fitting([3, 3], 0, 1)(3))
