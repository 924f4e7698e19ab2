"""What is kept of a Job: a dozen numbers, whatever its size; and the Jobs by what they are for."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from diptych.api.raw import at, integer_at, list_at, text_at
from diptych.kubernetes import names, times
from diptych.kubernetes.indexes import NONE, Indexes
from diptych.kubernetes.names import Part, part_of

Raw = Mapping[str, Any]

#: A deleted Job that is still there has pods that end; not for ever is that waited for, since those
#: of a lost node never say that they did.
_PODS_END_WITHIN = timedelta(minutes=2)


@dataclass(frozen=True)
class Job:
    """One of our Jobs, as it was when it was read."""

    name: str
    uid: str
    part: Part
    image: str | None = None
    started: datetime | None = None
    deleted: datetime | None = None
    is_suspended: bool = False
    completions: int = 1
    parallelism: int = 1
    active: int = 0
    ready: int = 0
    #: Pods that are to go and have not ended: others take their places only then.
    terminating: int = 0
    succeeded: int = 0
    pods_failed: int = 0
    complete: Indexes = NONE
    failed: Indexes = NONE
    ended: Literal["Complete", "Failed"] | None = None
    ended_at: datetime | None = None
    why: str = ""

    @property
    def is_deleted(self) -> bool:
        """Whether it is to go, or goes already."""
        return self.deleted is not None

    @property
    def is_open(self) -> bool:
        """Whether it still has something to do."""
        return self.ended is None and not self.is_deleted

    @property
    def wanted(self) -> int:
        """How many pods should run now."""
        rest = self.completions - self.succeeded - self.failed.count
        return 0 if self.ended or self.is_suspended else max(0, min(self.parallelism, rest))

    def has_open(self, index: int | None) -> bool:
        """Return whether an index is still to be done; a Job without indexes has one to do."""
        if index is None:
            return self.is_open
        return self.is_open and not self.complete.has(index) and not self.failed.has(index)

    def open_indexes(self) -> Iterator[int]:
        """Yield the indexes that are still to be done, in the order in which they are tried."""
        return (index for index in range(self.completions) if self.has_open(index))


@dataclass(frozen=True)
class Children:
    """The Jobs of a comparison: each version's and the analysis', oldest round first."""

    trials: Mapping[int, tuple[Job, ...]]
    analyses: tuple[Job, ...] = ()

    def current(self, ordinal: int) -> Job | None:
        """Return a version's Job that counts: the newest that nobody deleted."""
        return _newest(self.trials.get(ordinal, ()))

    @property
    def analysis(self) -> Job | None:
        """The analysis' Job that counts: the newest that nobody deleted."""
        return _newest(self.analyses)

    def ending(self, now: datetime) -> set[int]:
        """Return the versions whose pods of a deleted Job may still commit."""
        return {
            ordinal
            for ordinal, jobs in self.trials.items()
            for job in jobs
            if job.deleted is not None and now - job.deleted < _PODS_END_WITHIN
        }

    @property
    def all(self) -> tuple[Job, ...]:
        """Every Job."""
        return (*(job for jobs in self.trials.values() for job in jobs), *self.analyses)


NO_CHILDREN = Children({})


def children_of(items: Iterable[Raw], owner: str) -> Children:
    """Return the Jobs that a comparison of uid `owner` controls, by what they are for."""
    found = sorted(
        (job for job in (job_of(item, owner) for item in items) if job is not None),
        key=lambda job: job.part.round,
    )
    trials: dict[int, tuple[Job, ...]] = {}
    for job in found:
        if job.part.ordinal is not None:
            trials[job.part.ordinal] = (*trials.get(job.part.ordinal, ()), job)
    return Children(trials, tuple(job for job in found if job.part.ordinal is None))


def job_of(item: Raw, owner: str) -> Job | None:
    """Return what is kept of a Job; None when another owns it or it has no name of ours.

    The name tells what it is for, not the labels: those may be edited.
    """
    name, uid = text_at(item, "metadata", "name"), text_at(item, "metadata", "uid")
    part = part_of(name or "")
    if name is None or uid is None or part is None or not is_owned(item, owner):
        return None
    status = item.get("status") or {}
    ended, ended_at, why = _ending(status)
    return Job(
        name=name,
        uid=uid,
        part=part,
        image=_image(item),
        started=times.parsed(status.get("startTime")),
        deleted=times.parsed(at(item, "metadata", "deletionTimestamp")),
        is_suspended=at(item, "spec", "suspend") is True,
        completions=integer_at(item, "spec", "completions", default=1),
        parallelism=integer_at(item, "spec", "parallelism", default=1),
        active=integer_at(status, "active", default=0),
        ready=integer_at(status, "ready", default=0),
        terminating=integer_at(status, "terminating", default=0),
        succeeded=integer_at(status, "succeeded", default=0),
        pods_failed=integer_at(status, "failed", default=0),
        complete=Indexes.of(text_at(status, "completedIndexes") or ""),
        failed=Indexes.of(text_at(status, "failedIndexes") or ""),
        ended=ended,
        ended_at=ended_at,
        why=why,
    )


def is_owned(item: Raw, owner: str) -> bool:
    """Return whether the object of uid `owner` controls this one."""
    references = list_at(item, "metadata", "ownerReferences")
    return any(
        at(reference, "uid") == owner and at(reference, "controller") is True
        for reference in references
    )


def _image(item: Raw) -> str | None:
    """Return the image of our container, which others may stand beside."""
    containers = list_at(item, "spec", "template", "spec", "containers")
    ours = (names.TRIAL, names.ANALYSIS)
    return next((text_at(c, "image") for c in containers if text_at(c, "name") in ours), None)


def _newest(jobs: tuple[Job, ...]) -> Job | None:
    return next((job for job in reversed(jobs) if not job.is_deleted), None)


def _ending(status: Raw) -> tuple[Literal["Complete", "Failed"] | None, datetime | None, str]:
    """Return the condition that ended a Job, since when it holds, and its message."""
    for condition in list_at(status, "conditions"):
        kind = text_at(condition, "type")
        if text_at(condition, "status") != "True":
            continue
        since = times.parsed(at(condition, "lastTransitionTime"))
        if kind == "Complete":
            return "Complete", since, ""
        if kind == "Failed":
            return "Failed", since, text_at(condition, "message") or ""
    return None, None, ""
