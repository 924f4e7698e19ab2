"""Whether one version lost so many more trials that the seeds left may be a selection.

A failure may be the machine's, so that a few prove nothing. But the seeds that a version did not
lose do not show that it is equivalent to one that lost none.
"""

from collections.abc import Sequence
from fractions import Fraction

from diptych_analysis.diverging import completed, failing_of
from diptych_analysis.records.outcome import Record

#: The share of its trials that a version may lose by default, and so one more than the other.
_TOLERATED = Fraction(1, 10)


def selection_told(
    records: Sequence[Sequence[Record]], names: tuple[str, str], alpha: float
) -> str | None:
    """Return that two versions lost too unequal shares of their trials; None when they did not.

    `records` are all of baseline and of candidate under one control. Too unequal: by more than a
    tenth, or seeds fail in one version beyond chance. No correction for other tests: what keeps
    a claim back needs none.
    """
    lost = [sum(not completed(record) for record in each) for each in records]
    counts = [max(1, len(each)) for each in records]
    shares = [Fraction(some, count) for some, count in zip(lost, counts, strict=True)]
    failing = failing_of(0, *records)
    if abs(shares[0] - shares[1]) <= _TOLERATED and failing.p_difference >= alpha:
        return None
    return (
        f"{lost[1]} of {counts[1]} trials of {names[1]} and {lost[0]} of {counts[0]} of {names[0]} "
        "did not complete: the seeds that are left may be a selection"
    )
