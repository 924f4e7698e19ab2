"""Twin of statistics/shape.py: what is told, from how many values on, and how often wrongly."""

import numpy as np
import pytest

from diptych_analysis.statistics import shape


def test_a_skewed_law_is_told_from_8_values_on() -> None:
    values = np.array([0.1, 0.2, 0.1, 0.3, 0.2, 0.15, 0.25, 3.0])
    found = shape.skewness(values)
    assert found is not None
    assert found[0] == pytest.approx(2.25, abs=0.05)
    assert found[1] < 0.01
    assert shape.skewness(values[1:]) is None


def test_outliers_on_both_sides_are_tails_and_no_skewness() -> None:
    values = np.array([*np.linspace(-1, 1, 20), 9.0, -9.0])
    tails, skewness = shape.tails(values), shape.skewness(values)
    assert tails is not None
    assert skewness is not None
    assert tails[0] > 3
    assert tails[1] < 0.01
    assert skewness[1] > 0.2
    assert shape.tails(values[:19]) is None


def test_of_values_that_do_not_vary_or_leave_float64_nothing_is_told() -> None:
    for values in (np.ones(30), np.zeros(30), np.full(30, np.inf)):
        assert shape.skewness(values) is None
        assert shape.tails(values) is None
    far = shape.skewness(np.array([1.7e308, -1.7e308] * 10))
    assert far is not None
    assert far[0] == pytest.approx(0.0)


@pytest.mark.parametrize("seeds", [8, 20, 40])
def test_a_normal_law_is_called_skewed_in_5_percent(seeds: int) -> None:
    rng = np.random.default_rng(seeds)
    told = [shape.skewness(row) for row in rng.normal(size=(2000, seeds))]
    assert np.mean([p[1] < 0.05 for p in told if p]) == pytest.approx(0.05, abs=0.016)
