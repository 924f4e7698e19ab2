"""The panels of the comparison: framework versions, and what they are run with."""

from typing import Annotated

from pydantic import Field

from diptych.api.base import ENV_NAME_PATTERN, IMAGE_PATTERN, Model, VersionName, list_map

Image = Annotated[str, Field(pattern=IMAGE_PATTERN, min_length=1, max_length=512)]


class EnvironmentVariable(Model):
    """An environment variable of a version's trials."""

    name: str = Field(
        description="Name of the variable, like NVIDIA_TF32_OVERRIDE.",
        pattern=ENV_NAME_PATTERN,
        min_length=1,
        max_length=128,
    )
    value: str = Field(description="Value of the variable, as it is set.", max_length=1024)


class Version(Model):
    """A panel of the comparison: a framework version, an image, and how it is run."""

    name: VersionName = Field(
        description="Name of this version in the comparison, unique in it; it is a folder of the "
        "store and a row of the report."
    )
    version: VersionName | None = Field(
        default=None,
        description='Framework version that must run, like "2.4.0"; the name when left out. The '
        "same version under two names compares it with itself or with other switches.",
    )
    image: Image | None = Field(
        default=None,
        description="Image that has this version and the runner; the operator's template, filled "
        "with the version, when left out. The local engine makes an environment instead.",
    )
    env: tuple[EnvironmentVariable, ...] = Field(
        default=(),
        description="Environment variables of this version's trials.",
        max_length=32,
        json_schema_extra=list_map(),
    )

    @property
    def framework_version(self) -> str:
        """The framework's version: `version`, or the name when it is left out."""
        return self.version or self.name
