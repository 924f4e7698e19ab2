"""How two versions part: steps, tensors, predictions, and what explains the distance."""

from typing import Annotated, Literal

from pydantic import Field

from diptych_analysis.summary.base import Bounds, Control, Count, Model, Share


class FirstDivergence(Model):
    """Where versions start to differ, in the seed in which that is earliest."""

    step: Count = Field(description="0: already before training.")
    what: str = Field(description="train_loss, or the key of the tensor.")


class FinalWeights(Model):
    """Distance of the trained weights: each number the largest over seeds."""

    max_ulp: Count | None = Field(description="Largest distance in floats between; null: none.")
    other_sign: bool = Field(default=False, description="As of a tensor, over all weights.")
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
    other_sign: bool = Field(
        default=False,
        description="Whether an element has another sign in the candidate: `maxUlp` then counts "
        "all floats down to 0 and up again, and ranks nothing.",
    )
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
    pairs: Count = Field(
        description="Independent pairs of runs that it rests on; of one seed's repeats one."
    )
    bit_identical: bool = Field(description="No two of these runs differ in any loss.")
    needed: Count | None = Field(
        description="Seeds that must be farther apart at a step than any two runs of one "
        "version; null when so few pairs could not tell."
    )
    left_at: Count | None = Field(
        description="First step from which that many seeds stay outside to the end of training; "
        "null: they do not."
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
    pairs: Count = Field(
        description="Independent pairs of runs that it rests on; of one seed's repeats one."
    )
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


Evidence = Literal["Proved", "NotProved", "RuledOut"]


class Attribution(Model):
    """What holding something equal leaves of the difference."""

    control: Control = Field(description="What is held equal; includes the controls before it.")
    metric: str = Field(description="The first primary metric.")
    seeds: Count = Field(
        description="Seeds that both versions have under every control: this row is over them."
    )
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
    evidence: Evidence | None = Field(
        default=None,
        description="Whether more is gone than chance takes away (two tests agree); RuledOut: all "
        "that this control adds is equal without it, or nothing that code of one's own asks for, "
        "so that what is gone is chance. Null for the verdict's control, one weaker than it, and "
        "one without numbers that is not ruled out.",
    )


Phase = Literal["forward", "loss", "backward", "optimizer", "update", "statistics"]
Place = Literal["forward", "loss", "backward", "optimizer", "statistics"]
PhaseVerdict = Literal["Equal", "Rounding", "Different"]


class ProbePhase(Model):
    """One part of a step, in the tensor that is farthest beyond rounding."""

    phase: Phase = Field(
        description="Outputs, loss, gradients; the optimizer alone, by equal gradients; what the "
        "first step added to the weights; what it added to moving means."
    )
    verdict: PhaseVerdict = Field(
        description="Equal bits in every seed; within the tolerance in most; neither."
    )
    tensor: str | None = Field(description="Name of the weight; null for outputs and loss.")
    max_ulp: Count | None = Field(description="Largest over seeds; null: none.")
    relative_l2: float | None = Field(
        description="|candidate - baseline| / |baseline|, the largest over seeds; null when the "
        "arrays cannot be compared."
    )
    tolerance: float = Field(
        description="What rounding may give: from weights moved by their last bit, and repeats."
    )


class Probe(Model):
    """One step from equal weights and an equal batch, taken apart."""

    control: Control = Field(description="The strictest that was run.")
    seeds: Count = Field(description="Probed in both versions.")
    phases: list[ProbePhase] = Field(description="In the order of a step.")
    places: list[Place] = Field(description="Where the versions part beyond rounding; none: [].")
