"""What is compared: the spec of a VersionComparison, and what must hold across its fields."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from diptych.api.analysis import Analysis, FailurePolicy
from diptych.api.base import INT32_MAX, LabelValue, Model, VersionName, cel, list_map, validations
from diptych.api.resources import Checkpoints, Resources
from diptych.api.seeds import MAX_SETTINGS, Attribution, Control, NoiseFloor, Seeds, SweepEntry
from diptych.api.storage import Storage
from diptych.api.template import Template
from diptych.api.versions import Version
from diptych.api.workload import Workload

DEFAULT_PARALLELISM = 8
MAX_TRIALS = 100_000

#: The fields that may change after creation, as they are spelled in YAML.
MUTABLE = ("suspend", "ttlSecondsAfterFinished", "activeDeadlineSeconds")


class Spec(Model):
    """What is compared, how it is run and how it is judged."""

    model_config = ConfigDict(
        json_schema_extra=validations(
            cel(
                "!has(self.baseline) || self.versions.exists(v, v.name == self.baseline)",
                "baseline must be the name of one of the versions",
                ".baseline",
            ),
            cel(
                "!has(self.parallelism) || self.parallelism >= size(self.versions)",
                "parallelism must be at least the number of versions",
                ".parallelism",
            ),
        )
    )

    framework: Literal["tensorflow", "pytorch"] = Field(
        default="tensorflow", description="Framework whose versions are compared."
    )
    versions: tuple[Version, ...] = Field(
        description="Versions to compare, 2 to 16, each name once; their order is the report's.",
        min_length=2,
        max_length=16,
        json_schema_extra=list_map(),
    )
    baseline: VersionName | None = Field(
        default=None,
        description="Name of the version that the others are compared with; the first when left "
        "out.",
    )
    workload: Workload = Field(description="What every version trains.")
    seeds: Seeds = Field(
        default=Seeds(first=1, count=10),
        description="Seeds that every version is trained with; 1 to 10 when left out.",
    )
    control: Control = Field(
        default="Native",
        description="What is held equal across versions for the verdict; each control includes "
        "those before it: Native nothing, SharedInit initial weights, SharedOrder batch order, "
        "SharedMasks random layers, SharedParameters every typed parameter, SharedNumerics "
        "numeric switches.",
    )
    attribution: Attribution | None = Field(
        default=None,
        description="Controls to run besides, to find the cause of a difference; none when left "
        "out.",
    )
    noise_floor: NoiseFloor = Field(
        default=NoiseFloor(), description="How same-seed noise is measured, by running again."
    )
    sweep: tuple[SweepEntry, ...] = Field(
        default=(),
        description="Parameters to vary, under `control` only; every combination is a setting, "
        f"at most {MAX_SETTINGS}, besides the parameters as given.",
        max_length=6,
        json_schema_extra=list_map("parameter"),
    )
    resources: Resources = Field(default=Resources(), description="Resources of each trial's pod.")
    parallelism: Annotated[int, Field(ge=2, le=3000)] | None = Field(
        default=None,
        description="Number of pods at once over the comparison, at least the number of versions; "
        "each version has its fixed share. The larger of 8 and the number of versions when left "
        "out.",
    )
    trials_per_pod: int = Field(
        default=4,
        description="Number of trials that a pod runs one after the other; fewer pods start when "
        "it is larger, and a lost pod costs at most the trial under way.",
        ge=1,
        le=1000,
    )
    queue_name: LabelValue | None = Field(
        default=None, description="Name of the Kueue LocalQueue; no queue when left out."
    )
    template: Template = Field(
        default=Template(), description="What is added to every pod, of what is allowed."
    )
    storage: Storage = Field(
        default=Storage(), description="Where records are kept; the operator's when left out."
    )
    checkpoints: Checkpoints = Field(
        default=Checkpoints(), description="Which steps' weights and optimizer slots are kept."
    )
    analysis: Analysis = Field(default=Analysis(), description="How trials are judged.")
    failure_policy: FailurePolicy = Field(
        default=FailurePolicy(), description="How much may fail before it is Invalid."
    )
    active_deadline_seconds: Annotated[int, Field(ge=1, le=INT32_MAX)] | None = Field(
        default=None,
        description="Seconds that trials may take, without the time suspended; what is committed "
        "by then is analysed. No limit when left out. May be changed.",
    )
    ttl_seconds_after_finished: Annotated[int, Field(ge=0, le=INT32_MAX)] | None = Field(
        default=None,
        description="Seconds after the end until the resource is deleted; its records stay. Never "
        "when left out. May be changed.",
    )
    suspend: bool = Field(
        default=False,
        description="Whether the comparison is paused; what is committed is kept. May be changed.",
    )

    @property
    def baseline_name(self) -> str:
        """The baseline's name: `baseline`, or the first version when it is left out."""
        return self.baseline or self.versions[0].name

    @property
    def pods_at_once(self) -> int:
        """How many pods run at once: `parallelism`, or at least 8 and one a version."""
        return self.parallelism or max(DEFAULT_PARALLELISM, len(self.versions))

    @property
    def accelerator(self) -> Literal["None", "Optional", "Required"]:
        """Whether trials need the GPU they ask for; None when they ask for none."""
        if self.resources.gpus == 0:
            return "None"
        return self.resources.accelerator or "Required"
