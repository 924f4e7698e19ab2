"""The whole answer, and the parts that are of the comparison and not of a metric."""

from typing import Annotated, Literal

from pydantic import Field

from diptych_analysis.summary.base import Control, Count, Model, Sha256, Verdict
from diptych_analysis.summary.calibrations import Calibration
from diptych_analysis.summary.metrics import Metric
from diptych_analysis.summary.sweeps import Sweep
from diptych_analysis.summary.trajectories import Attribution, Predictions, Probe, Trajectory


class Comparison(Model):
    """Which comparison this is."""

    name: str = Field(description="metadata.name of the resource.")
    uid: str = Field(description="The resource's uid, or locally the sha256 of the axes.")


class Origin(Model):
    """Where a version's trials lie when they are of another comparison."""

    version: str = Field(description="Its name here.")
    comparison: str = Field(description="Where its trials are: a folder or an address of S3.")
    name: str = Field(description="Its name there.")


class NotPinned(Model):
    """What stays with a version under a control that shares parameters."""

    version: str = Field(description="Name of the version.")
    parameters: list[str] = Field(
        description="Of the optimizer: no value of the baseline's is known, or this version has "
        "no such parameter, or the class is the code's own."
    )


class Shortfall(Model):
    """A planned trial that did not succeed."""

    trial: str = Field(description="Its folder, relative to the comparison's.")
    status: Literal["Missing", "Refused", "Diverged", "Failed"] = Field(
        description="No COMMIT; a record that cannot be trusted; a committed outcome."
    )
    reason: str = Field(description="What happened, and for a refused record what to do.")


class Trials(Model):
    """How many trials there are, over all versions, controls and settings."""

    planned: Count = Field(description="In the plan.")
    committed: Count = Field(description="With a verified record, whatever the outcome.")
    succeeded: Count = Field(description="Trained to the end with finite predictions.")
    diverged: Count = Field(description="A loss or a prediction was not finite.")
    failed: list[Shortfall] = Field(description="Every trial that did not succeed, plan order.")


class Usage(Model):
    """What a trial of one version takes: medians over its committed trials, peaks at most."""

    version: str = Field(description="Name of the version.")
    median_step_seconds: float | None = Field(description="Median of each trial's median step.")
    median_wall_seconds: float | None = Field(description="From the model to the predictions.")
    peak_host_bytes: Count | None = Field(description="Largest of all trials.")
    peak_device_bytes: Count | None = Field(description="Largest of all trials.")
    peak_device_reason: str | None = Field(description="Why there is no device peak.")


class Resources(Model):
    """Time and memory of both versions; never part of a verdict."""

    baseline: Usage = Field(description="Of the baseline.")
    candidate: Usage = Field(description="Of this candidate.")


class Problem(Model):
    """Why trials cannot be compared."""

    rule: Literal[
        "FrameworkVersion",
        "Accelerator",
        "GpuModel",
        "GpuDriver",
        "RunnerCode",
        "UserCode",
        "TestSet",
        "TrainingSet",
        "Shapes",
        "Control",
        "Defaults",
        "Numerics",
        "Parameters",
        "Threads",
    ] = Field(description="What must be equal, or as asked for, and is not.")
    text: str = Field(description="For people, without a full stop.")
    trials: list[str] = Field(
        description="Folders of the trials that stand out, in the plan's order, at most 50."
    )
    trials_left_out: Count = Field(description="How many more there are.")


Fit = Literal["Fits", "DoesNotFit", "Open"]


class KnownChange(Model):
    """A change between the two versions that touches what the workload uses, or may: no more.

    That it is the cause nobody says here.
    """

    id: str = Field(description="Its name in the table.")
    version: str = Field(description="The version that brought it.")
    after: str | None = Field(
        description="The last version known to be without it; null when `version` brought it."
    )
    area: str = Field(description="What it is about.")
    effect: str = Field(description="What changed.")
    certain: bool = Field(
        description="Whether plan and records tell that what was trained uses it; code of one's "
        "own may use anything."
    )
    knob: str | None = Field(description="What undoes it or holds it equal; null when nothing.")
    fit: Fit = Field(
        default="Open",
        description="Fits: it moves what was made equal when the distance went away. DoesNotFit: "
        "it is at work where nothing is left, or moves only what is equal without a control. "
        "Neither is the cause, nor proof against it outside this metric.",
    )
    source: str = Field(description="Where that is said, or what measured it.")


class Outcome(Model):
    """How many seeds did not succeed in each version, tested as a rate: McNemar's exact test."""

    outcome: Literal["Diverged", "Failed"] = Field(description="What happened to them.")
    setting: Count = Field(description="Index into the plan's settings; only 0 decides.")
    seeds: Count = Field(
        description="Whose trials ended in both versions: for Diverged with a measured outcome, "
        "for Failed with any."
    )
    baseline: Count = Field(description="How many of them in the baseline.")
    candidate: Count = Field(description="How many of them in the candidate.")
    baseline_only: Count = Field(description="How many in the baseline and not in the candidate.")
    candidate_only: Count = Field(description="How many in the candidate and not in the baseline.")
    p_difference: float = Field(description="Of 'as likely in either version', two-sided.")
    p_adjusted: float | None = Field(
        description="Over all tests of its family; null for one that could reject nothing, which "
        "is in no family."
    )


class Candidate(Model):
    """One version against the baseline."""

    version: str = Field(description="Name of the version.")
    verdict: Verdict = Field(description="The worst over its primary metrics and divergence.")
    reason: str = Field(description="One or a few sentences that a person can act on.")
    problems: list[Problem] = Field(
        default=[], description="Each makes the candidate Invalid; too few trials are in `reason`."
    )
    metrics: list[Metric] = Field(description="Setting 0 first, in the plan's order.")
    outcomes: list[Outcome] = Field(
        default=[], description="Where a trial of either version diverged or failed."
    )
    trajectory: Trajectory | None = Field(description="Null when no pair of trials ran.")
    predictions: Predictions | None = Field(
        default=None, description="Null when this is no classifier, or trials cannot be compared."
    )
    attribution: list[Attribution] = Field(description="The verdict's control first.")
    probe: Probe | None = Field(
        default=None, description="Null when no seed was probed in both versions."
    )
    cause: str | None = Field(description="What the rows above say about why; null: no question.")
    sweep: Sweep | None = Field(
        default=None, description="Null when nothing is swept, or trials cannot be compared."
    )
    resources: Resources = Field(description="Time and memory.")
    known_changes: list[KnownChange] = Field(
        description="Those between the versions that apply, oldest first; none is called the cause."
    )


class Fresh(Model):
    """A comparison on unused seeds that would settle what is open, or replicate what differs."""

    first: Count = Field(description="First seed: none here was used.")
    count: Annotated[int, Field(ge=2)] = Field(description="How many seeds.")
    versions: list[str] = Field(
        description="The baseline and the candidates that are open or Different."
    )
    replicates: list[str] = Field(
        default=[], description="Those that are Different here, to be seen once more."
    )
    trials: Count = Field(description="How many trials, repeats for the noise floor included.")
    trial_hours: float | None = Field(
        description="Hours of training, one trial after the other, at each version's median wall "
        "time here; null when unknown."
    )
    resource: str | None = Field(
        description="The VersionComparison as YAML, ready to run; null: `notRunnable` says why."
    )


class Ladder(Model):
    """A comparison whose controls would tell which change caused a difference."""

    controls: list[Control] = Field(description="For attribution, those that were run included.")
    seeds: Annotated[int, Field(ge=1)] = Field(description="How many, the same for every control.")
    versions: list[str] = Field(description="The baseline and the candidates that are open.")
    trials: Count = Field(description="How many trials.")
    trial_hours: float | None = Field(
        description="Hours of training, one trial after the other, at each version's median wall "
        "time here; null when unknown."
    )
    resource: str | None = Field(
        description="The VersionComparison as YAML, ready to run; null: `notRunnable` says why."
    )


class Summary(Model):
    """The whole answer."""

    schema_version: Literal[1] = Field(default=1, description="Of this format.")
    comparison: Comparison = Field(description="Which comparison this is.")
    verdict: Verdict = Field(description="The worst over the candidates.")
    reason: str = Field(description="One or two sentences, at most 300 bytes of UTF-8.")
    baseline: str = Field(description="The version that the others are compared with.")
    trials: Trials = Field(description="Counts, and every trial that did not succeed.")
    commits: Sha256 = Field(description="Over the sorted (trial, sha256 of COMMIT).")
    results: Sha256 = Field(
        description="Over the sorted (trial, outcome, sha256 of metrics.jsonl, array hashes): "
        "equal for two undisturbed runs on one machine."
    )
    post_hoc: list[str] = Field(
        default=[],
        description="What was asked otherwise than declared before the trials ran, margins above "
        "all: such a verdict is weaker evidence.",
    )
    origins: list[Origin] = Field(
        default=[], description="Of a comparison put together from two finished ones."
    )
    candidates: list[Candidate] = Field(description="In the plan's order.")
    not_pinned: list[NotPinned] = Field(
        default=[],
        description="Where a control shares parameters: a version without any is left out.",
    )
    fresh: Fresh | None = Field(
        default=None, description="Null when nothing is open or Different, or no size is known."
    )
    ladder: Ladder | None = Field(
        default=None, description="Null when no control that was not run would tell the cause."
    )
    not_runnable: str | None = Field(
        default=None,
        description="Why there is no YAML of trials like these, as of records of another program.",
    )
    calibration: list[Calibration] = Field(
        default=[],
        description="With spec.analysis.calibration, or by `diptych calibrate`: how often this "
        "pipeline, on this noise, cries wolf. A version of fewer than four seeds is left out.",
    )

    def to_json(self) -> str:
        """Return summary.json's text: indented by 2, one newline at the end."""
        return self.model_dump_json(by_alias=True, indent=2) + "\n"
