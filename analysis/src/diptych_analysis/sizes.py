"""How many seeds a metric asks for, and what so many could show: of a fresh comparison always."""

import math

from diptych_analysis.estimate import Estimate
from diptych_analysis.statistics import paired, power


def minimum_detectable(row: Estimate, alpha: float) -> float | None:
    """Return the true difference shown with 80 % power; None without a spread over seeds.

    Holm's correction asks the first of several tests for alpha over their number.
    """
    if row.spread is None or row.spread.deviation == 0:
        return None
    return power.minimum_detectable(row.spread.deviation, row.spread.count, alpha / row.tests)


def seeds_needed(row: Estimate, alpha: float, *, assured: bool = True) -> int | None:
    """Return the size of a fresh comparison that would settle equivalence; None when unknown.

    With 80 % power for all rows that decide together, if each has the seeds it asks for:
    `assured`, planned by the upper limit of the deviation and not by its estimate.
    """
    if row.spread is None or not row.margin or row.identical or row.is_of_survivors:
        return None
    if row.spread.exact:
        return 2
    if are_equal(row) and not lies_inside(row):
        return equal_needed(row, alpha)
    deviations = [found.deviation for found in (row.spread, *(c.spread for c in row.contrasts))]
    fewest = max(2, math.floor(-math.log2(alpha)) + 1) if 0.0 in deviations else 2
    if not any(deviations):
        return fewest
    # The widest of the tests decides: all of them must show it.
    one_sided = row.side != paired.TWO_SIDED
    widest = max(deviations)
    if assured:
        widest = power.upper_limit(widest, row.spread.count)
    needed = power.seeds_needed(widest, row.margin, alpha, one_sided=one_sided, tests=row.tests)
    return None if needed is None else max(fewest, needed)


def are_equal(row: Estimate) -> bool:
    """Say whether all per-seed differences are equal, and not because they are known exactly."""
    spread = row.spread
    return spread is not None and spread.deviation == 0 and not spread.exact


def lies_inside(row: Estimate) -> bool:
    """Say whether the mean difference itself lies inside the margin."""
    if row.margin is None or row.spread is None:
        return False
    return paired.is_inside((row.spread.mean, row.spread.mean), row.margin, row.side)


def equal_needed(row: Estimate, alpha: float) -> int:
    """Return how many equal differences have a p that decides, whatever their size.

    That of the sign test: one-sided at alpha inside the margin; outside two-sided, at alpha
    over the number of tests.
    """
    tail = alpha if lies_inside(row) else alpha / row.tests / 2
    return math.floor(-math.log2(tail)) + 1


def seeds_to_replicate(row: Estimate, alpha: float) -> int | None:
    """Return the size of a fresh comparison that shows a difference again; None when unknown.

    With 80 % power if the true difference, in units of the deviation, is not below its lower
    limit: what is called Different is on average estimated too large. Never fewer seeds than
    here.
    """
    if row.spread is None or row.spread.exact or not row.spread.mean:
        return None
    count = row.spread.count
    if row.spread.deviation == 0:
        return count
    least = power.lower_limit(abs(row.spread.mean) / row.spread.deviation, count)
    needed = power.seeds_to_show(least, alpha / row.tests) if least else None
    return None if needed is None else max(count, needed)
