"""A margin that is a share of the baseline's mean: that mean is an estimate as well.

"The candidate's mean is within a share r of the baseline's" is two statements about linear
contrasts of the pairs: c - (1 - r) b is above 0 on average, and so is (1 + r) b - c. Each is tested
with a one-sided t test over seeds, so that the spread of b counts as much as that of c - b; a
margin computed from the estimated mean and then taken for known calls versions at a margin of 50 %
or 100 % equivalent in 8 to 25 % of comparisons instead of 5 % (seed sd 30 %, simulated).

Sources: Fieller (1954), J. R. Statist. Soc. B 16, 175-185, for contrasts instead of a ratio;
Schuirmann (1987), as in `paired`, for the two one-sided tests.
"""

import math
import sys

import numpy as np

from diptych_analysis.statistics import paired
from diptych_analysis.statistics.paired import Spread
from diptych_analysis.statistics.sample import Floats, Sample, mean


def contrasts(
    sample: Sample, share: float, side: str, *, exact: bool = False
) -> list[tuple[Spread, Floats]]:
    """Return the contrasts whose means must be above 0; one for each side that is tested.

    Each with its values, shape (seeds,). `share` is r, at least 0. A negative baseline's mean
    swaps the ends: r |mean| is the margin. Empty for fewer than two seeds, and when a number
    leaves float64.
    """
    way = math.copysign(share, mean(sample.baseline)) if sample.count else share
    with np.errstate(over="ignore", invalid="ignore"):
        room: Floats = way * sample.baseline
        ends = {
            paired.NOT_BELOW: sample.differences + room,
            paired.NOT_ABOVE: room - sample.differences,
        }
    rounding = min((1 + share) * sample.rounding, sys.float_info.max)
    tested = [end for name, end in ends.items() if side in (name, paired.TWO_SIDED)]
    found = []
    for end in tested:
        spread = paired.spread_of(end, exact=exact, rounding=rounding)
        if spread is None:
            return []
        found.append((spread, end))
    return found
