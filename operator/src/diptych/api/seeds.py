"""Which trials there are besides the versions: seeds, repeats, controls, settings."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from diptych.api.base import (
    LIST_ATOMIC,
    LIST_SET,
    IntOrString,
    Model,
    ParameterName,
    cel,
    validations,
)
from diptych_runner.contract import names

MAX_SEEDS = names.MOST_SEEDS
MAX_SETTINGS = 64

Seed = Annotated[int, Field(ge=0, le=names.LARGEST_SEED)]
Control = Literal[
    "Native", "SharedInit", "SharedOrder", "SharedMasks", "SharedParameters", "SharedNumerics"
]
SharedControl = Literal[
    "SharedInit", "SharedOrder", "SharedMasks", "SharedParameters", "SharedNumerics"
]


class Seeds(Model):
    """The seeds that every version is trained with: a range, or a list of values."""

    model_config = ConfigDict(
        json_schema_extra=validations(
            cel(
                "!has(self.values) || (!has(self.first) && !has(self.count))",
                "give either values, or first and count",
            ),
            cel(
                "has(self.values) || (has(self.first) ? self.first : 1)"
                f" + (has(self.count) ? self.count : 10) - 1 <= {names.LARGEST_SEED}",
                f"the last seed, first + count - 1, must be at most {names.LARGEST_SEED}",
            ),
        )
    )

    first: Seed | None = Field(
        default=None,
        description="First seed of the range; 1 when left out. Not together with values.",
    )
    count: Annotated[int, Field(ge=1, le=MAX_SEEDS)] | None = Field(
        default=None,
        description="Number of consecutive seeds; 10 when left out. Not together with values.",
    )
    values: Annotated[tuple[Seed, ...], Field(min_length=1, max_length=MAX_SEEDS)] | None = Field(
        default=None,
        description="Seeds one by one, each once; instead of first and count.",
        json_schema_extra=LIST_SET,
    )

    @property
    def resolved(self) -> list[int]:
        """The seeds in order."""
        if self.values is not None:
            return list(self.values)
        first = 1 if self.first is None else self.first
        return list(range(first, first + (10 if self.count is None else self.count)))


class NoiseFloor(Model):
    """How same-seed noise is measured: the same version and seed, run again."""

    seeds: int = Field(
        default=3,
        description="Number of seeds to repeat, the first ones; all there are when there are "
        "fewer.",
        ge=1,
        le=MAX_SEEDS,
    )
    repeats: int = Field(
        default=2,
        description="Total runs of each of these seeds; 1 measures no same-seed noise.",
        ge=1,
        le=20,
    )


class Attribution(Model):
    """Which controls are run besides `control`, to find the cause of a difference."""

    controls: tuple[SharedControl, ...] = Field(
        description="Controls to run, each once; one that changes nothing for the workload is not "
        "run again.",
        min_length=1,
        max_length=5,
        json_schema_extra=LIST_SET,
    )
    seeds: int = Field(
        default=5,
        description="Number of seeds under each of these controls, the first ones; all there are "
        "when there are fewer.",
        ge=1,
        le=MAX_SEEDS,
    )


class SweepEntry(Model):
    """A parameter of the workload and the values it takes in the sweep."""

    parameter: ParameterName = Field(
        description="Name of the workload's parameter, once in the sweep, like learningRate."
    )
    values: tuple[IntOrString, ...] = Field(
        description="Values it takes, a whole number or a string each, each once.",
        min_length=1,
        max_length=MAX_SETTINGS,
        json_schema_extra=LIST_ATOMIC,
    )
