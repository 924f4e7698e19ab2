"""What all models share: strictness, spelling of names, and the bounded types they are made of."""

import json
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, WithJsonSchema
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

from diptych_runner.contract import names

GROUP = "diptych.dev"
VERSION = "v1alpha1"
API_VERSION = f"{GROUP}/{VERSION}"
KIND = "VersionComparison"

#: Largest value of Kubernetes' int32 fields.
INT32_MAX = 2_147_483_647


class Model(BaseModel):
    """A part of the resource: unknown fields and other types are errors, values never change."""

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        alias_generator=to_camel,
        validate_by_name=True,
        serialize_by_alias=True,
    )


def cel(
    rule: str, message: str, field_path: str | None = None, *, got: str | None = None
) -> dict[str, str]:
    """Return one entry of x-kubernetes-validations; got: what to say after the message, in CEL."""
    entry = {"rule": rule, "message": message}
    if got is not None:
        entry["messageExpression"] = f"{json.dumps(message + '; got ')} + {got}"
    return entry if field_path is None else {**entry, "fieldPath": field_path}


def validations(*entries: dict[str, str]) -> dict[str, Any]:
    """Return the schema extension that carries CEL validations."""
    return {"x-kubernetes-validations": list(entries)}


def list_map(*keys: str) -> dict[str, Any]:
    """Return the schema extension of a list whose items are known by a key."""
    return {"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": list(keys or ("name",))}


LIST_SET: dict[str, Any] = {"x-kubernetes-list-type": "set"}
LIST_ATOMIC: dict[str, Any] = {"x-kubernetes-list-type": "atomic"}
MAP_ATOMIC: dict[str, Any] = {"x-kubernetes-map-type": "atomic"}

NAME_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
DNS_LABEL_PATTERN = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
_DNS_SUBDOMAIN = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"
DNS_SUBDOMAIN_PATTERN = rf"^{_DNS_SUBDOMAIN}$"
CPU_PATTERN = r"^([1-9][0-9]{0,3}(\.[0-9]{1,3})?|0\.[0-9]{0,2}[1-9]|[1-9][0-9]{0,6}m)$"
BYTES_PATTERN = r"^[1-9][0-9]*(\.[0-9]{1,3})?([kMGTP]|[KMGTP]i)?$"
DECIMAL_PATTERN = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$"
PERCENT_PATTERN = r"^(0|[1-9][0-9]*)(\.[0-9]+)?%$"
CONFIDENCE_PATTERN = r"^0\.(5[0-9]*[1-9][0-9]*|[6-9][0-9]*)$"
SHA256_PATTERN = r"^[0-9a-f]{64}$"
S3_PATTERN = r"^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9!_.*'()/=+@,:-]*)?$"
DATA_PATTERN = r"^((s3|https?)://[A-Za-z0-9.-]+(:[0-9]{1,5})?|file://)/[A-Za-z0-9!_.*'()/=+,:%~-]+$"
ENDPOINT_PATTERN = r"^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._/-]*)?$"
ENTRYPOINT_PATTERN = (
    r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*(:[A-Za-z_][A-Za-z0-9_]*)?$"
)
ENV_NAME_PATTERN = r"^[A-Za-z_][A-Za-z0-9_]*$"
IMAGE_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._/:@-]*$"
CAMEL_PATTERN = r"^[a-z][A-Za-z0-9]*$"
METRIC_PATTERN = r"^[a-z][a-z0-9_]*$"
LABEL_VALUE_PATTERN = r"^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$"
_QUALIFIED = r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"
QUALIFIED_PATTERN = rf"^({_DNS_SUBDOMAIN}/)?{_QUALIFIED}$"
EXTENDED_RESOURCE_PATTERN = rf"^{_DNS_SUBDOMAIN}/{_QUALIFIED}$"
PATH_PATTERN = r"^/[^:]*$"

#: What each pattern means, for people: an error never shows a regular expression.
PATTERN_BOUNDS = {
    NAME_PATTERN: "letters, digits, dots, dashes and underscores, a letter or digit first",
    DNS_LABEL_PATTERN: "lower-case letters, digits and dashes, with a letter or digit at both ends",
    DNS_SUBDOMAIN_PATTERN: "lower-case letters, digits, dashes and dots, a letter or digit at "
    "both ends",
    CPU_PATTERN: 'CPU cores as a string, more than 0, like "4", "0.5" or "500m"',
    BYTES_PATTERN: "bytes as a string, more than 0, like 16Gi or 512Mi",
    DECIMAL_PATTERN: 'a number of at least 0 as a string, like "0.005"',
    PERCENT_PATTERN: 'a percentage as a string, like "2%"',
    CONFIDENCE_PATTERN: 'a number between 0.5 and 1 as a string, like "0.95"',
    SHA256_PATTERN: "64 hexadecimal digits in lower case",
    S3_PATTERN: "s3://bucket or s3://bucket/prefix, the bucket 3 to 63 lower-case letters, digits, "
    "dots and dashes",
    DATA_PATTERN: "s3://, https://, http:// or file:///, without user, password or query",
    ENDPOINT_PATTERN: "http:// or https:// with a host, like http://minio.minio.svc:9000",
    ENTRYPOINT_PATTERN: "module:function, like train:train, or the module of a script",
    ENV_NAME_PATTERN: "letters, digits and underscores, no digit first",
    IMAGE_PATTERN: "an image reference, like registry/diptych-runner:tensorflow-2.4.0",
    CAMEL_PATTERN: "letters and digits, a lower-case letter first, like learningRate",
    METRIC_PATTERN: "lower-case letters, digits and underscores, like test_accuracy",
    LABEL_VALUE_PATTERN: "letters, digits, dashes, underscores and dots, a letter or digit at both "
    "ends",
    QUALIFIED_PATTERN: "a qualified name, like nvidia.com/gpu, with at most 63 characters after "
    "the slash",
    EXTENDED_RESOURCE_PATTERN: "a resource's name with its domain, like nvidia.com/gpu",
    PATH_PATTERN: "an absolute path without a colon",
}

VersionName = Annotated[
    str, Field(pattern=NAME_PATTERN, min_length=1, max_length=names.LONGEST_VERSION)
]
DnsLabel = Annotated[str, Field(pattern=DNS_LABEL_PATTERN, min_length=1, max_length=63)]
DnsSubdomain = Annotated[str, Field(pattern=DNS_SUBDOMAIN_PATTERN, min_length=1, max_length=253)]
Sha256 = Annotated[str, Field(pattern=SHA256_PATTERN, min_length=64, max_length=64)]
LabelValue = Annotated[str, Field(pattern=LABEL_VALUE_PATTERN, max_length=63)]
QualifiedName = Annotated[str, Field(pattern=QUALIFIED_PATTERN, min_length=1, max_length=317)]
ParameterName = Annotated[str, Field(pattern=CAMEL_PATTERN, min_length=1, max_length=40)]
MetricName = Annotated[str, Field(pattern=METRIC_PATTERN, min_length=1, max_length=63)]
Int32 = Annotated[int, Field(ge=0, le=INT32_MAX)]

INT_OR_STRING_BOUND = "a whole number or a string of at most 64 characters"


def _int_or_string(value: object) -> int | str:
    """Return `value` when it is one of the two; a union would report every error twice."""
    if isinstance(value, str) and len(value) <= 64:
        return value
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63:
        return value
    raise PydanticCustomError("int_or_string", "neither a whole number nor a short string")


IntOrString = Annotated[
    int | str,
    PlainValidator(_int_or_string),
    PlainSerializer(lambda value: value),
    WithJsonSchema({"x-kubernetes-int-or-string": True}),
]
