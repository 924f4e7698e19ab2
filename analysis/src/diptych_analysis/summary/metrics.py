"""One metric of one candidate, with the numbers that its verdict rests on."""

from typing import Annotated, Literal

from pydantic import Field

from diptych_analysis.summary.base import Bounds, Control, Count, Model, Verdict


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

    kind: Literal["EqualDifferences", "FewSeeds", "Skewed", "HeavyTailed"] = Field(
        description="Which law or lack."
    )
    text: str = Field(description="For people, without a full stop.")


class Metric(Model):
    """One metric under one control and setting; an Invalid one has no measured number but seeds."""

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
    margin: float | None = Field(
        description="In the metric's unit; null when none is declared, or `relativeMargin` is a "
        "share of a mean that is none."
    )
    relative_margin: str | None = Field(
        default=None,
        description="As declared: a share of the baseline's mean, like '5%'; null where the "
        "margin is absolute or none is declared.",
    )
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
        description="True difference that this many seeds show with 80 % power; of one that "
        "decides, at alpha over the number of those that do."
    )
    seeds_needed: Annotated[int, Field(ge=2)] | None = Field(
        description="Size of a fresh comparison that reaches an equivalence verdict when there is "
        "no difference, by the metric's `test`: with 80 % power, of one of k that decide with "
        "1 - 0.2/k, so that all show it with 80 %. Planned by the upper 80 % confidence limit of "
        "the standard deviation: in four of five such plans the power is that or more. Of equal "
        "differences outside the margin: so many that their p can decide."
    )
    seeds_estimated: Annotated[int, Field(ge=2)] | None = Field(
        default=None,
        description="As `seedsNeeded`, were the estimated standard deviation the true one: a "
        "comparison of so few has less power about every second time.",
    )
    seeds_to_replicate: Annotated[int, Field(ge=2)] | None = Field(
        default=None,
        description="Of a deciding metric that is Different: size of a fresh comparison that "
        "shows it again with 80 % power, if the true difference over its standard deviation is "
        "not below the lower 80 % confidence limit; not below `seeds`. Null else, and of what is "
        "known exactly.",
    )
    framework_metric_drift: float | None = Field(
        description="How much more the framework's own metric moved from baseline to candidate "
        "than ours: not 0 when its meaning changed. Null where none is recorded."
    )
