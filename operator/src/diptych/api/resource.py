"""VersionComparison as a whole: Kubernetes' envelope around spec and status."""

from typing import Literal

from pydantic import ConfigDict, Field, JsonValue

from diptych.api.base import DNS_LABEL_PATTERN, DnsLabel, Model, cel, validations
from diptych.api.spec import Spec
from diptych.api.status import Status
from diptych_runner.contract.names import LONGEST_NAME


class Metadata(Model):
    """What Kubernetes keeps about every object; ours are name, namespace, labels, annotations."""

    name: str = Field(
        description="Name of the comparison, a DNS label.",
        pattern=DNS_LABEL_PATTERN,
        min_length=1,
        max_length=LONGEST_NAME,
    )
    namespace: DnsLabel | None = Field(
        default=None, description="Namespace of the comparison; the current one when left out."
    )
    labels: dict[str, str] = Field(default={}, description="Labels of the resource.")
    annotations: dict[str, str] = Field(default={}, description="Annotations of the resource.")
    uid: str | None = Field(default=None, description="Identity that Kubernetes gave it.")
    generation: int | None = Field(default=None, description="Number of the spec's changes.")
    resource_version: str | None = Field(default=None, description="Version of the object.")
    creation_timestamp: str | None = Field(default=None, description="Time of creation.")
    deletion_timestamp: str | None = Field(default=None, description="Time of deletion.")
    deletion_grace_period_seconds: int | None = Field(
        default=None, description="Seconds until it is gone."
    )
    finalizers: tuple[str, ...] = Field(default=(), description="Who must agree to deletion.")
    owner_references: tuple[JsonValue, ...] = Field(default=(), description="Who owns it.")
    managed_fields: tuple[JsonValue, ...] = Field(default=(), description="Who set what.")
    self_link: str | None = Field(default=None, description="Unused.")


class VersionComparison(Model):
    """A comparison of versions of a training framework, and what came of it."""

    model_config = ConfigDict(
        json_schema_extra=validations(
            cel(
                f"size(self.metadata.name) <= {LONGEST_NAME}",
                f"must have at most {LONGEST_NAME} characters: child Jobs are named after it",
                ".metadata.name",
            ),
            cel(
                "!self.metadata.name.contains('.')",
                "must be a DNS label, without dots: child Jobs are named after it",
                ".metadata.name",
            ),
        )
    )

    api_version: Literal["diptych.dev/v1alpha1"] = Field(
        description="Version of this resource's form: diptych.dev/v1alpha1."
    )
    kind: Literal["VersionComparison"] = Field(description="Kind of the resource.")
    metadata: Metadata = Field(description="Name and namespace of the resource.")
    spec: Spec = Field(description="What is compared, how it is run and how it is judged.")
    status: Status | None = Field(
        default=None, description="State of the comparison, written by the operator."
    )
