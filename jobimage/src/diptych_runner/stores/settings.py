"""How an S3 server is reached; credentials are none of it, boto3 finds those by itself.

The settings travel between processes as environment variables. What AWS's own tools read is
understood too, by every version of boto3 alike.
"""

import os
import re
from typing import Dict, Mapping, NamedTuple, Optional

from diptych_runner.stores.errors import StoreError

Settings = NamedTuple(
    "Settings",
    [
        ("endpoint", Optional[str]),
        ("region", Optional[str]),
        ("addressing_style", Optional[str]),
        ("ca_bundle", Optional[str]),
    ],
)

NOTHING_SET = Settings(None, None, None, None)

ADDRESSING_STYLES = ("auto", "path", "virtual")

#: The variables of each setting; the first that is set counts, and the first is ours.
VARIABLES = {
    "endpoint": ("DIPTYCH_S3_ENDPOINT", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"),
    "region": ("DIPTYCH_S3_REGION", "AWS_REGION", "AWS_DEFAULT_REGION"),
    "addressing_style": ("DIPTYCH_S3_ADDRESSING_STYLE",),
    "ca_bundle": ("DIPTYCH_S3_CA_BUNDLE", "AWS_CA_BUNDLE"),
}

_ENDPOINT = re.compile(r"\Ahttps?://[A-Za-z0-9.\[\]:-]+(/[A-Za-z0-9._/-]*)?\Z")


def from_environment(environment: Mapping[str, str]) -> Settings:
    """Return the settings that environment variables make.

    >>> from_environment({"AWS_REGION": "eu-central-1"}).region
    'eu-central-1'
    """
    found = {
        name: next((environment[each] for each in variables if environment.get(each)), None)
        for name, variables in VARIABLES.items()
    }
    return checked(Settings(**found))


def as_environment(settings: Settings) -> Dict[str, str]:
    """Return the variables that `from_environment` makes these settings from."""
    given = settings._asdict()
    return {names[0]: given[name] for name, names in VARIABLES.items() if given[name]}


def checked(settings: Settings) -> Settings:
    """Return the settings; raise StoreError when one cannot be used."""
    # The endpoint itself stays out of the message: somebody may have put a password in it.
    if settings.endpoint is not None and not _ENDPOINT.match(settings.endpoint):
        raise StoreError(
            "the S3 endpoint is not an address: http:// or https:// with a host is needed, such "
            "as http://minio.minio.svc:9000, without user and password"
        )
    if settings.addressing_style not in (None,) + ADDRESSING_STYLES:
        raise StoreError(
            "S3 addressing style {!r} is not one of {}".format(
                settings.addressing_style, ", ".join(ADDRESSING_STYLES)
            )
        )
    if settings.ca_bundle is not None and not os.path.isfile(settings.ca_bundle):
        raise StoreError(
            "{}: there is no such file of certificates (AWS_CA_BUNDLE)".format(settings.ca_bundle)
        )
    return settings
