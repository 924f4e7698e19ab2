"""What the operator says about a comparison; only it writes these."""

from typing import Annotated, Literal

from pydantic import Field

from diptych.api.base import (
    INT32_MAX,
    LIST_ATOMIC,
    Int32,
    Model,
    Sha256,
    VersionName,
    list_map,
)

Timestamp = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?Z$",
        max_length=40,
        json_schema_extra={"format": "date-time"},
    ),
]
Verdict = Literal["Identical", "Equivalent", "Different", "Inconclusive", "Invalid"]
Text = Annotated[str, Field(max_length=1024)]


class Condition(Model):
    """A fact about the comparison, in the form all of Kubernetes uses."""

    type: str = Field(
        description="Name of the condition: Accepted, Suspended, TrialsComplete, Compared, "
        "Finished, Succeeded or Failed.",
        pattern=r"^[A-Za-z]+$",
        max_length=64,
    )
    status: Literal["True", "False", "Unknown"] = Field(description="Whether it holds.")
    reason: str = Field(
        description="Why, in one word.",
        pattern=r"^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$",
        min_length=1,
        max_length=128,
    )
    message: str = Field(default="", description="Why, in a sentence.", max_length=32_768)
    last_transition_time: Timestamp = Field(description="Time when status last changed.")
    observed_generation: Annotated[int, Field(ge=0)] | None = Field(
        default=None, description="Generation of the spec that this was seen for."
    )


class Display(Model):
    """Text for the columns of kubectl get."""

    versions: Annotated[str, Field(max_length=256)] | None = Field(
        default=None, description='Versions in one line, like "2.1.0 → 2.4.0".'
    )
    trials: Annotated[str, Field(max_length=64)] | None = Field(
        default=None,
        description='Committed trials of all, like "18/20"; until Compared a lower bound.',
    )


class TrialCounts(Model):
    """Numbers of trials: lower bounds until Compared, then what the analysis read."""

    total: Int32 = Field(default=0, description="Trials of the plan.")
    committed: Int32 = Field(
        default=0,
        description="Trials whose record is in the store, whatever came of them; until Compared "
        "those of complete pods, a lower bound that never falls; then those that it read.",
    )
    succeeded: Annotated[int, Field(ge=0, le=INT32_MAX)] | None = Field(
        default=None, description="Trials that succeeded; known once the records are read."
    )
    failed: Annotated[int, Field(ge=0, le=INT32_MAX)] | None = Field(
        default=None, description="Trials that failed; known once the records are read."
    )
    active: Int32 = Field(default=0, description="Trials under way: pods that run, one in each.")


class ActiveTime(Model):
    """Time that counts for activeDeadlineSeconds: that in which trials were not suspended.

    After the trials that counts in which the API server refuses the analysis' Job, or a queue holds
    it, or its pod cannot begin.
    """

    seconds: Int32 = Field(default=0, description="Seconds of the spans that are over.")
    since: Timestamp | None = Field(
        default=None, description="Beginning of the span under way; absent when there is none."
    )


class GaveWay(Model):
    """A version without its image whose Job was deleted, for others waited for its pods' room."""

    job: Annotated[str, Field(max_length=63)] = Field(description="Name of that Job.")
    reason: Annotated[str, Field(max_length=128)] = Field(description="Why it lacks its image.")
    message: Text = Field(default="", description="Words of the node about it.")
    until: Timestamp = Field(
        description="Time when its next Job is made, if others still have trials to run then; "
        "else it is made at once."
    )


class VersionStatus(Model):
    """What is known about one version."""

    name: VersionName = Field(description="Name of the version in the comparison.")
    image: Annotated[str, Field(max_length=512)] | None = Field(
        default=None, description="Image that its pods were given."
    )
    image_id: Annotated[str, Field(max_length=1024)] | None = Field(
        default=None,
        alias="imageID",
        description="Image with its digest, as the node resolved it.",
    )
    other_image_ids: tuple[Annotated[str, Field(max_length=1024)], ...] = Field(
        default=(),
        alias="otherImageIDs",
        description="Other images that its pods were seen to run: its tag moved.",
        max_length=7,
        json_schema_extra=LIST_ATOMIC,
    )
    committed: Int32 = Field(
        default=0,
        description="Trials of complete pods, a lower bound that never falls; once Compared those "
        "that the analysis read.",
    )
    gave_way: GaveWay | None = Field(
        default=None,
        description="Set while its image is missing and its pods' room went to others; absent "
        "once it has run.",
    )
    jobs: tuple[Annotated[str, Field(max_length=63)], ...] = Field(
        default=(),
        description="Names of its Jobs, the newest last, at most 32 of them.",
        max_length=32,
        json_schema_extra=LIST_ATOMIC,
    )


class CandidateSummary(Model):
    """The verdict about one version, against the baseline."""

    version: VersionName = Field(description="Name of the candidate.")
    verdict: Verdict = Field(description="Verdict about it.")
    reason: Text = Field(default="", description="Why, in a sentence.")
    cause: Text | None = Field(
        default=None, description="Change that explains the difference; absent when none does."
    )


class MissingTrials(Model):
    """Trials of a version of which the analysis found no record."""

    version: VersionName = Field(description="Name of the version.")
    trials: Int32 = Field(description="Trials of it without a verified record.")


class SummaryTrials(Model):
    """Numbers of trials that the analysis read."""

    planned: Int32 = Field(default=0, description="Trials of the plan.")
    committed: Int32 = Field(default=0, description="Trials that have a COMMIT.")
    succeeded: Int32 = Field(default=0, description="Trials that succeeded.")
    diverged: Int32 = Field(default=0, description="Trials that became non-finite.")
    failed: Int32 = Field(default=0, description="Trials that failed.")
    missing: tuple[MissingTrials, ...] | None = Field(
        default=None,
        description="Versions that lack trials; absent where none does, or where no room is left.",
        max_length=16,
        json_schema_extra=LIST_ATOMIC,
    )


class Summary(Model):
    """The digest of summary.json."""

    verdict: Verdict = Field(description="Verdict of the comparison.")
    reason: Text = Field(default="", description="Why, in a sentence.")
    sha256: Sha256 | None = Field(default=None, description="SHA-256 of summary.json.")
    trials: SummaryTrials = Field(
        default=SummaryTrials(), description="Numbers of trials that the verdict rests on."
    )
    candidates: tuple[CandidateSummary, ...] = Field(
        default=(),
        description="Candidates, the worst verdict first.",
        max_length=16,
        json_schema_extra=LIST_ATOMIC,
    )
    candidates_left_out: Annotated[int, Field(ge=0, le=16)] = Field(
        default=0, description="Number of candidates that did not fit."
    )


class Report(Model):
    """Where the report lies."""

    uri: Annotated[str, Field(max_length=1280)] = Field(description="Address of report.html.")
    sha256: Sha256 | None = Field(default=None, description="SHA-256 of report.html.")


class Status(Model):
    """State of the comparison, written by the operator."""

    observed_generation: Annotated[int, Field(ge=0)] | None = Field(
        default=None, description="Generation of the spec that this status is about."
    )
    phase: Annotated[str, Field(max_length=64)] | None = Field(
        default=None,
        description="State in one word, derived from the conditions and counts: Pending, Queued, "
        "Running, Suspending, Suspended, Analyzing, Succeeded or Failed.",
    )
    display: Display = Field(default=Display(), description="Text for kubectl get.")
    conditions: tuple[Condition, ...] = Field(
        default=(),
        description="Facts about the comparison, one a type.",
        max_length=16,
        json_schema_extra=list_map("type"),
    )
    trials: TrialCounts = Field(default=TrialCounts(), description="Numbers of trials.")
    versions: tuple[VersionStatus, ...] = Field(
        default=(),
        description="What is known about each version.",
        max_length=16,
        json_schema_extra=list_map(),
    )
    analysis_jobs: tuple[Annotated[str, Field(max_length=63)], ...] = Field(
        default=(),
        description="Names of the Jobs of the analysis, the newest last, at most 32 of them.",
        max_length=32,
        json_schema_extra=LIST_ATOMIC,
    )
    failing_jobs: tuple[Annotated[str, Field(max_length=63)], ...] = Field(
        default=(),
        description="Names of the Jobs whose pods end with an error, each until a pod of it does "
        "better.",
        max_length=32,
        json_schema_extra=LIST_ATOMIC,
    )
    active_time: ActiveTime | None = Field(
        default=None, description="Time that counts for activeDeadlineSeconds."
    )
    store_unreachable_since: Timestamp | None = Field(
        default=None,
        description="Time since which no pod has reached the store; absent while they do.",
    )
    summary: Summary | None = Field(
        default=None, description="Digest of the result; absent until Compared."
    )
    report: Report | None = Field(
        default=None, description="Report of the result; absent until Compared."
    )
    start_time: Timestamp | None = Field(
        default=None, description="Time when the first Job was made."
    )
    completion_time: Timestamp | None = Field(
        default=None, description="Time when the comparison finished, in whatever way."
    )
