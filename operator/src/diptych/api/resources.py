"""What one trial's pod asks for, and which checkpoints a trial keeps."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from diptych.api.base import (
    BYTES_PATTERN,
    CPU_PATTERN,
    EXTENDED_RESOURCE_PATTERN,
    LabelValue,
    Model,
    cel,
    validations,
)

Cpu = Annotated[str, Field(pattern=CPU_PATTERN, max_length=16)]
Bytes = Annotated[str, Field(pattern=BYTES_PATTERN, max_length=20)]
#: What a quota's name of a resource begins with, and no container's.
QUOTA_PREFIX = "requests."
#: Kubernetes puts requests. before it for its quotas, and a domain has at most 253 characters.
ExtendedResource = Annotated[
    str, Field(pattern=EXTENDED_RESOURCE_PATTERN, min_length=3, max_length=244)
]


class Resources(Model):
    """Resources of each trial's pod; requests and limits are the same."""

    model_config = ConfigDict(
        json_schema_extra=validations(
            cel(
                "!has(self.accelerator) || self.accelerator != 'Required' || self.gpus > 0",
                "accelerator Required needs gpus of at least 1",
                ".accelerator",
            ),
            cel(
                "!has(self.gpuProduct) || self.gpus > 0",
                "gpuProduct needs gpus of at least 1",
                ".gpuProduct",
            ),
        )
    )

    gpus: int = Field(default=0, description="Number of GPUs of a pod.", ge=0, le=16)
    gpu_resource: ExtendedResource = Field(
        default="nvidia.com/gpu",
        description="Name of the extended resource that GPUs are asked for with, its domain "
        "included.",
        json_schema_extra=validations(
            cel(
                f"!self.startsWith('{QUOTA_PREFIX}')",
                f"must not begin with {QUOTA_PREFIX}, as only quotas name it: leave that away",
                got="self",
            )
        ),
    )
    gpu_product: LabelValue | None = Field(
        default=None,
        description="GPU model, as the node label nvidia.com/gpu.product has it; any when left "
        "out, and trials on mixed models make the verdict Invalid.",
    )
    accelerator: Literal["Required", "Optional"] | None = Field(
        default=None,
        description="Whether a trial that ran on the CPU is Invalid (Required) or only said so in "
        "the reason (Optional); Required when left out and gpus is more than 0.",
    )
    cpu: Cpu = Field(
        default="1",
        description='CPU of a pod in cores, like "4" or "500m"; rounded up it is the number of '
        "threads of a trial, on every engine; 1 when left out.",
    )
    memory: Bytes | None = Field(
        default=None,
        description="Memory of a pod in bytes, like 16Gi; the operator's when left out: 2Gi unless "
        "its DIPTYCH_TRIAL_MEMORY says another.",
    )


class Checkpoints(Model):
    """Which steps' weights and optimizer slots a trial keeps, besides its first and last."""

    model_config = ConfigDict(
        json_schema_extra=validations(
            cel(
                "!has(self.everySteps) || self.keep == 'All'",
                "everySteps needs keep All; keep Ends keeps the first and the last only",
            )
        )
    )

    every_steps: Annotated[int, Field(ge=1, le=1_000_000)] | None = Field(
        default=None,
        description="Steps between checkpoints; the workload's default when left out.",
    )
    keep: Literal["All", "Ends"] = Field(
        default="All",
        description="Checkpoints to keep: All of them, or the Ends, the first and the last.",
    )
