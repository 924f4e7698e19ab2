"""A version against itself: how often the pipeline cries wolf on this noise."""

from typing import Annotated, Literal

from pydantic import Field

from diptych_analysis.summary.base import Bounds, Count, Model


class Rate(Model):
    """How often something was said of many splits of the same trials."""

    count: Count = Field(description="Of how many splits it was said.")
    share: Annotated[float, Field(ge=0, le=1)] = Field(description="Count over all splits.")
    interval: Bounds | None = Field(
        description="Wilson's, at 95 %: the Monte-Carlo error of the splits alone; other trials "
        "have another share. Null where every split there is was judged: then it has none."
    )


Decider = Literal["StudentsT", "SignFlips", "Bca"]


class MetricCalibration(Model):
    """What was said of one primary metric of a version against itself."""

    name: str = Field(description="As in the plan.")
    different: Rate = Field(description="False alarms: one version does not differ from itself.")
    equivalent: Rate = Field(description="How often the margin was met.")
    caught: float | None = Field(
        description="Planted difference that was called Different in 80 % of splits, in the "
        "metric's unit; null when none was."
    )


class Calibration(Model):
    """A version against itself: its seeds, split at random into two halves, judged as usual."""

    version: str = Field(description="Name of the version.")
    seeds: Count = Field(description="Of its trials that succeeded under the verdict's control.")
    pairs: Count = Field(description="Seeds in each half, paired at random.")
    splits: Count = Field(description="How many splits were judged.")
    all_splits: bool = Field(
        default=False, description="Whether these are all that so few seeds have."
    )
    decided_by: Decider = Field(
        default="StudentsT",
        description="What has a say on Different in halves: Student's t alone, or with flips of "
        "signs or the BCa bootstrap.",
    )
    decided_by_in_whole: Decider = Field(
        default="StudentsT", description="As `decidedBy`, of a comparison of all the seeds."
    )
    different: Rate = Field(description="Any primary metric Different, after correction.")
    metrics: list[MetricCalibration] = Field(description="The primary ones, in the plan's order.")
