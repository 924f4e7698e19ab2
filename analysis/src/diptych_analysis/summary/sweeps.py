"""Re-tuning: how near a candidate comes to the baseline when its parameters may change."""

from typing import Annotated

from pydantic import Field

from diptych_analysis.summary.base import Bounds, Control, Count, Model


class SweptSetting(Model):
    """A candidate at one setting of the sweep against the baseline at its own, setting 0."""

    setting: Count = Field(description="Index into the plan's settings; 0 is as given.")
    parameters: dict[str, int | str | None] = Field(description="What the setting overrides.")
    mean: float | None = Field(description="Of the candidate there, over the paired seeds.")
    difference: float | None = Field(description="Mean of candidate - baseline by seed.")
    interval: Bounds | None = Field(description="Of the difference, at the confidence.")
    equivalence_interval: Bounds | None = Field(
        description="Of the difference, at 2 confidence - 1."
    )
    equivalent: bool | None = Field(
        description="Inside the margin, and the same seeds diverge in both; null when no margin is "
        "declared or nothing can be compared."
    )
    seeds: Count = Field(description="Present in both.")
    problem: str | None = Field(description="Why there is no difference; null when there is one.")


class Confirmation(Model):
    """The setting that comes closest on some seeds, judged on others that had no say in it."""

    setting: Count = Field(description="Chosen on `chosen_on`.")
    chosen_on: Annotated[list[int], Field(min_length=1)] = Field(
        description="Seeds that the chosen setting and the baseline both have."
    )
    confirmed_on: Annotated[list[int], Field(min_length=2)] = Field(
        description="Other seeds that both have."
    )
    difference: float | None = Field(description="On `confirmed_on` alone.")
    interval: Bounds | None = Field(description="Of the difference, at the confidence.")
    equivalence_interval: Bounds | None = Field(
        description="Of the difference, at 2 confidence - 1."
    )
    equivalent: bool | None = Field(description="Inside the margin, on `confirmed_on` alone.")


class Sweep(Model):
    """Which setting of a candidate comes closest to the baseline as given."""

    metric: str = Field(description="The first primary metric.")
    control: Control = Field(description="Of the verdict; a sweep runs under it alone.")
    baseline_mean: float | None = Field(description="At setting 0, over its seeds.")
    margin: float | None = Field(description="In the metric's unit; null when none is declared.")
    settings: list[SweptSetting] = Field(description="In the plan's order, 0 first.")
    closest: Count | None = Field(
        description="The setting whose mean difference is smallest over all seeds: being the best "
        "of several makes it look better than it is. Null when none can be compared."
    )
    confirmation: Confirmation | None = Field(
        description="Free of that; null with fewer than four seeds, or when it cannot be done."
    )
    told: str = Field(description="The same in sentences.")
