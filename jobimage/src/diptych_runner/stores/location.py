"""From an address to its store: `s3://bucket/prefix`, or a folder's path."""

import os
import re
from typing import TYPE_CHECKING, Mapping, NamedTuple, Optional

from diptych_runner.stores import settings as s3_settings
from diptych_runner.stores.base import Store
from diptych_runner.stores.errors import StoreError
from diptych_runner.stores.folder import Folder

if TYPE_CHECKING:
    from diptych_runner.stores.s3 import Bucket

SCHEME = "s3://"
_S3 = re.compile(r"\As3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(/(?P<key>.*))?\Z")

Location = NamedTuple("Location", [("bucket", str), ("key", str)])


def is_s3(uri: str) -> bool:
    """Say whether an address is one of S3.

    >>> is_s3("s3://results/team-a"), is_s3("results/team-a")
    (True, False)
    """
    return uri.startswith(SCHEME)


def parse(uri: str) -> Location:
    """Return bucket and key of an S3 address; raise StoreError when it is none.

    >>> parse("s3://results/team-a/")
    Location(bucket='results', key='team-a')
    """
    match = _S3.match(uri)
    if match is None:
        raise StoreError(
            "{}: not an S3 address; s3://bucket/prefix is, with a bucket's name of 3 to 63 "
            "lower-case letters, digits, dots and dashes".format(uri)
        )
    return Location(match.group("bucket"), (match.group("key") or "").strip("/"))


def store_at(uri: str, environment: Optional[Mapping[str, str]] = None) -> Store:
    """Return the store at an address; nothing is asked of it yet.

    `environment` holds the settings of S3, by default this process's variables. Raises StoreError
    for an address or a setting that cannot be used.
    """
    if not is_s3(uri):
        if "://" in uri:
            scheme = uri.split("://", 1)[0]
            raise StoreError(
                "{}://: records are kept in a folder or under s3://bucket/prefix".format(scheme)
            )
        return Folder(uri)
    place = parse(uri)
    return bucket_of(place.bucket, place.key, os.environ if environment is None else environment)


def bucket_of(bucket: str, prefix: str, environment: Mapping[str, str]) -> "Bucket":
    """Return the store of a bucket's prefix; raise StoreError when it cannot be used here."""
    # Only here: who keeps records in a folder needs no boto3.
    try:
        from diptych_runner.stores import s3  # noqa: PLC0415
    except ImportError as error:
        raise StoreError(
            "{}{}: boto3 is needed, and cannot be imported here ({}); docs/storage.md says which "
            "version goes with which Python".format(SCHEME, bucket, error)
        )
    return s3.Bucket(bucket, prefix, s3_settings.from_environment(environment))
