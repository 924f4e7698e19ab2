"""summary.json as pydantic models: the one source of its schema. Its names are public.

Numbers are finite or null. Everything but `commits` and `resources` follows from what the trials
computed alone, so that two analyses of equal results are equal.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from diptych_runner.contract import names

Verdict = Literal["Different", "Invalid", "Inconclusive", "Equivalent", "Identical"]
Control = Annotated[str, Field(json_schema_extra={"enum": list(names.CONTROLS)})]
Bounds = tuple[float, float]
Count = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Model(BaseModel):
    """A frozen object of the summary: camelCase names, nothing extra, no NaN."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        json_schema_serialization_defaults_required=True,
    )


class Comparison(Model):
    """Which comparison this is."""

    name: str = Field(description="metadata.name of the resource.")
    uid: str = Field(description="The resource's uid, or locally the sha256 of the axes.")


class Origin(Model):
    """Where a version's trials lie when they are of another comparison."""

    version: str = Field(description="Its name here.")
    comparison: str = Field(description="Folder of the comparison that its trials are of.")
    name: str = Field(description="Its name there.")


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


class Noise(Model):
    """Sample standard deviations, pooled over both versions, in the metric's unit."""

    same_seed: float | None = Field(
        description="Over repeats of one version and seed; null without repeats."
    )
    between_seeds: float | None = Field(description="Over seeds; null for fewer than two.")


class Effect(Model):
    """The difference without its unit."""

    seed_sigmas: float | None = Field(
        description="In standard deviations between seeds; null when seeds do not vary."
    )
    same_seed_sigmas: float | None = Field(
        description="In standard deviations of one version and seed; null without repeats, or "
        "when they are equal."
    )
    probability_better: Annotated[float, Field(ge=0, le=1)] | None = Field(
        description="How often a candidate's training beats a baseline's of any seed, in the "
        "metric's direction; ties count half."
    )


class SecondMethod(Model):
    """A method that takes no normal law; where it decides, a verdict takes it and Student's t."""

    name: Literal["SignFlips", "Bca"] = Field(
        description="Exact flips of signs below 20 seeds, the BCa bootstrap from there."
    )
    decides: bool = Field(
        description="Whether it has a say; flips of very few seeds could reject nothing."
    )
    interval: Bounds | None = Field(description="Its own, at `confidence`; null: unbounded.")
    p_difference: float = Field(description="Of 'no difference', two-sided, unadjusted.")
    p_equivalence: float | None = Field(description="Of 'the difference reaches the margin'.")


class Caution(Model):
    """Why the levels of this metric's numbers deserve less trust."""

    kind: Literal["FewSeeds", "Skewed", "HeavyTailed"] = Field(description="Which law or lack.")
    text: str = Field(description="For people, without a full stop.")


class Metric(Model):
    """One metric under one control and setting; an Invalid one carries no inference."""

    name: str = Field(description="As in the plan.")
    control: Control = Field(description="What is held equal across versions.")
    setting: Count = Field(description="Index into the plan's settings; only 0 decides.")
    primary: bool = Field(
        default=True, description="Whether the verdict rests on it; else it is a screen."
    )
    verdict: Verdict = Field(description="Of this metric.")
    baseline_mean: float | None = Field(description="Mean over the paired seeds.")
    candidate_mean: float | None = Field(description="Mean over the paired seeds.")
    difference: float | None = Field(description="Mean of candidate - baseline by seed.")
    interval: Bounds | None = Field(description="Of the difference, at `confidence`.")
    equivalence_interval: Bounds | None = Field(
        description="Of the difference, at 2 confidence - 1: two one-sided tests."
    )
    confidence: float = Field(description="1 - alpha.")
    test: Literal["Equivalence", "NonInferiority"] = Field(
        default="Equivalence",
        description="What is to be shown: within the margin on both sides, or not worse by it.",
    )
    margin: float | None = Field(description="In the metric's unit; null when none is declared.")
    p_difference: float | None = Field(description="Of 'no difference', two-sided, unadjusted.")
    p_adjusted: float | None = Field(
        default=None, description="Of 'no difference', over all tests of its family."
    )
    correction: Literal["Holm", "BenjaminiHochberg"] = Field(
        default="Holm",
        description="Holm over all primary metrics and versions: the chance of one false alarm. "
        "BenjaminiHochberg over all others: the share of false alarms among alarms.",
    )
    p_equivalence: float | None = Field(description="Of 'the difference reaches the margin'.")
    second_method: SecondMethod | None = Field(
        default=None, description="Beside Student's t; null where differences do not vary."
    )
    cautions: list[Caution] = Field(
        default=[], description="What to know before relying on the levels."
    )
    seeds: Count = Field(description="Present in both versions.")
    correlation: float | None = Field(description="Of the versions over seeds.")
    pairing_gain: float | None = Field(
        default=None,
        description="Unpaired standard error / paired one: how many times narrower pairing by "
        "seed makes the interval; below 1 it costs. Null when the differences do not vary.",
    )
    noise: Noise = Field(description="The noise floor, in two parts.")
    effect: Effect | None = Field(default=None, description="The difference without its unit.")
    minimum_detectable: float | None = Field(
        description="True difference that this many seeds show with 80 % power."
    )
    seeds_needed: Annotated[int, Field(ge=2)] | None = Field(
        description="Size of a fresh comparison that reaches an equivalence verdict with 80 % "
        "power when there is no difference; by the metric's `test`."
    )
    framework_metric_drift: float | None = Field(
        description="How much more the framework's own metric moved from baseline to candidate "
        "than ours: not 0 when its meaning changed. Null where none is recorded."
    )


class FirstDivergence(Model):
    """Where versions start to differ, in the seed in which that is earliest."""

    step: Count = Field(description="0: already before training.")
    what: str = Field(description="train_loss, or the key of the tensor.")


class FinalWeights(Model):
    """Distance of the trained weights: each number the largest over seeds."""

    max_ulp: Count | None = Field(description="Largest distance in floats between; null: none.")
    relative_l2: float | None = Field(
        description="|candidate - baseline| / |baseline| over all weights."
    )
    cosine: float | None = Field(
        default=None, description="Smallest over seeds of the cosine between the two versions."
    )


class Tensor(Model):
    """One tensor of the final checkpoint: each number the largest over seeds."""

    key: str = Field(description="Key in the npz file.")
    max_ulp: Count | None = Field(description="Null when the elements cannot be compared so.")
    relative_l2: float | None = Field(
        description="Null when the baseline is all zero or values not finite."
    )
    cosine: float | None = Field(
        default=None,
        description="Smallest over seeds; null for equal bits, and when a side is all 0.",
    )
    bit_identical: bool = Field(description="Equal dtype, shape and bits for every seed.")
    shape: list[Count] = Field(description="In the baseline, else in the candidate.")
    only_in: str | None = Field(description="The one version that has it; null when both do.")


class CheckpointDistance(Model):
    """Distance of all that a kept checkpoint holds: each number the worst over seeds."""

    step: Count = Field(description="After this update; 0 is before training.")
    weights: FinalWeights | None = Field(description="All trained weights together.")
    tensors: list[Tensor] = Field(description="The worst of those that differ, worst first.")
    tensors_left_out: Count = Field(description="How many more of them differ.")


class Envelope(Model):
    """How far apart runs of one version are by step, and when the two versions go beyond it."""

    kind: Literal["SameSeed", "BetweenSeeds"] = Field(
        description="Between repeats of one seed, or between seeds, of one version."
    )
    pairs: Count = Field(description="Independent pairs of runs that it rests on.")
    bit_identical: bool = Field(description="No two of these runs differ in any loss.")
    needed: Count | None = Field(
        description="Seeds that must be farther apart at a step than any two runs of one "
        "version; null when so few pairs could not tell."
    )
    left_at: Count | None = Field(
        description="First step from which that many seeds stay outside; null: they never do."
    )


class Growth(Model):
    """How the median distance of the training losses grows until half of its largest value."""

    first_step: Count = Field(description="Where it starts to differ from 0.")
    last_step: Count = Field(description="Where it reaches half of its largest value.")
    doubling_steps: float | None = Field(
        description="Steps in which it doubles, by least squares of its logarithm; null when "
        "there are too few points to say, or it does not grow."
    )
    largest: float = Field(description="Largest median over seeds.")
    largest_step: Count = Field(description="Where that is.")
    last: float = Field(description="Median over seeds at the end of training.")


class Trajectory(Model):
    """How two versions part, seed by seed, under one control."""

    control: Control = Field(description="Of the verdict.")
    bit_identical: bool = Field(description="Every loss, prediction and checkpoint is equal.")
    first_divergence: FirstDivergence | None = Field(description="Null when nothing differs.")
    final_weights: FinalWeights | None = Field(description="Null when no pair succeeded.")
    tensors: list[Tensor] = Field(description="After training, worst first.")
    checkpoints: list[CheckpointDistance] = Field(
        default=[], description="By step; of more than 64 that were kept, 64 spread evenly."
    )
    envelopes: list[Envelope] = Field(
        default=[], description="That of repeats where there are any, then that between seeds."
    )
    growth: Growth | None = Field(default=None, description="Null when no loss differs.")


class ChurnFloor(Model):
    """How many predictions change between runs of one version."""

    kind: Literal["SameSeed", "BetweenSeeds"] = Field(
        description="Between repeats of one seed, or between seeds, of one version."
    )
    pairs: Count = Field(description="Independent pairs of runs that it rests on.")
    mean: Share = Field(description="Over all pairs of runs.")
    largest: Share = Field(description="Over all pairs of runs.")
    exceeded: bool | None = Field(
        description="Whether so many seeds lie above the largest that it is not chance; null "
        "when so few runs could not tell."
    )


class Churn(Model):
    """The share of test examples that the two versions predict differently, seed by seed."""

    seeds: Count = Field(description="Pairs of trials.")
    mean: Share = Field(description="Over seeds.")
    smallest: Share = Field(description="Over seeds.")
    largest: Share = Field(description="Over seeds.")
    floors: list[ChurnFloor] = Field(
        description="That of repeats where there are any, then that between seeds."
    )


class ClassDelta(Model):
    """The share of one class's examples that are predicted rightly, in both versions."""

    label: Count = Field(description="The class's number.")
    examples: Count = Field(description="In the test set.")
    baseline_mean: Share = Field(description="Over paired seeds.")
    candidate_mean: Share = Field(description="Over paired seeds.")
    difference: float = Field(description="Mean of candidate - baseline by seed.")
    interval: Bounds | None = Field(description="Of the difference, for this class alone.")
    p_difference: float | None = Field(description="Paired t test, unadjusted.")
    p_adjusted: float | None = Field(
        description="By Benjamini and Hochberg's false-discovery rate over all classes."
    )
    differs: bool = Field(description="pAdjusted is below alpha; a screen, never a verdict.")


class Predictions(Model):
    """What a classifier's predictions say beside its metrics; never part of a verdict."""

    examples: Count = Field(description="In the test set.")
    churn: Churn = Field(description="Examples that get another prediction.")
    classes: list[ClassDelta] = Field(
        description="Those that differ, then the others; the largest difference first, at most 50."
    )
    classes_left_out: Count = Field(description="How many more classes there are.")
    classes_that_differ: Count = Field(description="Of all classes.")


class Attribution(Model):
    """What holding something equal leaves of the difference."""

    control: Control = Field(description="What is held equal; includes the controls before it.")
    metric: str = Field(description="The first primary metric.")
    per_seed_rms: float | None = Field(description="Root mean square of the difference by seed.")
    same_seed_floor: float | None = Field(description="What repeats alone would give of it.")
    difference: float | None = Field(description="Mean of candidate - baseline by seed.")
    interval: Bounds | None = Field(description="Of the difference, at the confidence.")
    explains: Annotated[float, Field(ge=0, le=1)] | None = Field(
        description="Share of the squared distance above the floor that disappears here."
    )
    explains_interval: Bounds | None = Field(
        default=None,
        description="Of that share, at the confidence: the outer bounds of F's and the "
        "bootstrap's. Null where all differences are 0 without equal bits.",
    )


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
    ] = Field(description="What must be equal, or as asked for, and is not.")
    text: str = Field(description="For people, without a full stop.")
    trials: list[str] = Field(
        description="Folders of the trials that stand out, in the plan's order, at most 50."
    )
    trials_left_out: Count = Field(description="How many more there are.")


class Candidate(Model):
    """One version against the baseline."""

    version: str = Field(description="Name of the version.")
    verdict: Verdict = Field(description="The worst over its primary metrics and divergence.")
    reason: str = Field(description="One or a few sentences that a person can act on.")
    problems: list[Problem] = Field(
        default=[], description="Each makes the candidate Invalid; too few trials are in `reason`."
    )
    metrics: list[Metric] = Field(description="Setting 0 first, in the plan's order.")
    trajectory: Trajectory | None = Field(description="Null when no pair of trials ran.")
    predictions: Predictions | None = Field(
        default=None, description="Null when this is no classifier, or trials cannot be compared."
    )
    attribution: list[Attribution] = Field(description="The verdict's control first.")
    cause: str | None = Field(description="What the rows above say about why; null: no question.")
    resources: Resources = Field(description="Time and memory.")
    known_changes: list[str] = Field(description="Release notes that apply.")


class Fresh(Model):
    """A comparison on unused seeds that would settle what is open."""

    first: Count = Field(description="First seed: none here was used.")
    count: Annotated[int, Field(ge=2)] = Field(description="How many seeds.")
    versions: list[str] = Field(description="The baseline and the candidates that are open.")
    trials: Count = Field(description="How many trials, repeats for the noise floor included.")
    trial_hours: float | None = Field(
        description="Hours of training, one trial after the other, at each version's median wall "
        "time here; null when unknown."
    )
    resource: str = Field(description="The VersionComparison as YAML, ready to run.")


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
    fresh: Fresh | None = Field(
        default=None, description="Null when nothing is open, or no size is known to settle it."
    )

    def to_json(self) -> str:
        """Return summary.json's text: indented by 2, one newline at the end."""
        return self.model_dump_json(by_alias=True, indent=2) + "\n"
