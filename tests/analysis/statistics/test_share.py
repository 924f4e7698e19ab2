"""Twin of statistics/share.py: coverage measured on known laws, exact cases by hand."""

import math

import numpy as np
import pytest
from scipy import stats

from diptych_analysis.statistics import share
from diptych_analysis.statistics.share import explained_interval

NONE = (0.0, 0.0)


@pytest.mark.parametrize("seeds", [3, 6, 12])
@pytest.mark.parametrize("law", ["normal", "t"])
@pytest.mark.parametrize("gone", [0.5, 0.95])
def test_it_covers_the_truth(
    seeds: int, law: str, gone: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(share, "RESAMPLES", 199)
    rng = np.random.default_rng(1)
    draw = rng.normal if law == "normal" else (lambda size: stats.t(3).rvs(size, random_state=rng))
    inside = 0
    for _ in range(300):
        first, rung = draw(size=(2, seeds))
        found = explained_interval(first, rung * math.sqrt(1 - gone), NONE, 0.95, rng)
        assert found is not None
        inside += found[0] <= gone <= found[1]
    # Nominal for a normal law; for a t law with 3 degrees of freedom a little less.
    nominal = 0.95 if law == "normal" else 0.85
    assert inside / 300 >= nominal - 3 * math.sqrt(nominal * (1 - nominal) / 300)


def test_without_a_spread_there_is_no_interval() -> None:
    rng = np.random.default_rng(1)
    some = np.array([1.0, -2.0])
    for first, rung in ((some[:1], some[:1]), (some * 0, some), (some, some * 0)):
        assert explained_interval(first, rung, NONE, 0.95, rng) is None


def test_it_stays_in_range_and_repeats() -> None:
    first, rung = np.array([1.0, -2.0, 3.0]), np.array([1.0, 2.0, -3.0])
    found = explained_interval(first, rung, NONE, 0.95, np.random.default_rng(7))
    assert found is not None
    assert 0 <= found[0] <= found[1] <= 1
    assert found == explained_interval(first, rung, NONE, 0.95, np.random.default_rng(7))
    huge = explained_interval(1e200 * first, 1e200 * rung, NONE, 0.95, np.random.default_rng(7))
    assert huge == pytest.approx(found)
