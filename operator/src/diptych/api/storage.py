"""Where records are kept."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from diptych.api.base import (
    ENDPOINT_PATTERN,
    S3_PATTERN,
    DnsLabel,
    DnsSubdomain,
    Model,
    cel,
    validations,
)


class SecretReference(Model):
    """A Secret in the comparison's namespace."""

    name: DnsSubdomain = Field(
        description="Name of the Secret with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
    )


class Storage(Model):
    """The object store, and the identity that trials write with."""

    model_config = ConfigDict(
        json_schema_extra=validations(
            cel(
                "!(has(self.credentialsSecretRef) && has(self.serviceAccountName))",
                "give credentialsSecretRef or serviceAccountName, not both",
            )
        )
    )

    uri: Annotated[str, Field(pattern=S3_PATTERN, max_length=1024)] | None = Field(
        default=None,
        description="Address that folders of comparisons are made under, s3://bucket/prefix; the "
        "operator's when left out.",
    )
    endpoint: Annotated[str, Field(pattern=ENDPOINT_PATTERN, max_length=253)] | None = Field(
        default=None,
        description="Address of an S3 server that is not AWS; the operator's when left out.",
    )
    region: DnsLabel | None = Field(
        default=None, description="Region of the bucket; the operator's when left out."
    )
    addressing_style: Literal["auto", "path", "virtual"] | None = Field(
        default=None,
        description="How the bucket is named in requests, as boto3 spells it: auto, path or "
        "virtual; the operator's when left out.",
    )
    credentials_secret_ref: SecretReference | None = Field(
        default=None,
        description="Secret with the keys of the store; not together with serviceAccountName.",
    )
    service_account_name: DnsSubdomain | None = Field(
        default=None,
        description="ServiceAccount of the pods, for workload identity; it must be on the "
        "operator's allow-list. Not together with credentialsSecretRef.",
    )
    ca_bundle_config_map: DnsSubdomain | None = Field(
        default=None,
        description="Name of the ConfigMap whose key ca.crt verifies the endpoint; the system's "
        "certificates when left out.",
    )
