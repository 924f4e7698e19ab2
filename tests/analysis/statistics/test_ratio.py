"""Twin of statistics/ratio.py: by scipy, by hand, and how often it cries equivalent wrongly."""

import numpy as np
import pytest
from scipy import stats

from diptych_analysis.statistics import paired, ratio
from diptych_analysis.statistics.paired import Spread
from diptych_analysis.statistics.sample import Floats, Sample

Contrasts = list[tuple[Spread, Floats]]

ALPHA = 0.05
COUNT = 4000
#: Binomial standard error of 5 % in 4,000 comparisons is 0.35 %.
ROOM = 0.0105


def p_inside(contrasts: Contrasts) -> float:
    """Return the t test's p of "the difference reaches the share"; 1 without contrasts."""
    return max((paired.p_equivalence(s, 0.0, paired.NOT_BELOW) for s, _ in contrasts), default=1.0)


def sample_of(baseline: np.ndarray, candidate: np.ndarray) -> Sample:
    return Sample(tuple(range(len(baseline))), baseline, candidate)


@pytest.mark.parametrize("sign", [1, -1])
def test_each_end_is_scipys_one_sided_t_test_of_the_contrast(sign: int) -> None:
    rng = np.random.default_rng(1)
    b, c = sign * rng.normal(10, 2, 8), sign * rng.normal(11, 2, 8)
    sample = sample_of(b, c)
    low, high = (0.7, 1.3) if sign > 0 else (1.3, 0.7)
    below = stats.ttest_1samp(c - low * b, 0, alternative="greater").pvalue
    above = stats.ttest_1samp(c - high * b, 0, alternative="less").pvalue
    for side, expected in (
        (paired.TWO_SIDED, max(below, above)),
        (paired.NOT_BELOW, below),
        (paired.NOT_ABOVE, above),
    ):
        found = p_inside(ratio.contrasts(sample, 0.3, side))
        assert found == pytest.approx(expected, rel=1e-9)


def test_a_baseline_that_does_not_vary_gives_the_test_of_a_fixed_margin() -> None:
    candidate = np.array([1.9, 2.0, 2.15, 2.05])
    sample = sample_of(np.full(4, 2.0), candidate)
    spread = paired.spread_of(sample.differences)
    assert spread is not None
    found = p_inside(ratio.contrasts(sample, 0.1, paired.TWO_SIDED))
    assert found == pytest.approx(paired.p_equivalence(spread, 0.2), rel=1e-9)


def share_equivalent(
    samples: list[Sample], share: float, side: str = paired.TWO_SIDED, *, by_ratio: bool = True
) -> float:
    """Return how often the shown interval and (by ratio) the contrasts say Equivalent."""
    hits = 0
    for sample in samples:
        spread = paired.spread_of(sample.differences)
        assert spread is not None
        margin = share * abs(float(np.mean(sample.baseline)))
        inside = paired.is_inside(paired.interval(spread, 1 - 2 * ALPHA), margin, side)
        if inside and by_ratio:
            inside = p_inside(ratio.contrasts(sample, share, side)) < ALPHA
        hits += inside
    return hits / len(samples)


def at_the_boundary(share: float, seeds: int, rho: float) -> list[Sample]:
    """Return comparisons whose means are a share apart; seed sd 30 % of the baseline's mean."""
    rng = np.random.default_rng([int(100 * share), seeds, int(10 * rho)])
    common = rng.normal(size=(COUNT, seeds))
    left, right = (
        0.3 * (np.sqrt(rho) * common + np.sqrt(1 - rho) * rng.normal(size=(COUNT, seeds)))
        for _ in "bc"
    )
    return [sample_of(b, c) for b, c in zip(1 + left, 1 + share + right, strict=True)]


@pytest.mark.parametrize("share", [0.1, 0.5, 1.0])
@pytest.mark.parametrize(("seeds", "rho"), [(5, 0.0), (10, 0.0), (10, 0.9)])
def test_versions_at_a_relative_margin_are_equivalent_in_at_most_5_percent(
    share: float, seeds: int, rho: float
) -> None:
    samples = at_the_boundary(share, seeds, rho)
    assert share_equivalent(samples, share) <= ALPHA + ROOM
    assert share_equivalent(samples, share, paired.NOT_ABOVE) <= ALPHA + ROOM


def test_a_margin_taken_for_known_would_be_wrong_more_often() -> None:
    samples = at_the_boundary(1.0, 10, 0.0)
    assert share_equivalent(samples, 1.0, by_ratio=False) > 0.08


def test_equal_versions_are_still_found_equivalent() -> None:
    rng = np.random.default_rng(2)
    samples = [
        sample_of(1 + 0.3 * rng.normal(size=10), 1 + 0.3 * rng.normal(size=10)) for _ in range(500)
    ]
    assert share_equivalent(samples, 1.0) > 0.95


def test_one_seed_or_a_number_beyond_float64_shows_nothing() -> None:
    for b, c in (([1.0], [1.0]), ([], []), ([1e308, 1e308], [1e308, 1e307])):
        found = ratio.contrasts(sample_of(np.array(b), np.array(c)), 9.0, paired.TWO_SIDED)
        assert (found, p_inside(found)) == ([], 1.0)


def test_exact_seeds_are_judged_by_the_difference_itself() -> None:
    sample = sample_of(np.full(2, 2.0), np.full(2, 2.1))
    assert p_inside(ratio.contrasts(sample, 0.1, paired.TWO_SIDED, exact=True)) == 0.0
    assert p_inside(ratio.contrasts(sample, 0.05, paired.TWO_SIDED, exact=True)) == 1.0
    assert p_inside(ratio.contrasts(sample, 0.1, paired.TWO_SIDED)) == 0.25
