"""How far apart two versions are seed by seed, and how many times farther in one run than another.

A root mean square over seeds of candidate - baseline. Its interval, and that of a ratio of two, are
the outer bounds of two methods, as in `diptych_analysis.statistics.share`: chi-square and F are
exact for normal differences of mean 0 and too narrow for heavy tails, a bootstrap over seeds takes
no law and is too narrow for few seeds.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from diptych_analysis.statistics.spread import root_mean_square

Floats = npt.NDArray[np.float64]
Bounds = tuple[float, float]

LEVEL = 0.95
_RESAMPLES = 4999
#: Of the resampling: the same records give the same document.
_SEED = 20_210


@dataclass(frozen=True)
class Distance:
    """Per-seed differences, their root mean square and its interval; None of no distance."""

    differences: Floats
    rms: float
    interval: Bounds | None


@dataclass(frozen=True)
class Ratio:
    """How many times one distance is another, with an interval."""

    value: float
    interval: Bounds

    @property
    def grows(self) -> bool:
        """The first is shown to be the larger."""
        return self.interval[0] > 1

    @property
    def shrinks(self) -> bool:
        """The first is shown to be the smaller."""
        return self.interval[1] < 1


def distance_of(differences: Floats) -> Distance:
    """Return the distance of per-seed differences of shape (seeds,), at least one of them."""
    rms = root_mean_square(differences)
    if rms == 0 or len(differences) < 2:
        return Distance(differences, rms, None)
    count = len(differences)
    tail = (1 - LEVEL) / 2
    low, high = (count / special.chdtri(count, p) for p in (tail, 1 - tail))
    resampled = _ends(_resampled(differences, np.random.default_rng(_SEED)))
    by_law = rms * math.sqrt(low), rms * math.sqrt(high)
    return Distance(differences, rms, _outer(by_law, resampled))


def ratio_of(first: Distance, second: Distance) -> Ratio | None:
    """Return first / second; None where one of them is no distance or has too few seeds."""
    if first.interval is None or second.interval is None:
        return None
    value = first.rms / second.rms
    counts = len(first.differences), len(second.differences)
    tail = (1 - LEVEL) / 2
    quantiles = [float(special.fdtri(*counts, p)) for p in (1 - tail, tail)]
    by_law = value / math.sqrt(quantiles[0]), value / math.sqrt(quantiles[1])
    rng = np.random.default_rng(_SEED)
    over, under = _resampled(first.differences, rng), _resampled(second.differences, rng)
    # A resample without any distance says that the ratio may be as large as one likes.
    shares = np.divide(over, under, out=np.full_like(over, np.inf), where=under > 0)
    return Ratio(value, _outer(by_law, _ends(shares)))


def _resampled(differences: Floats, rng: np.random.Generator) -> Floats:
    drawn = rng.integers(len(differences), size=(_RESAMPLES, len(differences)))
    found: Floats = np.sqrt(np.square(differences[drawn]).mean(axis=1))
    return found


def _ends(values: Floats) -> Bounds:
    tail = (1 - LEVEL) / 2
    ordered = np.sort(values)
    last = len(ordered) - 1
    return float(ordered[math.floor(tail * last)]), float(ordered[math.ceil((1 - tail) * last)])


def _outer(left: Bounds, right: Bounds) -> Bounds:
    return min(left[0], right[0]), max(left[1], right[1])
