"""Twin of statistics/spread.py."""

import math

import numpy as np
import pytest

from diptych_analysis.statistics import spread
from diptych_analysis.statistics.sample import Sample, pair


def sample(baseline: list[float], candidate: list[float]) -> Sample:
    seeds = range(len(baseline))
    return pair(
        {seed: [baseline[seed]] for seed in seeds},
        {seed: [candidate[seed]] for seed in seeds},
        seeds,
    )


def test_the_standard_deviation_is_numpys() -> None:
    values = np.random.default_rng(1).normal(3, 2, 50)
    assert spread.standard_deviation(values) == pytest.approx(np.std(values, ddof=1), rel=1e-14)


@pytest.mark.parametrize("scale", [1e-300, 1e-160, 1.0, 1e160, 1e300])
def test_no_scale_overflows_or_underflows(scale: float) -> None:
    assert spread.standard_deviation([0.0, scale, 2 * scale]) == pytest.approx(scale)


def test_equal_values_have_exactly_no_spread_and_one_value_none() -> None:
    assert spread.standard_deviation([0.1] * 7) == 0.0
    assert spread.standard_deviation([0.1]) is None
    assert spread.pooled([]) is None
    assert spread.standard_deviation([1.7e308, -1.7e308]) == math.inf


def test_same_seed_noise_pools_repeats_around_each_seeds_own_mean() -> None:
    # Seed 1 of the baseline: sd^2 = 2 (1 degree); seed 1 of the candidate: sd^2 = 1 (2 degrees).
    floor = spread.same_seed({1: [0.0, 2.0], 2: [50.0]}, {1: [100.0, 101.0, 102.0], 2: [7.0]})
    assert floor == pytest.approx(math.sqrt((2 * 1 + 1 * 2) / 3))
    assert spread.same_seed({1: [1.0]}, {1: [2.0]}) is None


def test_noise_between_seeds_pools_both_versions() -> None:
    found = spread.between_seeds(sample([0.0, 2.0], [10.0, 14.0]))
    assert found == pytest.approx(math.sqrt((2 + 8) / 2))
    assert spread.between_seeds(sample([1.0], [2.0])) is None


def test_what_pairing_gains_is_the_ratio_of_standard_errors() -> None:
    rng = np.random.default_rng(4)
    common = rng.normal(size=30)
    left, right = (common + 0.1 * rng.normal(size=30) for _ in "ab")
    apart = math.sqrt((left.var(ddof=1) + right.var(ddof=1)) / 30)
    together = (right - left).std(ddof=1) / math.sqrt(30)
    found = spread.pairing_gain(sample(left.tolist(), right.tolist()))
    assert found == pytest.approx(apart / together, rel=1e-12)
    assert found is not None
    assert found > 5


def test_pairing_against_the_order_costs_and_equal_differences_have_no_ratio() -> None:
    found = spread.pairing_gain(sample([1.0, 2.0, 3.0], [3.0, 2.0, 1.0]))
    assert found == pytest.approx(math.sqrt(0.5))
    assert spread.pairing_gain(sample([0.8, 0.7], [0.9, 0.8])) is None
    assert spread.pairing_gain(sample([1.0], [2.0])) is None
    assert spread.pairing_gain(sample([0.0, 0.0], [1.7e308, -1.7e308])) is None


def test_correlation_is_pearsons() -> None:
    rng = np.random.default_rng(2)
    left = rng.normal(size=9)
    right = left + rng.normal(size=9)
    found = spread.correlation(sample(left.tolist(), right.tolist()))
    assert found == pytest.approx(float(np.corrcoef(left, right)[0, 1]), rel=1e-12)


def test_correlation_is_unknown_for_two_seeds_and_for_a_constant() -> None:
    assert spread.correlation(sample([1.0, 2.0], [1.0, 3.0])) is None
    assert spread.correlation(sample([1.0] * 3, [1.0, 2.0, 3.0])) is None
    assert spread.correlation(sample([1e300, 2e300, 3e300], [1.0, 2.0, 3.0])) == pytest.approx(1)
    assert spread.correlation(sample([1e-300, 2e-300, 3e-300], [3.0, 2.0, 1.0])) == pytest.approx(
        -1
    )
