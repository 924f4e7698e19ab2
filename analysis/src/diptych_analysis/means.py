"""What becomes of a mean difference once a control takes its part away, in words."""

from diptych_analysis.attribution import Rung
from diptych_analysis.percents import level
from diptych_analysis.proof import has_its_mean, takes_its_mean
from diptych_analysis.sentences import number
from diptych_analysis.wording import Asked

#: Of a mean difference more than this much is not nearly gone, nor is it when less is left.
_HALF = 0.5


def gone_with_it(first: Rung, best: Rung, asked: Asked, alpha: float) -> str:
    """Say what becomes of the mean difference, where it is what the verdict is about."""
    is_gone = takes_its_mean(best, first, asked.mean, alpha) and not best.has_mean
    if not asked.is_different or not is_gone or not has_its_mean(first, asked.mean):
        return ""
    return (
        f", and the mean difference of {number(first.difference)} over these seeds with it (to "
        f"{number(best.difference)}),"
    )


def is_left_open(first: Rung, best: Rung, asked: Asked, alpha: float) -> bool:
    """Say whether it is not shown what becomes of the mean difference of a Different metric."""
    is_shown = best.has_mean or takes_its_mean(best, first, asked.mean, alpha)
    return asked.is_different and not is_shown


def mean_left(known: str, first: Rung, best: Rung, asked: Asked) -> str:
    """Return what a mean difference that a control leaves, `known`, is of what there was."""
    before = first.difference or 1.0
    if not has_its_mean(first, asked.mean):
        return f"a mean difference of {known} shows"
    if best.interval is not None and min(end / before for end in best.interval) > _HALF:
        return f"the mean difference of {known} is still there"
    return f"of the mean difference of {number(before)} over these seeds {known} is left"


def mean_interval(best: Rung, alpha: float) -> str:
    """Return the interval of what is left of a mean difference, or that it does not vary."""
    low, high = best.interval or (None, None)
    if low == high:
        return "the same in each seed"
    return f"{level(alpha)} interval {number(low)} to {number(high)}"
