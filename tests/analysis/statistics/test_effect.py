"""Twin of statistics/effect.py: against scipy's Mann-Whitney, and by hand."""

import numpy as np
import pytest
from scipy import stats

from diptych_analysis.statistics.effect import in_units_of, probability_better
from diptych_analysis.statistics.sample import Sample


def sample_of(baseline: list[float], candidate: list[float]) -> Sample:
    return Sample(tuple(range(len(baseline))), np.array(baseline), np.array(candidate))


def test_a_difference_in_units() -> None:
    assert in_units_of(-3.0, 1.5) == -2.0
    for difference, unit in ((None, 1.0), (1.0, None), (1.0, 0.0), (1.0, np.inf)):
        assert in_units_of(difference, unit) is None


def test_the_probability_is_mann_whitneys_u_over_its_pairs() -> None:
    rng = np.random.default_rng(1)
    b, c = rng.integers(0, 6, 9).astype(float), rng.integers(1, 7, 9).astype(float)
    expected = stats.mannwhitneyu(c, b).statistic / 81
    found = probability_better(sample_of(list(b), list(c)), higher_is_better=True)
    assert found == pytest.approx(expected)


def test_better_is_the_metrics_direction_and_ties_count_half() -> None:
    sample = sample_of([1.0, 2.0], [2.0, 3.0])
    assert probability_better(sample, higher_is_better=True) == 3.5 / 4
    assert probability_better(sample, higher_is_better=False) == 0.5 / 4
    assert probability_better(sample_of([], []), higher_is_better=True) is None
