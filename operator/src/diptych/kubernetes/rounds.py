"""Which round a child is of: Jobs are never edited, so what is to run again is a new Job.

A round's number follows from the Jobs that are there and from those that the status names.
"""

from collections.abc import Iterable
from typing import Any

from diptych.kubernetes import names
from diptych.kubernetes.jobs import Job
from diptych.kubernetes.names import Part, part_of
from diptych.kubernetes.observed import Observed


def missing_trials(observed: Observed) -> list[Part]:
    """Return the next round of every version that has no Job, or whose Job somebody deleted.

    One whose trials are all committed needs none: Jobs may be cleaned away soon after their end.
    """
    children = observed.children
    return [
        Part(ordinal, _next(children.trials.get(ordinal, ()), _written(observed, ordinal)))
        for ordinal in range(len(observed.accepted.plan.versions))
        if children.current(ordinal) is None and not observed.is_committed(ordinal)
    ]


def next_analysis(observed: Observed) -> Part:
    """Return the next round of the analysis."""
    return Part(None, _next(observed.children.analyses, _written(observed, None)))


def unwritten(observed: Observed, made: Iterable[dict[str, Any]]) -> list[str]:
    """Return the Jobs that the status does not name yet.

    They were made just now, or by a pass that was cut off before it could say so.
    """
    there = [job.name for job in observed.children.all]
    there += [body["metadata"]["name"] for body in made if body["kind"] == "Job"]
    parts = {name: part for name in there if (part := part_of(name)) is not None}
    return [
        name for name, part in parts.items() if part.round > _last(_written(observed, part.ordinal))
    ]


def missing(observed: Observed, made: Iterable[str]) -> list[str]:
    """Return the Jobs before those just made that somebody else deleted.

    The status says what the operator deletes: all to suspend, and one that gives way.
    """
    past = observed.comparison.past
    if past.reason(names.SUSPENDED) in (names.SUSPENDED, names.SUSPENDING, names.RESUMING):
        return []
    versions = observed.accepted.plan.versions
    ways = [way for version in versions if (way := past.gave_way(version)) is not None]
    theirs = {job.name for job in observed.children.all if not job.is_deleted}
    theirs |= {way.job for way in ways}
    newest = [_written(observed, part.ordinal)[-1:] for job in made if (part := part_of(job))]
    return [job for jobs in newest for job in jobs if job not in theirs]


def _written(observed: Observed, ordinal: int | None) -> tuple[str, ...]:
    """Return the Jobs of a version, or of the analysis, that the status names."""
    past = observed.comparison.past
    if ordinal is None:
        return past.analysis_jobs
    return past.jobs_of(observed.accepted.plan.versions[ordinal])


def _next(jobs: Iterable[Job], written: Iterable[str]) -> int:
    return max([_last(written), *(job.part.round for job in jobs)]) + 1


def _last(written: Iterable[str]) -> int:
    rounds = [part.round for name in written if (part := part_of(name)) is not None]
    return max(rounds, default=0)
