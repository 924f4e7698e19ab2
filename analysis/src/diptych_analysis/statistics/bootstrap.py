"""The BCa bootstrap of a mean difference: an interval that follows the skewness of the data.

Bias-corrected and accelerated: percentiles of the resampled means, moved by the median bias and by
the acceleration, which the jackknife gives. It is narrower than it should be for few seeds, so that
it never decides alone (`inference`).

Source: Efron (1987), J. Am. Statist. Assoc. 82, 171-185; DiCiccio and Efron (1996), Statist. Sci.
11, 189-228, whose p is the interval turned round.
"""

import math

import numpy as np
from scipy import special

from diptych_analysis.statistics.flips import FAR
from diptych_analysis.statistics.paired import Interval
from diptych_analysis.statistics.sample import Floats

#: So many that the ends of a 95 % interval vary by about 1 % of its width from stream to stream.
RESAMPLES = 9999
#: Indices drawn at once.
_CHUNK = 4_000_000
#: Of a mean over the largest difference: sums of a coarse metric in another order are one sum.
_DIGITS = 13


class Bootstrap:
    """The resampled means of one sample of per-seed differences."""

    def __init__(self, differences: Floats, rng: np.random.Generator) -> None:
        """Take finite differences of shape (seeds,) that are not all equal, and the generator."""
        self._scale = float(np.max(np.abs(differences)))
        values = differences / self._scale
        centre = float(np.mean(values))
        self._means = np.sort(np.round(_resampled(values, rng), _DIGITS))
        self._middle, self._deviation = float(np.mean(self._means)), float(np.std(self._means))
        deviations = (values - centre) / float(np.max(np.abs(values - centre)))
        self._acceleration = float(np.sum(deviations**3) / (6 * np.sum(deviations**2) ** 1.5))
        self._bias = float(special.ndtri(self._share_below(centre)))

    def p_above(self, bound: float) -> float:
        """Return the one-sided p of "the mean is at most `bound`"."""
        return float(special.ndtr(self._level(bound)))

    def p_below(self, bound: float) -> float:
        """Return the one-sided p of "the mean is at least `bound`"."""
        return float(special.ndtr(-self._level(bound)))

    def interval(self, level: float) -> Interval:
        """Return the two-sided interval with equal tails."""
        tail = (1 - level) / 2
        return (self._end(tail), self._end(1 - tail))

    def _end(self, probability: float) -> float:
        """Return the resampled mean at the percentile that corrects for bias and skewness."""
        z = self._bias + float(special.ndtri(probability))
        room = 1 - self._acceleration * z
        moved = self._bias + z / room if room > 0 else math.copysign(math.inf, z)
        place = float(special.ndtr(moved)) * (RESAMPLES + 1)
        # Towards the outside, so that the p of an excluded value is below the tail.
        rank = math.floor(place) if probability < 0.5 else math.ceil(place)
        index = min(max(rank - 1, 0), RESAMPLES - 1)
        return self._scale * float(self._means[index])

    def _level(self, bound: float) -> float:
        """Return the normal quantile of the tail whose end `bound` would be: `_end` inverted."""
        value = min(max(bound / self._scale, -FAR), FAR)
        share = self._share_below(value)
        z = float(special.ndtri(share))
        if not self._means[0] <= value <= self._means[-1]:
            # Beyond every resample: on from there as a normal law, or many tests could not reject.
            far = (value - self._middle) / self._deviation
            z = min(z, far) if z < 0 else max(z, far)
        moved = z - self._bias
        room = 1 + self._acceleration * moved
        return moved / room - self._bias if room > 0 else math.copysign(math.inf, moved)

    def _share_below(self, value: float) -> float:
        """Return the share of resampled means below `value`, ties half, never 0 or 1."""
        rounded = round(value, _DIGITS)
        below = int(np.searchsorted(self._means, rounded, side="left"))
        upto = int(np.searchsorted(self._means, rounded, side="right"))
        return ((below + upto) / 2 + 0.5) / (RESAMPLES + 1)


def _resampled(values: Floats, rng: np.random.Generator) -> Floats:
    """Return the means of RESAMPLES samples with replacement."""
    seeds = len(values)
    chunk = max(1, _CHUNK // seeds)
    means = []
    for done in range(0, RESAMPLES, chunk):
        # One resample a column: sums over the first axis are the fast ones.
        drawn = rng.integers(seeds, size=(seeds, min(chunk, RESAMPLES - done)), dtype=np.uint32)
        means.append(np.take(values, drawn).sum(axis=0) / seeds)
    return np.concatenate(means)
