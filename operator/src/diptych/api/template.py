"""What a comparison may add to its pods: where they run, never what they may do."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from diptych.api.affinity import Affinity
from diptych.api.base import (
    GROUP,
    INT32_MAX,
    LIST_ATOMIC,
    DnsSubdomain,
    LabelValue,
    Model,
    QualifiedName,
    cel,
    list_map,
    validations,
)
from diptych.api.volumes import Volume, VolumeMount

#: Kueue's: its webhook suspends a Job that has it until there is quota.
QUEUE_LABEL = "kueue.x-k8s.io/queue-name"
#: Labels of pods that are not a comparison's to give: the Job controller's, Kueue's and ours.
RESERVED_LABELS = ("controller-uid", "job-name", QUEUE_LABEL)
RESERVED_PREFIXES = ("batch.kubernetes.io/", f"{GROUP}/")


class TemplateMetadata(Model):
    """Labels and annotations of the pods."""

    model_config = ConfigDict(
        json_schema_extra=validations(
            cel(
                "!has(self.labels) || !self.labels.exists(k, "
                f"k in {sorted(RESERVED_LABELS)} || "
                + " || ".join(f"k.startsWith('{prefix}')" for prefix in RESERVED_PREFIXES)
                + ")",
                f"{', '.join((*RESERVED_LABELS, *(f'{p}*' for p in RESERVED_PREFIXES)))} are set "
                "by Kubernetes or by Diptych: leave them away; for Kueue give spec.queueName",
                ".labels",
            )
        )
    )

    labels: dict[QualifiedName, LabelValue] = Field(
        default={}, description="Labels to add to the pods.", max_length=32
    )
    annotations: dict[QualifiedName, Annotated[str, Field(max_length=4096)]] = Field(
        default={}, description="Annotations to add to the pods.", max_length=32
    )


class Toleration(Model):
    """A taint that pods put up with."""

    model_config = ConfigDict(
        json_schema_extra=validations(
            cel(
                "self.operator != 'Exists' || !has(self.value) || self.value == ''",
                "value must be left out with operator Exists, which takes any; or take Equal",
                ".value",
                got="self.value",
            ),
            cel(
                "self.operator == 'Exists' || has(self.key)",
                "key must be given with operator Equal; only Exists may mean every taint",
                ".operator",
            ),
            cel(
                "!has(self.tolerationSeconds) || (has(self.effect) && self.effect == 'NoExecute')",
                "tolerationSeconds needs effect NoExecute: other taints end no pod",
                ".tolerationSeconds",
            ),
        )
    )

    key: QualifiedName | None = Field(
        default=None, description="Name of the taint; every taint when left out, with Exists."
    )
    operator: Literal["Exists", "Equal"] = Field(
        default="Equal", description="How the taint's value is compared: Exists or Equal."
    )
    value: LabelValue | None = Field(
        default=None, description="Value of the taint, with Equal; empty when left out."
    )
    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"] | None = Field(
        default=None, description="Effect of the taint; every effect when left out."
    )
    toleration_seconds: Annotated[int, Field(ge=0, le=INT32_MAX)] | None = Field(
        default=None,
        description="Seconds to stay after a NoExecute taint; for ever when left out.",
    )


class ImagePullSecret(Model):
    """A Secret that images are pulled with."""

    name: DnsSubdomain = Field(description="Name of the Secret.")


class TemplateSpec(Model):
    """The allowed part of a pod's spec."""

    node_selector: dict[QualifiedName, LabelValue] = Field(
        default={}, description="Labels that a node must have.", max_length=32
    )
    tolerations: tuple[Toleration, ...] = Field(
        default=(),
        description="Taints that pods put up with; the GPU resource's taint is always among them "
        "when gpus is more than 0.",
        max_length=32,
        json_schema_extra=LIST_ATOMIC,
    )
    affinity: Affinity | None = Field(
        default=None, description="Where pods go, as Kubernetes has it; anywhere when left out."
    )
    priority_class_name: DnsSubdomain | None = Field(
        default=None, description="PriorityClass of the pods; the cluster's when left out."
    )
    runtime_class_name: DnsSubdomain | None = Field(
        default=None, description="RuntimeClass of the pods; the cluster's when left out."
    )
    scheduler_name: DnsSubdomain | None = Field(
        default=None, description="Scheduler of the pods; the cluster's when left out."
    )
    image_pull_secrets: tuple[ImagePullSecret, ...] = Field(
        default=(),
        description="Secrets that images are pulled with.",
        max_length=16,
        json_schema_extra=list_map(),
    )
    volumes: tuple[Volume, ...] = Field(
        default=(),
        description="Volumes of the pods.",
        max_length=32,
        json_schema_extra=list_map(),
    )
    volume_mounts: tuple[VolumeMount, ...] = Field(
        default=(),
        description="Where volumes are seen in a trial's container.",
        max_length=32,
        json_schema_extra=list_map("mountPath"),
    )


class Template(Model):
    """What is added to every pod of the comparison."""

    metadata: TemplateMetadata = Field(
        default=TemplateMetadata(), description="Labels and annotations to add."
    )
    spec: TemplateSpec = Field(
        default=TemplateSpec(), description="Fields to set in the pods' spec, of those allowed."
    )
