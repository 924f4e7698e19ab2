"""The paired t interval, the two one-sided tests, and what to do where they degenerate.

Source of the equivalence test: Schuirmann (1987), J. Pharmacokinet. Biopharm. 15, 657-680: two
one-sided t tests, each at alpha, are the statement that the 1 - 2 alpha interval lies inside the
margin.
"""

import math
import sys
from dataclasses import dataclass

from scipy import special

from diptych_analysis.statistics.sample import Floats, mean
from diptych_analysis.statistics.spread import standard_deviation

Interval = tuple[float, float]

#: Below it a standard error would underflow; as a spread it is none.
_SMALLEST = sys.float_info.min

TWO_SIDED, NOT_BELOW, NOT_ABOVE = "TwoSided", "NotBelow", "NotAbove"


@dataclass(frozen=True)
class Spread:
    """Mean and sample sd of n per-seed differences, and whether the seeds are one observation.

    `exact`: every seed computed the same bits in both versions, so that no seed can come out
    otherwise and `mean` is the difference itself. `rounding`: what float64 cannot tell from 0.
    """

    mean: float
    deviation: float
    count: int
    exact: bool = False
    rounding: float = 0.0

    @property
    def error(self) -> float:
        """The standard error of the mean."""
        return self.deviation / math.sqrt(self.count)


def spread_of(differences: Floats, *, exact: bool = False, rounding: float = 0.0) -> Spread | None:
    """Return mean and sd of differences of shape (seeds,).

    An sd of at most `rounding` is none: 0.9 - 0.8 and 0.8 - 0.7 are not the same float, and their
    t would be 10^15. Neither is then a mean of at most `rounding` a difference, except of exact
    seeds. None for fewer than two seeds, and when a number leaves float64.
    """
    if len(differences) < 2:
        return None
    centre, deviation = mean(differences), standard_deviation(differences)
    if deviation is None or not math.isfinite(centre) or not math.isfinite(deviation):
        return None
    if deviation <= max(rounding, _SMALLEST):
        deviation = 0.0
    if abs(centre) <= rounding and not exact:
        centre = 0.0
    return Spread(centre, deviation, len(differences), exact and deviation == 0, rounding)


def interval(spread: Spread, level: float) -> Interval:
    """Return Student's t interval for the mean difference; of no width when the sd is 0."""
    half = _quantile((1 + level) / 2, spread.count - 1) * spread.error
    return (spread.mean - half, spread.mean + half)


def p_difference(spread: Spread) -> float:
    """Return the two-sided p of "the mean difference is 0".

    Paired t test. With an sd of 0 there is no t: then 0 or 1 when the seeds are exact, else the
    sign test, 2^(1 - n), for seeds that agree by chance (a coarse metric) are n observations of a
    sign and no more.
    """
    if spread.deviation == 0:
        if spread.mean == 0:
            return 1.0
        return 0.0 if spread.exact else 2.0 ** (1 - spread.count)
    return min(1.0, 2 * _tail(abs(spread.mean) / spread.error, spread.count - 1))


def p_equivalence(spread: Spread, margin: float, side: str = TWO_SIDED) -> float:
    """Return the p of "the mean difference reaches the margin" (two one-sided tests: the larger).

    `side` NOT_BELOW tests only "mean <= -margin", NOT_ABOVE only "mean >= margin": the
    non-inferiority tests. With an sd of 0: 0 or 1 when the seeds are exact, else the sign test,
    2^-n, when every difference is inside by more than rounding. A margin of 0 is never met.
    """
    distances = {
        TWO_SIDED: min(margin - spread.mean, margin + spread.mean),
        NOT_BELOW: margin + spread.mean,
        NOT_ABOVE: margin - spread.mean,
    }
    distance = distances[side]
    if spread.deviation == 0:
        if distance <= spread.rounding:
            return 1.0
        return 0.0 if spread.exact else 2.0**-spread.count
    return _tail(distance / spread.error, spread.count - 1)


def is_inside(bounds: Interval, margin: float, side: str = TWO_SIDED) -> bool:
    """Say whether the interval lies strictly inside the margin, on the side that is tested."""
    above, below = bounds[0] > -margin, bounds[1] < margin
    return {TWO_SIDED: above and below, NOT_BELOW: above, NOT_ABOVE: below}[side]


def _tail(t: float, freedom: int) -> float:
    """P(T >= t) of Student's t."""
    return float(special.stdtr(freedom, -t))


def _quantile(probability: float, freedom: int) -> float:
    return float(special.stdtrit(freedom, probability))
