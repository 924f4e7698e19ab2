"""Twin of statistics/flips.py: against scipy's permutation test, by hand, and its level."""

import math

import numpy as np
import pytest
from scipy import stats

from diptych_analysis.statistics.flips import Flips, smallest_p

RNG = np.random.default_rng(21)
SAMPLES = [RNG.normal(shift, 1, n) for n, shift in [(3, 1), (6, 2), (8, 0.5), (11, -1)]]


@pytest.mark.parametrize("differences", SAMPLES)
@pytest.mark.parametrize("bound", [0.0, 0.3, -1.0])
def test_one_sided_p_are_scipys_permutations_of_signs(
    differences: np.ndarray, bound: float
) -> None:
    flips = Flips(differences)
    for alternative, found in (("greater", flips.p_above(bound)), ("less", flips.p_below(bound))):
        expected = stats.permutation_test(
            (differences - bound,),
            np.mean,
            permutation_type="samples",
            n_resamples=np.inf,
            alternative=alternative,
        ).pvalue
        assert found == pytest.approx(expected, abs=1e-12)


def test_by_hand() -> None:
    # Of 8 signs of 1, 2, 4 only "as observed" gives a sum of 7.
    flips = Flips(np.array([1.0, 2.0, 4.0]))
    assert (flips.p_above(0.0), flips.p_below(0.0)) == (1 / 8, 1.0)
    # Means of subsets: 1 1.5 2 7/3 2.5 3 4; at 50 % each tail holds 2 of 8 signs.
    assert flips.interval(0.5) == pytest.approx((1.5, 3.0))
    assert flips.interval(0.75) == (1.0, 4.0)
    assert flips.interval(0.76) == (-math.inf, math.inf)


def test_ties_count_as_at_least_as_far() -> None:
    # 1, 1, -1: sums 1 (3 signs), 3 (1), -1 (3), -3 (1).
    assert Flips(np.array([1.0, 1.0, -1.0])).p_above(0.0) == 4 / 8
    # 0.1 + 0.2 and 0.3 are one sum though their floats differ.
    values = np.array([0.1, 0.2, -0.3, 0.6])
    assert Flips(values).p_above(0.0) == Flips(10 * values).p_above(0.0)


@pytest.mark.parametrize("differences", SAMPLES)
@pytest.mark.parametrize("level", [0.5, 0.9, 0.95])
def test_the_interval_is_what_the_tests_do_not_reject(
    differences: np.ndarray, level: float
) -> None:
    flips, tail = Flips(differences), (1 - level) / 2
    low, high = flips.interval(level)
    if math.isinf(low):
        assert smallest_p(len(differences)) / 2 > tail
        return
    width = high - low
    assert flips.p_above(low - 1e-9 * width) <= tail < flips.p_above(low + 1e-9 * width)
    assert flips.p_below(high + 1e-9 * width) <= tail < flips.p_below(high - 1e-9 * width)


@pytest.mark.parametrize("scale", [1e-300, 1e-150, 1.0, 1e150, 1e300])
def test_neither_p_nor_interval_depends_on_the_scale(scale: float) -> None:
    flips = Flips(SAMPLES[2] * scale)
    assert flips.p_above(0.2 * scale) == Flips(SAMPLES[2]).p_above(0.2)
    expected = np.array(Flips(SAMPLES[2]).interval(0.9))
    assert np.array(flips.interval(0.9)) / scale == pytest.approx(expected)


def test_what_so_few_seeds_can_reach() -> None:
    assert [smallest_p(n) for n in (1, 2, 5, 6)] == [1.0, 0.5, 0.0625, 0.03125]
    ones = Flips(np.array([1.0, 1.1, 1.2, 1.3, 1.4]))
    assert 2 * ones.p_above(0.0) == smallest_p(5)


def test_a_symmetric_law_is_rejected_in_at_most_alpha_whatever_its_tails() -> None:
    rng = np.random.default_rng(5)
    for law in (rng.standard_cauchy, rng.normal):
        p = [2 * min(f.p_above(0), f.p_below(0)) for f in map(Flips, law(size=(4000, 8)))]
        # 6 of 128 pairs of signs: 4.7 %; a standard error is 0.33 %.
        assert np.mean(np.array(p) < 0.05) == pytest.approx(6 / 128, abs=0.012)
