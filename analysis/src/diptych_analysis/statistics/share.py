"""What share of a squared distance disappears, with an interval that few seeds deserve.

Two methods, and the outer bounds of both. The F distribution is exact for normal differences of
mean 0 and any number of seeds, but too narrow for heavy tails (it covers 70 to 88 % of a t law with
3 degrees of freedom). The bootstrap over seeds takes no law, but covers 71 to 91 % for 3 to 20
seeds. Distances of the same seeds are seldom uncorrelated, which makes the first one wider than it
needs to be.
"""

import math

import numpy as np
from scipy import special

from diptych_analysis.statistics.paired import Interval
from diptych_analysis.statistics.sample import Floats

RESAMPLES = 4999
#: Same-seed floors of the rung and of the first control; 0 where none was measured.
Floors = tuple[float, float]


def explained_shares(rms: Floats, first_rms: Floats, floors: Floors) -> Floats:
    """Return the share of the squared distance above the floor that is gone, cut to 0..1.

    1 - max(0, rms^2 - floor^2) / (first_rms^2 - first_floor^2), of arrays of one shape; NaN where
    the first distance does not exceed its floor: then there is nothing to explain.
    """
    # Divided by the largest before squaring: values near the ends of float64 stay in range.
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        left = np.maximum(0.0, (rms / first_rms) ** 2 - (floors[0] / first_rms) ** 2)
        whole = 1 - (floors[1] / first_rms) ** 2
        found = np.clip(1 - left / whole, 0.0, 1.0)
    shares: Floats = np.where((first_rms > floors[1]) & (whole > 0), found, np.nan)
    return shares


def explained_interval(
    first: Floats, rung: Floats, floors: Floors, level: float, rng: np.random.Generator
) -> Interval | None:
    """Return the interval of the share that disappears from `first` to `rung`, within 0 to 1.

    Both are per-seed differences of the same seeds, shape (seeds,). None for fewer than two
    seeds, where there is nothing to explain, or without any distance in `rung`: differences that
    are all 0 have no spread to tell by.
    """
    if len(first) < 2 or not np.any(first) or not np.any(rung):
        return None
    scale = float(max(np.max(np.abs(first)), np.max(np.abs(rung))))
    squares = (rung / scale) ** 2, (first / scale) ** 2
    scaled = floors[0] / scale, floors[1] / scale
    by_f = _by_f(squares, scaled, level)
    if by_f is None:
        return None
    by_seeds = _by_bootstrap(squares, scaled, level, rng)
    return (min(by_f[0], by_seeds[0]), max(by_f[1], by_seeds[1]))


def _by_f(squares: tuple[Floats, Floats], floors: Floors, level: float) -> Interval | None:
    """Return the shares at which the ratio of two mean squares would be an end of F's range."""
    seeds = len(squares[0])
    tail = (1 - level) / 2
    quantiles = special.fdtri(seeds, seeds, np.array([tail, 1 - tail]))
    rms, first_rms = (math.sqrt(float(np.mean(each))) for each in squares)
    low, high = explained_shares(rms / np.sqrt(quantiles), np.full(2, first_rms), floors).tolist()
    return None if math.isnan(low) else (low, high)


def _by_bootstrap(
    squares: tuple[Floats, Floats], floors: Floors, level: float, rng: np.random.Generator
) -> Interval:
    """Return percentiles of the share over resampled seeds; without a distance it is 0."""
    seeds = len(squares[0])
    drawn = rng.integers(seeds, size=(RESAMPLES, seeds))
    rms, first_rms = (np.sqrt(each[drawn].mean(axis=1)) for each in squares)
    shares = np.sort(np.nan_to_num(explained_shares(rms, first_rms, floors)))
    tail = (1 - level) / 2 * (RESAMPLES + 1)
    low, high = math.floor(tail) - 1, math.ceil(RESAMPLES + 1 - tail) - 1
    return (float(shares[max(0, low)]), float(shares[min(RESAMPLES - 1, high)]))
