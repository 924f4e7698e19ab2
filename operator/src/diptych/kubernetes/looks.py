"""Which pods to look at, and how: pods are never watched, a few are listed when a reason asks.

A look is a bounded read: some pods of one Job in one phase. What is not asked for is not read.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from diptych.kubernetes.comparison import Accepted, Comparison
from diptych.kubernetes.jobs import Children, Job

#: Pods of a phase that are read: they wait or fail for the same few reasons.
FEW = 5


@dataclass(frozen=True)
class Look:
    """A read about one Job: pods of a phase, or the Events about the Job itself."""

    job: Job
    phase: str | None
    limit: int = FEW


def looks_at(
    comparison: Comparison,
    accepted: Accepted,
    children: Children,
    *,
    may_identify: bool,
    may_explain: bool,
) -> list[Look]:
    """Return the looks that a decision about this comparison needs.

    Results are always read; the two flags say whether it is time again to look for the images
    that run, and for what holds pods up.
    """
    found = [*_results(children)]
    if may_identify:
        found += _images(comparison, accepted, children)
    if not may_explain:
        return found
    if comparison.past.is_trials_over:
        jobs = [children.analysis]
    else:
        jobs = [children.current(ordinal) for ordinal in range(len(accepted.images))]
    for job in jobs:
        if job is not None:
            found += _explanations(job)
    return found


def _results(children: Children) -> Iterator[Look]:
    job = children.analysis
    if job is not None and job.ended == "Complete":
        yield Look(job, "Succeeded")
    if job is not None and job.ended == "Failed":
        yield Look(job, "Failed")


def _explanations(job: Job) -> Iterator[Look]:
    if job.ended == "Failed" and job.part.ordinal is not None:
        yield Look(job, "Failed")
    if not job.is_open or job.is_suspended:
        return
    if job.ready < job.wanted:
        yield Look(job, "Pending")
    if job.active < job.wanted:
        yield Look(job, None)
    # Pods whose end is ignored, such as of an outage of the store, are in no count of the Job.
    if job.succeeded == 0:
        yield Look(job, "Failed")


def _images(comparison: Comparison, accepted: Accepted, children: Children) -> Iterator[Look]:
    for ordinal, version in enumerate(accepted.plan.versions):
        job = children.current(ordinal)
        if job is None or comparison.past.versions.get(version, {}).get("imageID"):
            continue
        if job.ready:
            yield Look(job, "Running", limit=1)
        elif job.succeeded:
            yield Look(job, "Succeeded", limit=1)
