"""Flips of signs: the exact test of a mean difference that takes no law, only its symmetry.

If the two versions are exchangeable, each per-seed difference is as likely with the other sign, and
the observed sum is one of 2^n equally likely ones. That holds for skewed metrics, heavy tails and
ties alike; a shift of one law by the tested value makes the differences symmetric around it.

Sources: Fisher (1935), The Design of Experiments, section 21, for the test; Hartigan (1969), J. Am.
Statist. Assoc. 64, 1303-1317, for the interval from the means of all subsets.
"""

import math

import numpy as np

from diptych_analysis.statistics.paired import Interval
from diptych_analysis.statistics.sample import Floats

#: All 2^n sums are formed: half a million at this n, in a few milliseconds.
MOST_SEEDS = 19
#: Sums this much of the whole apart are one sum, rounded in another order.
_ROUNDING = 1e-12
#: A bound so many times the largest difference away is as good as infinite, and computes.
FAR = 1e200


def smallest_p(seeds: int) -> float:
    """Return the smallest two-sided p that so many seeds can give; half of it is one-sided."""
    return min(1.0, 2.0 ** (1 - seeds))


class Flips:
    """The test of one sample of per-seed differences, for at most MOST_SEEDS seeds."""

    def __init__(self, differences: Floats) -> None:
        """Take finite differences of shape (seeds,) that are not all 0."""
        self._scale = float(np.max(np.abs(differences)))
        self._values: Floats = differences / self._scale
        #: Of every subset of the seeds, the empty one first, shape (2^n,).
        self._sums = _of_subsets(self._values)
        self._counts = _of_subsets(np.ones(len(self._values)))

    def p_above(self, bound: float) -> float:
        """Return the one-sided p of "the mean is at most `bound`"."""
        return self._share(bound, 1.0)

    def p_below(self, bound: float) -> float:
        """Return the one-sided p of "the mean is at least `bound`"."""
        return self._share(bound, -1.0)

    def interval(self, level: float) -> Interval:
        """Return the values that neither one-sided test rejects at (1 - level) / 2.

        Its ends are infinite when so few seeds can reject nothing.
        """
        means = self._sums[1:] / self._counts[1:]
        # A rejected value has at most this many of all signs, "as observed" among them.
        place = math.floor((1 - level) / 2 * len(self._sums) + _ROUNDING)
        if place < 1:
            return (-math.inf, math.inf)
        ends = np.partition(means, [place - 1, len(means) - place])
        return (float(ends[place - 1]) * self._scale, float(ends[-place]) * self._scale)

    def _share(self, bound: float, way: float) -> float:
        """Return the share of signs whose sum of values less `bound` is at least the observed."""
        level = min(max(bound / self._scale, -FAR), FAR)
        # Flipping a subset lowers the sum by twice its own: not at all when that is 0 or below.
        own = way * (self._sums - level * self._counts)
        tolerance = _ROUNDING * len(self._values) * (1 + abs(level))
        return float(np.count_nonzero(own <= tolerance) / len(own))


def _of_subsets(values: Floats) -> Floats:
    sums = np.zeros(1)
    for value in values:
        sums = np.concatenate([sums, sums + value])
    return sums
