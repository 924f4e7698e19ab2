"""Rates of a law at a number of seeds, over many simulated comparisons."""

import math
import zlib
from dataclasses import dataclass, fields
from functools import cache

import numpy as np
from scipy import stats
from tools.calibration.judge import Judged, judge
from tools.calibration.laws import LAWS, Floats, Law

from diptych_analysis import cautions
from diptych_analysis.statistics import shape

#: Draws that the true sd of a difference is taken from.
_MANY = 400_000


@dataclass(frozen=True)
class Rates:
    """How often, of `comparisons`, each thing was said.

    `counts` has the fields of `Judged`, and `warned`.
    """

    law: str
    seeds: int
    comparisons: int
    counts: dict[str, int]

    def share(self, what: str) -> float:
        """Return the share of comparisons of which `what` was said."""
        return self.counts[what] / self.comparisons

    @property
    def false_equivalent(self) -> float:
        """Of true differences at the margin, on the side on which it is wrong more often."""
        return max(self.share("equivalent_above"), self.share("equivalent_below"))

    def error_of(self, nominal: float) -> float:
        """Return the Monte-Carlo standard error of a rate that is truly `nominal`."""
        return math.sqrt(nominal * (1 - nominal) / self.comparisons)


def rates_of(law: Law, seeds: int, comparisons: int) -> Rates:
    """Simulate and judge so many comparisons of a law; the same numbers every time."""
    rng = np.random.default_rng([zlib.crc32(law.name.encode()), seeds])
    left, right = law.draw(rng, (comparisons, seeds))
    deviation = true_deviation(law.name)
    judged = [judge(a, b, deviation) for a, b in zip(left, right, strict=True)]
    counts = {f.name: sum(getattr(each, f.name) for each in judged) for f in fields(Judged)}
    counts["warned"] = warned(right - left)
    return Rates(law.name, seeds, comparisons, counts)


def warned(differences: Floats) -> int:
    """Return how many samples get the caution Skewed: `shape.skewness`, of all rows at once."""
    if differences.shape[1] < shape.FEWEST_FOR_SKEWNESS:
        return 0
    varied = differences[np.ptp(differences, axis=1) > 0]
    return int(np.count_nonzero(stats.skewtest(varied, axis=1).pvalue < cautions.LEVEL))


def law_named(name: str) -> Law:
    """Return the law of a name."""
    return next(law for law in LAWS if law.name == name)


@cache
def true_deviation(name: str) -> float:
    """Return the sd of a difference under a law, from many draws."""
    left, right = law_named(name).draw(np.random.default_rng(0), (_MANY, 1))
    return float(np.std(right - left))
