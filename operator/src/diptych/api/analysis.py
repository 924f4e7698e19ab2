"""How trials are judged, and how much may fail."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from diptych.api.base import (
    CAMEL_PATTERN,
    CONFIDENCE_PATTERN,
    DECIMAL_PATTERN,
    PERCENT_PATTERN,
    MetricName,
    Model,
    cel,
    list_map,
    validations,
)


class AnalysisMetric(Model):
    """A metric to judge, and how far apart versions may be in it."""

    model_config = ConfigDict(
        json_schema_extra=validations(
            cel(
                "!(has(self.margin) && has(self.relativeMargin))",
                "give margin or relativeMargin, not both",
            )
        )
    )

    name: MetricName = Field(
        description="Name of the metric, once in the list, like test_accuracy."
    )
    margin: Annotated[str, Field(pattern=DECIMAL_PATTERN, max_length=24)] | None = Field(
        default=None,
        description='Difference that does not matter, in the metric\'s unit, like "0.005"; the '
        "workload's documented margin when both margins are left out.",
    )
    relative_margin: Annotated[str, Field(pattern=PERCENT_PATTERN, max_length=24)] | None = Field(
        default=None,
        description="Difference that does not matter, in percent of the baseline's mean, like "
        '"2%"; instead of margin.',
    )
    direction: Literal["HigherIsBetter", "LowerIsBetter"] | None = Field(
        default=None,
        description="Which way is better; the workload's when left out, required for a module.",
    )
    evaluator: Annotated[str, Field(pattern=CAMEL_PATTERN, max_length=40)] | None = Field(
        default=None,
        description="How the metric is computed from predictions, like meanSquaredError; the "
        "workload's when left out, required for a module.",
    )
    primary: bool = Field(
        default=False,
        description="Whether the verdict rests on this metric; the first metric is primary when "
        "none is.",
    )
    test: Literal["Equivalence", "NonInferiority"] = Field(
        default="Equivalence",
        description="What is to be shown: Equivalence within the margin on both sides, or "
        "NonInferiority, not worse by more than the margin.",
    )


class Analysis(Model):
    """How trials are judged."""

    confidence: str = Field(
        default="0.95",
        description='Confidence of intervals, 1 - alpha, between 0.5 and 1 as a string, "0.95".',
        pattern=CONFIDENCE_PATTERN,
        max_length=8,
    )
    metrics: tuple[AnalysisMetric, ...] = Field(
        default=(),
        description="Metrics to judge; the workload's, with documented margins, when left out.",
        max_length=32,
        json_schema_extra=list_map(),
    )
    calibration: bool = Field(
        default=False,
        description="Whether the report adds an A/A check: how often the baseline, compared with "
        "itself, is called Different.",
    )


class FailurePolicy(Model):
    """How much may fail before the comparison is Invalid."""

    retries_per_trial: int = Field(
        default=2,
        description="Number of attempts of a trial after its first; disruptions that let a pod "
        "stop never count, and a trial that ends twice with the same traceback gets no third.",
        ge=0,
        le=10,
    )
    minimum_completed_percent: int = Field(
        default=90,
        description="Least share of a version's trials that must be committed as Succeeded or "
        "Diverged, in percent; below it the version is Invalid.",
        ge=1,
        le=100,
    )
