"""What the status said before: read leniently, for another version of the operator may have
written it, and a person may have edited it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from diptych.api.raw import at, integer_at, list_at, mapping_at, text_at
from diptych.kubernetes import names, times

Raw = Mapping[str, Any]


@dataclass(frozen=True)
class Condition:
    """A condition as it was written."""

    status: str
    reason: str
    message: str
    since: datetime | None


@dataclass(frozen=True)
class GaveWay:
    """A version whose Job was deleted for want of its image, so that others got its pods' room."""

    job: str
    reason: str
    message: str
    until: datetime

    @property
    def round(self) -> int:
        """Which round of the version's Jobs it was."""
        part = names.part_of(self.job)
        return 0 if part is None else part.round


@dataclass(frozen=True)
class Past:
    """The status as it was; what is not there was never written."""

    raw: Raw = field(default_factory=dict)
    conditions: Mapping[str, Condition] = field(default_factory=dict)
    committed: int = 0
    versions: Mapping[str, Raw] = field(default_factory=dict)
    analysis_jobs: tuple[str, ...] = ()
    failing_jobs: tuple[str, ...] = ()
    start_time: datetime | None = None
    completion_time: datetime | None = None
    active_seconds: int = 0
    active_since: datetime | None = None
    away_since: datetime | None = None

    def holds(self, kind: str) -> bool:
        """Return whether a condition was True."""
        return kind in self.conditions and self.conditions[kind].status == "True"

    def reason(self, kind: str) -> str:
        """Return a condition's reason, or nothing."""
        return self.conditions[kind].reason if kind in self.conditions else ""

    @property
    def is_finished(self) -> bool:
        """Whether there is nothing more to do but to go."""
        return self.holds(names.FINISHED)

    @property
    def is_trials_over(self) -> bool:
        """Whether trials had ended, or their time had: from then on only the analysis runs."""
        return (
            self.holds(names.TRIALS_COMPLETE)
            or self.reason(names.TRIALS_COMPLETE) == names.DEADLINE_EXCEEDED
        )

    def jobs_of(self, version: str) -> tuple[str, ...]:
        """Return the names of a version's Jobs that were written down, the newest last."""
        return _texts(list_at(self.versions.get(version), "jobs"))

    @property
    def newest_jobs(self) -> tuple[str, ...]:
        """The name of each version's Job that was written down last, and of the analysis'."""
        each = (*(self.jobs_of(version) for version in self.versions), self.analysis_jobs)
        return tuple(jobs[-1] for jobs in each if jobs)

    def image_that_ran(self, version: str) -> str | None:
        """Return the image that a version's pods ran already: another operator may have others."""
        entry = self.versions.get(version)
        return text_at(entry, "image") if text_at(entry, "imageID") else None

    def image_begun_with(self, version: str) -> str | None:
        """Return the image that was written down for a version, if anything of any version ran.

        From then on the others stay as they are too: two builds of the runner compare nothing.
        """
        began = any(text_at(entry, "imageID") for entry in self.versions.values())
        return text_at(self.versions.get(version), "image") if began or self.committed else None

    def gave_way(self, version: str) -> GaveWay | None:
        """Return how a version gave its room away; None when it did not."""
        way = mapping_at(self.versions.get(version), "gaveWay")
        job, until = text_at(way, "job"), times.parsed(at(way, "until"))
        if job is None or until is None:
            return None
        reason = text_at(way, "reason") or names.IMAGE_PULL
        return GaveWay(job, reason, text_at(way, "message") or "", until)

    def committed_of(self, version: str) -> int:
        """Return how many of a version's trials were known to be committed."""
        return max(0, integer_at(self.versions.get(version), "committed", default=0))


def past_of(status: object) -> Past:
    """Return what is understood of a status."""
    raw: Raw = status if isinstance(status, dict) else {}
    return Past(
        raw=raw,
        conditions=_conditions(raw),
        committed=max(0, integer_at(raw, "trials", "committed", default=0)),
        versions={
            name: entry
            for entry in list_at(raw, "versions")
            if (name := text_at(entry, "name")) is not None
        },
        analysis_jobs=_texts(list_at(raw, "analysisJobs")),
        failing_jobs=_texts(list_at(raw, "failingJobs")),
        start_time=times.parsed(at(raw, "startTime")),
        completion_time=times.parsed(at(raw, "completionTime")),
        active_seconds=max(0, integer_at(raw, "activeTime", "seconds", default=0)),
        active_since=times.parsed(mapping_at(raw, "activeTime").get("since")),
        away_since=times.parsed(at(raw, "storeUnreachableSince")),
    )


def _texts(items: list[Any]) -> tuple[str, ...]:
    return tuple(item for item in items if isinstance(item, str))


def _conditions(raw: Raw) -> dict[str, Condition]:
    found = {}
    for entry in list_at(raw, "conditions"):
        kind = text_at(entry, "type")
        if kind is not None:
            found[kind] = Condition(
                status=text_at(entry, "status") or "Unknown",
                reason=text_at(entry, "reason") or "",
                message=text_at(entry, "message") or "",
                since=times.parsed(at(entry, "lastTransitionTime")),
            )
    return found
