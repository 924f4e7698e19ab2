"""Volumes that a comparison may mount: nothing of the node's own."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from diptych.api.base import (
    BYTES_PATTERN,
    PATH_PATTERN,
    DnsLabel,
    DnsSubdomain,
    Model,
    cel,
    validations,
)


class ClaimSource(Model):
    """A PersistentVolumeClaim in the comparison's namespace."""

    claim_name: DnsSubdomain = Field(description="Name of the claim.")
    read_only: bool = Field(default=False, description="Whether the claim is mounted read-only.")


class ConfigMapSource(Model):
    """A ConfigMap in the comparison's namespace, one file a key."""

    name: DnsSubdomain = Field(description="Name of the ConfigMap.")
    optional: bool = Field(
        default=False, description="Whether pods start when there is no such ConfigMap."
    )


class EmptyDirectorySource(Model):
    """An empty folder that lives as long as its pod."""

    medium: Literal["", "Memory"] = Field(
        default="", description="What holds the folder: the node's disk, or Memory."
    )
    size_limit: Annotated[str, Field(pattern=BYTES_PATTERN, max_length=20)] | None = Field(
        default=None, description="Size limit in bytes, like 1Gi; none when left out."
    )


class Volume(Model):
    """A volume of the pods: one of the three sources."""

    model_config = ConfigDict(
        json_schema_extra=validations(
            cel(
                "(has(self.persistentVolumeClaim) ? 1 : 0) + (has(self.configMap) ? 1 : 0)"
                " + (has(self.emptyDir) ? 1 : 0) == 1",
                "exactly one of persistentVolumeClaim, configMap and emptyDir must be given",
            )
        )
    )

    name: DnsLabel = Field(description="Name of the volume, once in the list.")
    persistent_volume_claim: ClaimSource | None = Field(
        default=None, description="Claim to mount; one of the three sources."
    )
    config_map: ConfigMapSource | None = Field(
        default=None, description="ConfigMap to mount; one of the three sources."
    )
    empty_dir: EmptyDirectorySource | None = Field(
        default=None, description="Empty folder to mount; one of the three sources."
    )


class VolumeMount(Model):
    """Where a volume is seen in a trial's container."""

    name: DnsLabel = Field(description="Name of the volume.")
    mount_path: str = Field(
        description="Path in the container, absolute.",
        pattern=PATH_PATTERN,
        max_length=512,
    )
    sub_path: Annotated[str, Field(max_length=512)] | None = Field(
        default=None, description="Path inside the volume; its root when left out."
    )
    read_only: bool = Field(default=False, description="Whether trials may only read it.")
