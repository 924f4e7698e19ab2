"""Twin of statistics/bootstrap.py: against scipy's BCa, its p, its stream and its scale."""

import numpy as np
import pytest
from scipy import stats

from diptych_analysis.statistics.bootstrap import Bootstrap

RNG = np.random.default_rng(22)
SAMPLES = [RNG.normal(size=20), RNG.lognormal(size=30), -RNG.exponential(size=60)]


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize("differences", SAMPLES)
@pytest.mark.parametrize("level", [0.9, 0.95])
def test_the_interval_is_scipys_bca(differences: np.ndarray, level: float) -> None:
    low, high = Bootstrap(differences, rng()).interval(level)
    expected = stats.bootstrap(
        (differences,),
        np.mean,
        confidence_level=level,
        method="BCa",
        n_resamples=100_000,
        rng=rng(1),
        batch=10_000,
    ).confidence_interval
    width = expected.high - expected.low
    assert (low, high) == pytest.approx((expected.low, expected.high), abs=0.03 * width)


@pytest.mark.parametrize("differences", SAMPLES)
def test_p_and_interval_are_one_statement(differences: np.ndarray) -> None:
    found = Bootstrap(differences, rng())
    low, high = found.interval(0.95)
    assert found.p_above(low) == pytest.approx(0.025, abs=0.002)
    assert found.p_below(high) == pytest.approx(0.025, abs=0.002)
    for bound in np.linspace(low - (high - low) / 2, high + (high - low) / 2, 101):
        # A value outside has a p below its tail: never a verdict without its interval.
        if bound < low:
            assert found.p_above(bound) <= 0.025
        if bound > high:
            assert found.p_below(bound) <= 0.025
        assert found.p_above(bound) + found.p_below(bound) == pytest.approx(1)


def test_p_falls_on_beyond_every_resample() -> None:
    found = Bootstrap(SAMPLES[0], rng())
    p = [found.p_above(bound) for bound in (-0.5, -1.0, -1.5, -3.0)]
    assert sorted(p, reverse=True) == p
    assert p[-1] < 1e-12  # or fifty tests could never reject


def test_the_stream_decides_and_nothing_else() -> None:
    assert Bootstrap(SAMPLES[0], rng()).interval(0.9) == Bootstrap(SAMPLES[0], rng()).interval(0.9)
    assert Bootstrap(SAMPLES[0], rng()).interval(0.9) != Bootstrap(SAMPLES[0], rng(1)).interval(0.9)


@pytest.mark.parametrize("scale", [1e-300, 1e-150, 1e150, 1e300])
def test_neither_p_nor_interval_depends_on_the_scale(scale: float) -> None:
    found, plain = Bootstrap(SAMPLES[1] * scale, rng()), Bootstrap(SAMPLES[1], rng())
    assert np.array(found.interval(0.9)) / scale == pytest.approx(plain.interval(0.9))
    assert found.p_above(scale) == pytest.approx(plain.p_above(1.0))


def test_one_outlier_of_a_coarse_metric_is_no_accident() -> None:
    differences = np.zeros(20)
    differences[0] = 0.1
    low, high = Bootstrap(differences, rng()).interval(0.95)
    assert low <= 0.0 < high
