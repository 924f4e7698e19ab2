"""Twin of statistics/fdr.py: against statsmodels, by hand, and what it promises."""

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from diptych_analysis.statistics.fdr import false_discovery


def test_it_is_statsmodels_fdr_bh() -> None:
    p = np.random.default_rng(1).uniform(size=30) ** 2
    expected = multipletests(p, method="fdr_bh")[1]
    assert false_discovery(list(p)) == pytest.approx(list(expected))


def test_by_hand_and_what_could_not_be_tested_is_left_out() -> None:
    # 0.01 * 3 / 1, 0.02 * 3 / 2, 0.9.
    assert false_discovery([0.9, None, 0.01, 0.02]) == [pytest.approx(0.9), None, 0.03, 0.03]
    assert false_discovery([]) == []
    assert false_discovery([None]) == [None]


def test_of_what_it_calls_different_at_most_alpha_is_not() -> None:
    rng = np.random.default_rng(2)
    shares = []
    for _ in range(1000):
        p = rng.uniform(size=20)
        p[:10] = p[:10] ** 8  # these differ
        found = [q is not None and q < 0.1 for q in false_discovery(list(p))]
        shares.append(sum(found[10:]) / max(1, sum(found)))
    assert np.mean(shares) <= 0.1
    assert np.mean(shares) > 0.02  # and it is not so by finding nothing
