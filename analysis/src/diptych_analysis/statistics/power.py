"""Before a test is believed: what it could have shown, and with how many seeds it would.

Both follow from the distribution of the sample sd: given S, the mean is normal, so a power is an
expectation over chi-square, taken by Gauss-Legendre quadrature over its quantiles. That is the
noncentral t distribution (and its two-sided cut for two one-sided tests) without its numerical
trouble at one degree of freedom.
"""

import math
from collections.abc import Callable
from functools import cache

import numpy as np
from scipy import optimize, special

from diptych_analysis.statistics.sample import Floats

POWER = 0.8
#: How often a size that is planned by the upper limit of an estimated sd has that power.
ASSURANCE = 0.8
MAXIMUM_SEEDS = 1_000_000
_NODES = 400


def minimum_detectable(deviation: float, count: int, alpha: float) -> float:
    """Return the true mean difference that a paired t test would show with 80 % power.

    Two-sided at alpha, `count` seeds (at least 2), per-seed sd `deviation`; in the metric's unit.
    Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, chapter 2.
    """
    return _detectable_ratio(count, alpha) * deviation / math.sqrt(count)


def share_of_power(tests: int) -> float:
    """Return the power that each of `tests` needs for 80 % that all of them show what they should.

    Errors of the second kind add up at most (Bonferroni), however the tests are correlated.
    """
    return 1 - (1 - POWER) / tests


def upper_limit(deviation: float, count: int) -> float:
    """Return the one-sided 80 % upper confidence limit of a normal sd estimated from `count` seeds.

    A size planned by the estimate itself falls short about every second time, of few seeds by far;
    one planned by this limit has the power it claims in four of five plans, whatever `count` is.
    Browne (1995), Statist. Med. 14, 1933-1940; Julious and Owen (2006), Pharm. Statist. 5, 29-37.
    """
    return deviation * math.sqrt((count - 1) / float(special.chdtri(count - 1, ASSURANCE)))


def lower_limit(ratio: float, count: int) -> float:
    """Return the one-sided 80 % lower confidence limit of a true |difference| / per-seed sd.

    `ratio` (0 or more) is the estimated one, from `count` seeds of a normal law; 0 where the limit
    is not above it. By the noncentral t distribution: Steiger and Fouladi (1997), What If There
    Were No Significance Tests?, chapter 9. A size that is planned by it is the "safeguard power" of
    Perugini, Gallucci and Costantini (2014), Perspect. Psychol. Sci. 9, 319-332.
    """
    found = ratio * math.sqrt(count)
    roots, weights = _root_chi_square(count - 1)

    def beyond(shift: float) -> float:
        """Return how often a true shift, in standard errors, gives an estimate beyond this."""
        return float(np.dot(weights, special.ndtr(shift - found * roots)))

    if beyond(0.0) >= 1 - ASSURANCE:
        return 0.0
    # At the estimate itself it is about one half, and above it more: the limit lies below.
    high = max(1.0, 2 * found)
    root = optimize.brentq(lambda shift: beyond(shift) - (1 - ASSURANCE), 0.0, high)
    return float(root) / math.sqrt(count)


def seeds_to_show(ratio: float, alpha: float) -> int | None:
    """Return the fewest seeds that show a true difference with 80 % power, two-sided at alpha.

    `ratio` is difference / per-seed sd, above 0. None above 1,000,000.
    """
    return fewest(
        lambda count: difference_power(ratio * math.sqrt(count), count, alpha) >= POWER,
        2,
        MAXIMUM_SEEDS,
    )


def seeds_needed(
    deviation: float, margin: float, alpha: float, *, one_sided: bool = False, tests: int = 1
) -> int | None:
    """Return the fewest seeds of a fresh comparison that reach an equivalence verdict.

    80 % power of the two one-sided tests at alpha (`one_sided`: of one of them, non-inferiority)
    when the true difference is 0 and the per-seed sd is `deviation` (above 0). Of
    several metrics and versions (`tests`) that must all show it, each has its share of that power.
    None above 1,000,000.
    """
    wanted = share_of_power(tests)
    ratio = margin / deviation
    return fewest(
        lambda count: equivalence_power(ratio, count, alpha, one_sided=one_sided) >= wanted,
        2,
        MAXIMUM_SEEDS,
    )


def fewest(shows: Callable[[int], bool], least: int, most: int) -> int | None:
    """Return the fewest seeds, `least` or more, that show something, of a power that grows.

    None where `most` do not show it.
    """
    if shows(least):
        return least
    low, high = least, 2 * least
    while not shows(high):
        low, high = high, high * 2
        if low >= most:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        if shows(middle):
            high = middle
        else:
            low = middle
    return high if high <= most else None


def equivalence_power(ratio: float, count: int, alpha: float, *, one_sided: bool = False) -> float:
    """Return the power of the two one-sided tests, or of one, at a true difference of 0.

    `ratio` is margin / per-seed sd, `count` the seeds.
    """
    roots, weights = _root_chi_square(count - 1)
    critical = float(special.stdtrit(count - 1, 1 - alpha))
    room = ratio * math.sqrt(count) - critical * roots
    inside = special.ndtr(room) if one_sided else np.maximum(0.0, 2 * special.ndtr(room) - 1)
    return float(np.dot(weights, inside))


def difference_power(shift: float, count: int, alpha: float) -> float:
    """Return the power of the two-sided paired t test; `shift` is difference / standard error."""
    roots, weights = _root_chi_square(count - 1)
    critical = float(special.stdtrit(count - 1, 1 - alpha / 2))
    upper = special.ndtr(shift - critical * roots)
    lower = special.ndtr(-shift - critical * roots)
    return float(np.dot(weights, upper + lower))


@cache
def _detectable_ratio(count: int, alpha: float) -> float:
    high = 1.0
    while difference_power(high, count, alpha) < POWER:
        high *= 2
    root = optimize.brentq(lambda x: difference_power(x, count, alpha) - POWER, 0.0, high)
    return float(root)


@cache
def _root_chi_square(freedom: int) -> tuple[Floats, Floats]:
    """Return values of S / sigma and their probability weights, each of shape (nodes,)."""
    nodes, weights = _legendre()
    squares = special.chdtri(freedom, (1 - nodes) / 2)
    return np.sqrt(squares / freedom), weights / 2


@cache
def _legendre() -> tuple[Floats, Floats]:
    return np.polynomial.legendre.leggauss(_NODES)
