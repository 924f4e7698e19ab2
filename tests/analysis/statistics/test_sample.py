"""Twin of statistics/sample.py."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from diptych_analysis.statistics.sample import mean, pair

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


def test_pairs_by_seed_in_order_over_means_of_repeats() -> None:
    sample = pair({3: [1.0, 3.0], 1: [5.0], 2: [9.0]}, {1: [6.0], 3: [4.0], 4: [0.0]}, [1, 2, 3, 4])
    assert sample.seeds == (1, 3)
    assert sample.baseline.tolist() == [5.0, 2.0]
    assert sample.candidate.tolist() == [6.0, 4.0]
    assert sample.differences.tolist() == [1.0, 2.0]
    assert sample.count == 2


def test_rounding_is_of_the_largest_value_in_either_version() -> None:
    sample = pair({1: [1.0], 2: [-4.0]}, {1: [2.0], 2: [0.0]}, [1, 2])
    assert sample.rounding == 8 * 2.0**-52 * 4
    assert pair({1: [0.1]}, {1: [0.3]}, [1]).rounding > abs(0.1 + 0.2 - 0.3)


def test_no_common_seed_is_an_empty_sample() -> None:
    sample = pair({1: [1.0]}, {2: [1.0]}, [1, 2])
    assert (sample.count, sample.rounding) == (0, 0.0)
    assert sample.differences.shape == (0,)


@given(NUMBERS, st.integers(1, 20))
def test_the_mean_of_equal_values_is_that_value(value: float, count: int) -> None:
    assert mean([value] * count) == value


@given(st.lists(NUMBERS, min_size=1, max_size=20))
def test_the_mean_lies_between_the_values_and_never_overflows(values: list[float]) -> None:
    found = mean(values)
    slack = 1e-12 * max(abs(value) for value in values) + 1e-322
    assert min(values) - slack <= found <= max(values) + slack
    assert math.isfinite(found)


def test_a_value_that_is_not_finite_has_no_mean() -> None:
    assert math.isnan(mean([1.0, math.inf, -math.inf]))


def test_a_difference_beyond_float64_is_infinite_without_a_warning() -> None:
    sample = pair({1: [-1.7e308]}, {1: [1.7e308]}, [1])
    assert np.isinf(sample.differences).all()
