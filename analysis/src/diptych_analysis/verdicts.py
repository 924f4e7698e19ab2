"""The rules by which numbers become a verdict; docs and reports only repeat them."""

from collections.abc import Iterable

from diptych_analysis.diverging import Diverging
from diptych_analysis.estimate import Estimate
from diptych_analysis.summary import Verdict
from diptych_runner.contract import names

#: Worst first: over metrics of a candidate and over candidates the first that occurs wins.
PRECEDENCE: tuple[Verdict, ...] = (
    "Different",
    "Invalid",
    "Inconclusive",
    "Equivalent",
    "Identical",
)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict that comes first in PRECEDENCE; there must be one."""
    return min(verdicts, key=PRECEDENCE.index)


def metric_verdict(estimate: Estimate, adjusted: float | None, alpha: float) -> Verdict:
    """Return the verdict of one metric.

    Invalid      a problem was found: no number of this metric means anything
    Identical    equal bits in every pair of trials
    Equivalent   the equivalence interval inside the margin, also when a difference is detectable;
                 never unless the same seeds diverge in both versions, and one does not lose
                 many more trials than the other: else Inconclusive
    Different    0 outside the interval, and the Holm-adjusted p (`adjusted`) below alpha
    Inconclusive neither
    """
    if estimate.problem is not None:
        return "Invalid"
    if estimate.identical:
        return "Identical"
    if estimate.is_equivalent(alpha):
        return "Inconclusive" if estimate.is_of_survivors else "Equivalent"
    if estimate.excludes_zero and adjusted is not None and adjusted < alpha:
        return "Different"
    return "Inconclusive"


def diverging_verdict(diverging: Diverging, adjusted: float | None, alpha: float) -> Verdict:
    """Return what an outcome alone says: Different, Inconclusive, or Identical for nothing.

    Divergence that is not the same in both is never nothing. A failure may be the machine's, so
    that a few are: only more than chance explains are Different.
    """
    if adjusted is not None and adjusted < alpha:
        return "Different"
    open_question = diverging.differ and diverging.outcome == names.DIVERGED
    return "Inconclusive" if open_question else "Identical"
