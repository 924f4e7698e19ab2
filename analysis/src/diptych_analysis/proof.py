"""What a ladder of controls shows beyond chance: the tests without which no cause is named."""

import math
from collections.abc import Sequence

import numpy as np
from scipy import special

from diptych_analysis.attribution import Rung
from diptych_analysis.statistics import flips, paired
from diptych_analysis.statistics.flips import Flips
from diptych_analysis.statistics.paired import Interval
from diptych_analysis.statistics.power import (
    ASSURANCE,
    equivalence_power,
    fewest,
    lower_limit,
    seeds_needed,
    seeds_to_show,
    share_of_power,
    upper_limit,
)
from diptych_analysis.statistics.sample import Floats
from diptych_runner.contract.names import MOST_SEEDS

#: Logarithms of ratios that are equal but for this much of the largest do not vary.
_ROUNDING = 1e-12
#: The sd of log(|x| / |y|) of two normal differences: each logarithm has variance pi^2 / 8.
_LOG_RATIO = math.pi / 2


def exceeds_repeats(first: Rung, alpha: float) -> bool:
    """Say whether the distance is above what repeats alone give, beyond chance where they vary.

    One-sided F test of its square against the floor's, with (seeds, floor_freedom) degrees.
    """
    rms, floor = first.per_seed_rms or 0.0, first.same_seed_floor or 0.0
    if rms <= floor or not floor:
        return rms > floor
    needed = float(special.fdtri(first.seeds, first.floor_freedom, 1 - alpha))
    return (rms / floor) ** 2 > needed


def corrected(rungs: Sequence[Rung], alpha: float) -> float:
    """Return the level of each control's test: over all of them at most alpha (Bonferroni)."""
    return alpha / max(1, len(rungs) - 1)


def is_proved(rung: Rung, first: Rung, level: float) -> bool:
    """Say whether a control takes a part of the first one's distance away, beyond chance.

    Two tests must agree. The mean squares alone would let a few seeds of a heavy-tailed law name a
    control that does nothing; seed by seed alone would not look at how much is gone. And the
    interval of the share must leave out 0, for it is printed beside what is said; not that of a
    control without repeats of its own, which counts their noise as a distance (`told_interval`).
    """
    ends = rung.explains_interval
    has_floors = rung.same_seed_floor is not None or first.same_seed_floor is None
    if ends is not None and ends[0] <= 0 and has_floors:
        return False
    if rung.per_seed_rms is None or not first.per_seed_rms:
        return False
    distances = rung.per_seed_rms, first.per_seed_rms
    if not removes_more_than_chance(*distances, rung.seeds, level, identical=rung.identical):
        return False
    return rung.identical or p_by_seed(first.differences, rung.differences, level) <= level


def told_interval(interval: Interval | None, *, proved: bool) -> Interval | None:
    """Return the interval of a share as it is printed: it leaves out 0 where a control is proved.

    The tests are two, and corrected over all controls: of one that is not proved, an interval by
    itself may leave out 0. Of one that is, noise of repeats that were not run may reach it.
    """
    if interval is None or not proved:
        return None if interval is None else (0.0, interval[1])
    return interval if interval[0] > 0 else None


def removes_more_than_chance(
    rms: float, first_rms: float, seeds: int, alpha: float, *, identical: bool = False
) -> bool:
    """Say whether a rung's distance is smaller than the first's beyond chance.

    One-sided F test of the two mean squares with (seeds, seeds) degrees of freedom: differences
    of exchangeable versions have mean 0, so every seed counts as one degree. Of a coarse metric
    all differences may be 0 by chance, each with 1/2 at most; `identical` bits are no chance.
    """
    if rms == 0 or first_rms == 0:
        return first_rms > 0 and (identical or 2.0**-seeds < alpha)
    return (rms / first_rms) ** 2 < float(special.fdtri(seeds, seeds, alpha))


def p_by_seed(first: Floats, rung: Floats, level: float) -> float:
    """Return the one-sided p of "a seed's distance is as likely to grow as to shrink".

    Of log(|first| / |rung|) by seed, shape (seeds,): a control that does nothing leaves its sign to
    chance whatever the law, so that flips of signs are exact. Student's t where so few seeds have
    no flip as rare as `level`, and where all flips are too many. A distance that is gone or new
    counts as much as the largest change; 0 in both is none.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.log(np.abs(first)) - np.log(np.abs(rung))
    ratios[np.isnan(ratios)] = 0.0
    finite = np.abs(ratios[np.isfinite(ratios)])
    largest = float(np.max(finite, initial=0.0)) or 1.0
    ratios = np.clip(ratios, -largest, largest)
    if not np.any(ratios):
        return 1.0
    count = len(ratios)
    if count <= flips.MOST_SEEDS and 2.0**-count <= level:
        return Flips(ratios).p_above(0.0)
    found = paired.spread_of(ratios, rounding=_ROUNDING * largest)
    return 1.0 if found is None else paired.p_equivalence(found, 0.0, paired.NOT_BELOW)


def seeds_to_tell(rung: Rung, first: Rung, level: float) -> int | None:
    """Return how many seeds would prove a control that takes away at least what it surely does.

    By the one-sided 80 % limit of the ratio of the two distances, of normal differences; with 80 %
    power for both tests. A first distance of 0 says nothing, so that as many more are needed as
    have one. None above 10,000, or where that limit is no smaller distance.
    """
    if rung.per_seed_rms is None or not first.per_seed_rms:
        return None
    wider = math.sqrt(float(special.fdtri(rung.seeds, rung.seeds, ASSURANCE)))
    rms, first_rms = rung.per_seed_rms * wider, first.per_seed_rms
    if rms >= first_rms:
        return None
    telling = int(np.count_nonzero((first.differences != 0) | (rung.differences != 0)))
    least = math.floor(-math.log2(level)) + 1
    enough = _fewest_with_power(least, first_rms / rms, level) if rms else least
    if enough is None:
        return None
    needed = math.ceil(enough * len(first.differences) / telling)
    return needed if needed <= MOST_SEEDS else None


def _fewest_with_power(least: int, shrunk: float, level: float) -> int | None:
    """Return the seeds of which both tests show a distance that is `shrunk` times smaller."""
    wanted = share_of_power(2)

    def shows(count: int) -> bool:
        critical = float(special.fdtri(count, count, level))
        squares = float(special.fdtr(count, count, critical * shrunk**2))
        by_seed = equivalence_power(math.log(shrunk) / _LOG_RATIO, count, level, one_sided=True)
        return min(squares, by_seed) >= wanted

    return fewest(shows, least, MOST_SEEDS)


def has_its_mean(first: Rung, mean: float | None) -> bool:
    """Say whether the ladder's own seeds show the mean difference that a verdict is about."""
    return first.has_mean and (first.difference or 0.0) * (mean or 0.0) > 0


def takes_its_mean(rung: Rung, first: Rung, mean: float | None, alpha: float) -> bool:
    """Say whether more than half of a mean difference is shown to be gone under a control.

    The ladder's seeds must have it under the first control, and the 1 - alpha interval of what is
    left must lie within half of it; of equal differences, their sign test must. One that merely
    has 0 in it shows nothing: of few seeds it may hold the whole mean difference too. Where all
    bits are equal nothing is left, of any seed.
    """
    if rung.identical:
        return True
    if not has_its_mean(first, mean) or rung.spread is None:
        return False
    least = min(abs(mean or 0.0), abs(first.difference or 0.0))
    return paired.p_equivalence(rung.spread, least / 2) < alpha / 2


def seeds_to_tell_its_mean(
    rung: Rung, first: Rung, mean: float | None, judged: int, alpha: float
) -> int | None:
    """Return how many seeds would show that more than half of a mean difference is gone.

    `mean` is that of the `judged` seeds of the verdict. With 80 % power for each of the two things
    that it takes, if all of the mean is gone: what is left must be narrow enough, by the upper
    limit of how the differences vary here, and the first control must show the mean over the same
    seeds, by the lower limit of its size. At least twice as many as did not. None above 10,000.
    """
    if not mean or rung.spread is None or first.spread is None:
        return None
    needed = [2 * rung.seeds]
    if rung.spread.deviation:
        widest = upper_limit(rung.spread.deviation, rung.spread.count)
        needed.append(seeds_needed(widest, abs(mean) / 2, alpha / 2) or MOST_SEEDS + 1)
    if first.spread.deviation:
        least = lower_limit(abs(mean) / first.spread.deviation, judged)
        shows = seeds_to_show(least, alpha) if least else None
        needed.append(shows or MOST_SEEDS + 1)
    return max(needed) if max(needed) <= MOST_SEEDS else None
