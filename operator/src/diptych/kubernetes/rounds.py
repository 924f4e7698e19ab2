"""Which round a child is of: Jobs are never edited, so what is to run again is a new Job.

A round's number follows from the Jobs that are there and from those that the status names.
"""

from collections.abc import Iterable

from diptych.kubernetes.jobs import Job
from diptych.kubernetes.names import Part, part_of
from diptych.kubernetes.observed import Observed


def missing_trials(observed: Observed) -> list[Part]:
    """Return the next round of every version that has no Job, or whose Job somebody deleted."""
    children, past = observed.children, observed.comparison.past
    return [
        Part(ordinal, _next(children.trials.get(ordinal, ()), past.jobs_of(version)))
        for ordinal, version in enumerate(observed.accepted.plan.versions)
        if children.current(ordinal) is None
    ]


def next_analysis(observed: Observed) -> Part:
    """Return the next round of the analysis."""
    return Part(None, _next(observed.children.analyses, ()))


def _next(jobs: Iterable[Job], written: Iterable[str]) -> int:
    rounds = [job.part.round for job in jobs]
    rounds += [part.round for name in written if (part := part_of(name)) is not None]
    return max(rounds, default=0) + 1
