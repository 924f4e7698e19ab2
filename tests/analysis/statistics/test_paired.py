"""Twin of statistics/paired.py: against scipy, by hand, and where t degenerates."""

import numpy as np
import pytest
from scipy import stats

from diptych_analysis.statistics import paired
from diptych_analysis.statistics.paired import Spread, spread_of

RNG = np.random.default_rng(5)
SAMPLES = [RNG.normal(shift, scale, n) for n, shift, scale in [(2, 0, 1), (5, 1, 2), (30, -3, 9)]]


def spread(
    values: np.ndarray | list[float], *, exact: bool = False, rounding: float = 0.0
) -> Spread:
    found = spread_of(np.asarray(values, dtype=np.float64), exact=exact, rounding=rounding)
    assert found is not None
    return found


@pytest.mark.parametrize("differences", SAMPLES)
def test_the_t_test_and_its_interval_are_scipys(differences: np.ndarray) -> None:
    baseline = RNG.normal(size=len(differences))
    expected = stats.ttest_rel(baseline + differences, baseline)
    found = spread(differences)
    assert paired.p_difference(found) == pytest.approx(expected.pvalue, rel=1e-9)
    bounds = expected.confidence_interval(0.95)
    assert paired.interval(found, 0.95) == pytest.approx((bounds.low, bounds.high), rel=1e-9)


@pytest.mark.parametrize("differences", SAMPLES)
@pytest.mark.parametrize("margin", [0.5, 2.0, 20.0])
def test_equivalence_is_the_worse_of_two_one_sided_t_tests(
    differences: np.ndarray, margin: float
) -> None:
    below = stats.ttest_1samp(differences, -margin, alternative="greater").pvalue
    above = stats.ttest_1samp(differences, margin, alternative="less").pvalue
    found = spread(differences)
    assert paired.p_equivalence(found, margin) == pytest.approx(max(below, above), rel=1e-9)
    one_sided = paired.p_equivalence(found, margin, paired.NOT_BELOW)
    assert one_sided == pytest.approx(below, rel=1e-9)
    assert paired.p_equivalence(found, margin, paired.NOT_ABOVE) == pytest.approx(above, rel=1e-9)
    # The p value and the 1 - 2 alpha interval are one statement.
    inside = paired.is_inside(paired.interval(found, 0.9), margin)
    assert inside == (paired.p_equivalence(found, margin) < 0.05)


def test_by_hand() -> None:
    # Differences 1, 2, 3: mean 2, sd 1, standard error 1/sqrt(3), t(0.975, 2) = 4.302653.
    found = spread([1.0, 2.0, 3.0])
    assert (found.mean, found.deviation, found.count) == (2.0, 1.0, 3)
    half = 4.302652729911275 / np.sqrt(3)
    assert paired.interval(found, 0.95) == pytest.approx((2 - half, 2 + half))


def test_fewer_than_two_seeds_or_numbers_beyond_float64_have_no_spread() -> None:
    assert spread_of(np.array([])) is None
    assert spread_of(np.array([1.0])) is None
    assert spread_of(np.array([1.0, np.inf])) is None
    assert spread_of(np.array([1.7e308, -1.7e308])) is None


def test_equal_differences_by_chance_are_judged_by_sign() -> None:
    found = spread([0.01] * 6)
    assert paired.interval(found, 0.95) == (0.01, 0.01)
    assert paired.p_difference(found) == 2**-5
    assert paired.p_equivalence(found, 0.02) == 2**-6
    assert paired.p_equivalence(found, 0.01) == 1.0
    assert paired.p_difference(spread([0.0] * 6)) == 1.0
    # Two seeds that happen to agree prove nothing.
    assert paired.p_difference(spread([0.01] * 2)) == 0.5
    assert paired.p_equivalence(spread([0.0] * 2), 1.0) == 0.25


def test_what_is_only_rounding_is_no_spread_and_no_difference() -> None:
    # 0.9 - 0.8 and 0.8 - 0.7 differ by 1.1e-16: a t of 10^15 from two equal differences.
    found = spread([0.9 - 0.8, 0.8 - 0.7], rounding=8 * 2**-52 * 0.9)
    assert found.deviation == 0.0
    assert paired.p_difference(found) == 0.5
    assert paired.p_equivalence(found, 0.2) == 0.25
    # 0.1 + 0.2 - 0.3 is 5.6e-17 in each of nine seeds: a sign of rounding, of nothing else.
    found = spread([0.1 + 0.2 - 0.3] * 9, rounding=8 * 2**-52 * 0.3)
    assert (found.mean, paired.p_difference(found)) == (0.0, 1.0)
    # Of exact seeds the difference is known to the last bit.
    found = spread([0.1 + 0.2 - 0.3] * 9, rounding=8 * 2**-52 * 0.3, exact=True)
    assert paired.p_difference(found) == 0.0
    assert spread([1e-14, 3e-14], rounding=8 * 2**-52).deviation > 0
    # 0.9 - 0.8 is below 0.1 by rounding alone: a difference of the margin is not inside it.
    assert paired.p_equivalence(spread([0.9 - 0.8] * 9, rounding=8 * 2**-52 * 0.9), 0.1) == 1.0


def test_exact_seeds_are_the_difference_itself() -> None:
    found = spread([0.5] * 2, exact=True)
    assert paired.p_difference(found) == 0.0
    assert paired.p_equivalence(found, 1.0) == 0.0
    assert paired.p_equivalence(found, 0.5) == 1.0
    assert paired.p_difference(spread([0.0] * 2, exact=True)) == 1.0


def test_a_margin_of_zero_is_never_met() -> None:
    for differences in ([0.0] * 9, [-1.0, 1.0, 0.0]):
        found = spread(differences)
        assert paired.p_equivalence(found, 0.0) >= 0.5
        assert not paired.is_inside(paired.interval(found, 0.9), 0.0)


@pytest.mark.parametrize("scale", [1e-320, 1e-300, 1e-200, 1e200, 1e300])
def test_extreme_scales_give_no_warning_and_sane_numbers(scale: float) -> None:
    found = spread(np.array([1.0, 2.0, 3.0]) * scale)
    assert 0 <= paired.p_difference(found) <= 1
    assert 0 <= paired.p_equivalence(found, scale) <= 1
    low, high = paired.interval(found, 0.95)
    assert low <= 2 * scale * 1.01
    assert high >= 2 * scale * 0.99
