"""What every version trains."""

from pydantic import ConfigDict, Field

from diptych.api.base import (
    DATA_PATTERN,
    ENTRYPOINT_PATTERN,
    DnsLabel,
    DnsSubdomain,
    IntOrString,
    Model,
    ParameterName,
    Sha256,
    cel,
    validations,
)


class Module(Model):
    """Training code of the user's own."""

    config_map: DnsSubdomain | None = Field(
        default=None,
        description="Name of the ConfigMap whose keys are the Python files. Locally, and for "
        "diptych submit, which makes it: the folder of that name beside the YAML, else the one "
        "file of the entrypoint's module there. When left out the code is in the image.",
    )
    entrypoint: str = Field(
        description="Function to call with the run, as module:function, like train:train; or a "
        "module alone, which is run as a script.",
        pattern=ENTRYPOINT_PATTERN,
        max_length=200,
    )


class Data(Model):
    """A data set: an npz with x_train, y_train, x_test and y_test, or an index of several."""

    uri: str = Field(
        description="Address of the file, like https://host/mnist.npz, s3://bucket/key or "
        "file:///data/mnist.npz, or of a JSON index of several, like s3://bucket/index.json; it is "
        "recorded, so it must hold no secrets.",
        pattern=DATA_PATTERN,
        max_length=1024,
    )
    sha256: Sha256 = Field(
        description="SHA-256 of the file in hexadecimal; a trial that reads other bytes fails."
    )


class Workload(Model):
    """What every version trains: a built-in workload or a module, one of them."""

    model_config = ConfigDict(
        json_schema_extra=validations(
            cel(
                "has(self.builtin) != has(self.module)",
                "exactly one of builtin and module must be given",
            )
        )
    )

    builtin: DnsLabel | None = Field(
        default=None,
        description="Name of a built-in workload, like adam-linear-regression; required when "
        "module is left out.",
    )
    module: Module | None = Field(
        default=None,
        description="Training code of your own; required when builtin is left out.",
    )
    parameters: dict[ParameterName, IntOrString] = Field(
        default={},
        description="Parameters of the workload, a whole number or a string each (fractions are "
        "strings); those left out have the workload's defaults.",
        max_length=64,
    )
    data: Data | None = Field(
        default=None,
        description="Data set to train on; the workload's own data when left out.",
    )
