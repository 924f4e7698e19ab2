"""The same data through published software: statsmodels and scipy."""

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestPower
from statsmodels.stats.weightstats import DescrStatsW, ttost_paired
from tests.analysis.test_estimate import estimated

from diptych_analysis.statistics import power
from diptych_analysis.statistics.discordant import p_discordant
from diptych_analysis.statistics.holm import holm

RNG = np.random.default_rng(31)
PAIRS = [(RNG.normal(10, 2, n), RNG.normal(10.5, 1, n)) for n in (3, 5, 9, 14, 19)]


@pytest.mark.parametrize(("baseline", "candidate"), PAIRS, ids=lambda v: str(len(v)))
def test_difference_and_equivalence_are_statsmodels_and_scipys(
    baseline: np.ndarray, candidate: np.ndarray
) -> None:
    row = estimated(list(baseline), list(candidate), margin="3")
    assert row.difference is not None
    assert row.equivalence is not None
    expected = stats.ttest_rel(candidate, baseline)
    assert row.difference.t == pytest.approx(expected.pvalue, rel=1e-9)
    p, _, _ = ttost_paired(candidate, baseline, -3, 3)
    assert row.equivalence.t == pytest.approx(p, rel=1e-9)
    assert row.interval == pytest.approx(expected.confidence_interval(0.95), rel=1e-9)
    narrow = DescrStatsW(candidate - baseline).tconfint_mean(alpha=0.1)
    assert row.equivalence_interval == pytest.approx(narrow, rel=1e-9)
    flips = stats.permutation_test(
        (candidate - baseline,), np.mean, permutation_type="samples", n_resamples=2**20
    )
    assert row.difference.second == pytest.approx(flips.pvalue, abs=1e-12)


def test_holm_is_statsmodels() -> None:
    p = RNG.uniform(size=12) ** 3
    assert holm(list(p)) == pytest.approx(list(multipletests(p, method="holm")[1]))


@pytest.mark.parametrize(("left", "right"), [(0, 6), (3, 5), (7, 1), (4, 4)])
def test_divergence_is_statsmodels_exact_mcnemar(left: int, right: int) -> None:
    expected = mcnemar([[9, left], [right, 2]], exact=True).pvalue
    assert p_discordant(left, right) == pytest.approx(min(1.0, expected))


@pytest.mark.parametrize("seeds", [3, 5, 10, 30])
@pytest.mark.parametrize("size", [0.2, 0.5, 1.0])
def test_power_is_statsmodels_noncentral_t(seeds: int, size: float) -> None:
    expected = TTestPower().power(size, seeds, 0.05)
    found = power.difference_power(size * np.sqrt(seeds), seeds, 0.05)
    assert found == pytest.approx(expected, abs=1e-6)
    smallest = power.minimum_detectable(1.0, seeds, 0.05)
    assert TTestPower().power(smallest, seeds, 0.05) == pytest.approx(0.8, abs=1e-5)
