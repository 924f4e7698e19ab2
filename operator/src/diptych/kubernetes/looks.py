"""Which pods to look at, and how: pods are never watched, a few are listed when a reason asks.

A look is a bounded read: some pods of one Job in one phase. What is not asked for is not read.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from itertools import islice

from diptych.kubernetes.comparison import Accepted, Comparison
from diptych.kubernetes.jobs import Children, Job

#: Pods of a phase that are read: they wait or fail for the same few reasons.
FEW = 5
#: Failed pods that are read of a few indexes, for one index may have many, in no order; and pods
#: that run, where one of them does not go.
MANY = 50


@dataclass(frozen=True)
class Look:
    """A read about one Job: pods of a phase, of these indexes if any are given; or its Events."""

    job: Job
    phase: str | None
    limit: int = FEW
    indexes: tuple[int, ...] = ()
    #: Whether pods have a node or have none yet; None for both.
    is_placed: bool | None = None


def looks_at(
    comparison: Comparison,
    accepted: Accepted,
    children: Children,
    *,
    may_identify: bool,
    may_explain: bool,
    identified: Container[str] = (),
) -> list[Look]:
    """Return the looks that a decision about this comparison needs.

    Results are always read; the two flags say whether it is time again to look for the images
    that run, and for what holds pods up. The images of Jobs that are identified, by uid, are known.
    """
    found = [*_results(children)]
    if may_identify:
        found += _images(comparison, accepted, children, identified)
    if not may_explain:
        return found
    if comparison.spec.get("suspend") is True:
        # One of a lost node would keep it from being suspended, and nobody would know why.
        found += [Look(job, "Running", MANY) for job in children.all if job.is_deleted]
    if comparison.past.is_trials_over:
        jobs = [children.analysis]
    else:
        jobs = [children.current(ordinal) for ordinal in range(len(accepted.images))]
    for job in filter(None, jobs):
        found += _explanations(job)
        if job.name in comparison.past.failing_jobs:
            found += _closed(job)
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
        # Those that have a node know more, and there may be many that have none.
        yield Look(job, "Pending", is_placed=True)
        yield Look(job, "Pending", is_placed=False)
    if job.terminating:
        yield Look(job, "Running", MANY)
    if job.active < job.wanted:
        yield Look(job, None)
    # Pods whose end is ignored, such as of an outage of the store, are in no count of the Job.
    yield Look(job, "Failed", MANY, _tried(job))


def _closed(job: Job) -> Iterator[Look]:
    """Yield a look at failed pods of the blocks that were closed last: others may fail so."""
    newest = (*islice(job.complete.falling(), 2), *islice(job.failed.falling(), 2))
    if job.is_open and newest:
        yield Look(job, "Failed", MANY, newest)


def proofs(job: Job) -> list[Look]:
    """Return the looks that tell whether a pod got further than those that failed before it."""
    if not job.is_open:
        return []
    running = Look(job, "Running", indexes=_tried(job))
    # Indexes are taken in their order: the highest that are complete were so last.
    newest = tuple(islice(job.complete.falling(), FEW))
    return [running, Look(job, "Succeeded", indexes=newest)] if newest else [running]


def _tried(job: Job) -> tuple[int, ...]:
    """Return the first indexes that are open: those that pods are made for now."""
    if job.part.ordinal is None:
        return ()
    return tuple(islice(job.open_indexes(), FEW))


def _images(
    comparison: Comparison, accepted: Accepted, children: Children, identified: Container[str]
) -> Iterator[Look]:
    for ordinal, version in enumerate(accepted.plan.versions):
        job = children.current(ordinal)
        is_known = bool(comparison.past.versions.get(version, {}).get("imageID"))
        if job is None or (is_known and job.uid in identified):
            continue
        # A few, for nodes may have pulled another image by the same tag.
        if job.ready:
            yield Look(job, "Running")
        elif job.succeeded:
            yield Look(job, "Succeeded")
