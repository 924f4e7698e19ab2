"""Names, types and the frozen object that every part of the summary is made of."""

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
