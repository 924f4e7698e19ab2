"""Twin of statistics/power.py: against scipy's noncentral t, tables and simulation."""

import math

import numpy as np
import pytest
from scipy import stats

from diptych_analysis.statistics import power


@pytest.mark.parametrize("count", [2, 3, 5, 10, 100])
def test_power_of_the_t_test_is_the_noncentral_ts(count: int) -> None:
    for shift in (0.0, 1.0, 3.0, 6.0):
        critical = stats.t.ppf(0.975, count - 1)
        law = stats.nct(count - 1, shift)
        expected = law.sf(critical) + law.cdf(-critical)
        assert power.difference_power(shift, count, 0.05) == pytest.approx(expected, abs=2e-5)


@pytest.mark.parametrize("count", [2, 3, 5, 10, 50])
def test_the_minimum_detectable_difference_has_80_percent_power(count: int) -> None:
    smallest = power.minimum_detectable(2.0, count, 0.05)
    assert power.difference_power(smallest / 2.0 * np.sqrt(count), count, 0.05) == pytest.approx(
        0.8
    )


def test_seeds_needed_are_the_published_ones() -> None:
    # Per-seed sd = sigma sqrt(2 (1 - rho)): rho .5 and .9 at margins of 1, 2 and 0.5 sigma.
    for rho, margin, expected in [
        (0.5, 1.0, 11),
        (0.9, 1.0, 4),
        (0.5, 2.0, 4),
        (0.9, 2.0, 3),
        (0.5, 0.5, 36),
        (0.9, 0.5, 9),
    ]:
        deviation = np.sqrt(2 * (1 - rho))
        assert power.seeds_needed(deviation, margin, 0.05) == expected


def test_not_worse_takes_fewer_seeds_than_equivalent() -> None:
    assert power.seeds_needed(1.0, 1.0, 0.05) == 11
    assert power.seeds_needed(1.0, 1.0, 0.05, one_sided=True) == 8
    # The one-sided t test's power is of the noncentral t.
    for count in (7, 8):
        law = stats.nct(count - 1, np.sqrt(count))
        expected = law.sf(stats.t.ppf(0.95, count - 1))
        found = power.equivalence_power(1.0, count, 0.05, one_sided=True)
        assert found == pytest.approx(expected, abs=2e-5)
        assert (found >= 0.8) == (count == 8)


def test_the_upper_limit_is_that_of_chi_square() -> None:
    for count in (2, 5, 20):
        expected = 3.0 * math.sqrt((count - 1) / stats.chi2.ppf(0.2, count - 1))
        assert power.upper_limit(3.0, count) == pytest.approx(expected)


@pytest.mark.parametrize("count", [2, 5, 10, 20])
def test_a_plan_by_the_upper_limit_has_its_power_in_four_of_five(count: int) -> None:
    """Pilots of a normal law: how often the planned size has 80 % power at the true deviation."""
    rng = np.random.default_rng(count)
    deviations = np.std(rng.normal(size=(400, count)), axis=1, ddof=1)

    def kept(planned: list[float]) -> float:
        sizes = [power.seeds_needed(deviation, 0.5, 0.05) for deviation in planned]
        powers = {size: power.equivalence_power(0.5, size, 0.05) for size in sizes if size}
        # No size below a million: more than enough.
        return float(np.mean([size is None or powers[size] >= 0.8 for size in sizes]))

    # Binomial error of 400 pilots: 0.02; a size is a whole number, which only adds to it.
    assert 0.74 < kept([power.upper_limit(s, count) for s in deviations]) < 0.9
    assert kept(list(deviations)) < 0.6


@pytest.mark.parametrize("count", [2, 5, 10, 40])
@pytest.mark.parametrize("t", [0.0, 0.5, 2.3, 6.0, 40.0])
def test_the_lower_limit_is_that_of_noncentral_t(count: int, t: float) -> None:
    found = power.lower_limit(t / math.sqrt(count), count)
    if found == 0:
        assert stats.t.sf(t, count - 1) >= 0.2
    else:
        shift = found * math.sqrt(count)
        assert stats.nct.sf(t, count - 1, shift) == pytest.approx(0.2, abs=1e-4)


def test_a_plan_by_the_lower_limit_has_its_power_in_four_of_five() -> None:
    """Of all pilots; of those alone that were called Different, the larger estimates, in fewer."""
    rng = np.random.default_rng(1)
    ratio, count = 1.0, 10
    pilots = rng.normal(ratio, size=(2000, count))
    found = np.mean(pilots, axis=1) / np.std(pilots, axis=1, ddof=1)
    different = np.abs(found) * math.sqrt(count) > stats.t.isf(0.025, count - 1)
    limits = np.array([power.lower_limit(float(each), count) for each in np.maximum(found, 0)])
    # A size has the power at the true ratio exactly when it was planned by no larger one.
    assert 0.77 < np.mean(limits <= ratio) < 0.83
    assert 0.70 < np.mean(limits[different] <= ratio) < 0.80
    assert np.mean(found[different] <= ratio) < 0.45


def test_a_size_to_show_a_difference_has_its_power() -> None:
    for ratio in (0.3, 1.0, 50.0):
        needed = power.seeds_to_show(ratio, 0.05)
        assert needed is not None
        assert power.difference_power(ratio * math.sqrt(needed), needed, 0.05) >= 0.8
        fewer = needed - 1
        assert needed == 2 or power.difference_power(ratio * math.sqrt(fewer), fewer, 0.05) < 0.8
    assert power.seeds_to_show(1e-9, 0.05) is None


def test_seeds_needed_is_the_fewest_that_reach_the_power() -> None:
    for ratio in (0.2, 0.7, 1.5, 40.0):
        needed = power.seeds_needed(1.0, ratio, 0.05)
        assert needed is not None
        assert power.equivalence_power(ratio, needed, 0.05) >= 0.8
        assert needed == 2 or power.equivalence_power(ratio, needed - 1, 0.05) < 0.8


def test_a_hopeless_margin_has_no_number_and_a_wide_one_needs_two() -> None:
    assert power.seeds_needed(1.0, 1e-9, 0.05) is None
    assert power.seeds_needed(1.0, 1e-300, 0.05) is None
    assert power.seeds_needed(1e-200, 1e200, 0.05) == 2


def test_the_power_of_equivalence_is_what_simulation_gives() -> None:
    rng = np.random.default_rng(11)
    for count in (2, 4, 11):
        draws = rng.normal(size=(40_000, count))
        error = draws.std(axis=1, ddof=1) / np.sqrt(count)
        half = stats.t.ppf(0.95, count - 1) * error
        inside = np.abs(draws.mean(axis=1)) + half < 1.0
        assert power.equivalence_power(1.0, count, 0.05) == pytest.approx(inside.mean(), abs=0.01)


def test_several_tests_that_must_all_show_it_have_each_their_share_of_the_power() -> None:
    assert [power.share_of_power(tests) for tests in (1, 2, 4)] == pytest.approx([0.8, 0.9, 0.95])
    needed = [power.seeds_needed(1.0, 1.0, 0.05, tests=tests) for tests in (1, 2, 4)]
    assert needed[0] == 11
    for tests, count in zip((2, 4), needed[1:], strict=True):
        assert count is not None
        assert power.equivalence_power(1.0, count, 0.05) >= 1 - 0.2 / tests
        assert power.equivalence_power(1.0, count - 1, 0.05) < 1 - 0.2 / tests


def test_a_fresh_comparison_of_two_metrics_shows_both_in_80_percent() -> None:
    rng = np.random.default_rng(11)
    count = power.seeds_needed(1.0, 1.0, 0.05, tests=2)
    assert count is not None
    shown = []
    for _ in range(2000):
        both = rng.standard_normal((2, count))  # independent: the hardest case
        half = stats.t.ppf(0.95, count - 1) * both.std(axis=1, ddof=1) / math.sqrt(count)
        shown.append(bool((np.abs(both.mean(axis=1)) + half < 1.0).all()))
    # Three standard errors of 2,000 draws are 0.027.
    assert 0.8 - 0.027 < np.mean(shown) < 0.9
