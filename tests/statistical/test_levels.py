"""How often the rules cry wolf: simulated comparisons with a known truth, seeded.

Binomial bounds: 4,000 comparisons at 5 % have a standard error of 0.35 %.
"""

import numpy as np
import pytest

from diptych_analysis.statistics import paired
from diptych_analysis.statistics.holm import holm
from diptych_analysis.statistics.paired import spread_of

COUNT = 4000
ALPHA = 0.05


def share_different(differences: np.ndarray, rounding: float = 0.0) -> float:
    """Return how often a comparison (a row of per-seed differences) is Different."""
    hits = 0
    for row in differences:
        found = spread_of(row, rounding=rounding)
        assert found is not None
        low, high = paired.interval(found, 1 - ALPHA)
        hits += not low <= 0 <= high and paired.p_difference(found) < ALPHA
    return hits / len(differences)


def share_equivalent(differences: np.ndarray, margin: float) -> float:
    """Return how often a comparison is Equivalent."""
    hits = 0
    for row in differences:
        found = spread_of(row)
        assert found is not None
        inside = paired.is_inside(paired.interval(found, 1 - 2 * ALPHA), margin)
        hits += inside and paired.p_equivalence(found, margin) < ALPHA
    return hits / len(differences)


@pytest.mark.parametrize("seeds", [2, 3, 5, 10])
@pytest.mark.parametrize("rho", [0.0, 0.95])
def test_equal_versions_are_different_in_5_percent(seeds: int, rho: float) -> None:
    rng = np.random.default_rng([seeds, int(100 * rho)])
    common = rng.normal(size=(COUNT, seeds))
    left, right = (
        np.sqrt(rho) * common + np.sqrt(1 - rho) * rng.normal(size=(COUNT, seeds)) for _ in "ab"
    )
    assert share_different(right - left) == pytest.approx(ALPHA, abs=0.0125)


@pytest.mark.parametrize("seeds", [2, 5, 10])
@pytest.mark.parametrize("margin", [0.5, 2.0, 50.0])
def test_versions_apart_by_the_margin_are_equivalent_in_at_most_5_percent(
    seeds: int, margin: float
) -> None:
    rng = np.random.default_rng([seeds, int(margin)])
    differences = rng.normal(margin, 1.0, size=(COUNT, seeds))
    assert share_equivalent(differences, margin) <= ALPHA + 0.0125


def test_a_skewed_law_shifted_by_nothing_cries_wolf_no_more() -> None:
    rng = np.random.default_rng(8)
    left, right = (rng.lognormal(size=(COUNT, 5)) for _ in "ab")
    assert share_different(right - left) <= ALPHA + 0.0125


def test_a_coarse_metric_cries_wolf_no_more() -> None:
    # Accuracy on few examples: most differences are equal by chance, often all of them.
    rng = np.random.default_rng(9)
    for seeds in (2, 3, 5, 8):
        left, right = (rng.binomial(20, 0.98, size=(COUNT, seeds)) / 20 for _ in "ab")
        assert share_different(right - left, rounding=8 * 2.0**-52) <= ALPHA + 0.0125


def test_fifteen_equal_candidates_cry_wolf_together_in_at_most_5_percent() -> None:
    rng = np.random.default_rng(10)
    wolves = 0
    for _ in range(400):
        baseline = rng.normal(size=6)
        spreads = [spread_of(rng.normal(size=6) - baseline) for _ in range(15)]
        adjusted = holm([paired.p_difference(found) for found in spreads if found])
        wolves += any(p is not None and p < ALPHA for p in adjusted)
    assert wolves / 400 <= ALPHA + 0.03
