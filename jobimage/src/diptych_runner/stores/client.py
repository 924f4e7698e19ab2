"""A boto3 client for S3 that is the same from boto3 1.16 (Python 3.5) to today's.

Credentials come from boto3's own chain (environment, files, web identity, the machine's role) and
stay inside it.
"""

import contextlib
import os
import warnings
from typing import Any, Dict, Iterator

import boto3
import botocore.exceptions
import botocore.parsers
import urllib3.exceptions
from botocore.config import Config

from diptych_runner.stores.faults import translated
from diptych_runner.stores.settings import Settings

#: Everything that a request or the reading of its answer can raise.
ERRORS = (
    botocore.exceptions.BotoCoreError,
    botocore.exceptions.ClientError,
    botocore.parsers.ResponseParserError,
    urllib3.exceptions.HTTPError,
    OSError,
)

#: Requests are repeated by boto3's standard mode with back-off, for about a minute in all.
MAX_ATTEMPTS = 10
MAX_ATTEMPTS_VARIABLE = "AWS_MAX_ATTEMPTS"

_BEFORE_PUT = "before-call.s3.PutObject"


class Clients(object):
    """Makes the client of each process: a connection must not be shared with a fork."""

    def __init__(self, settings: Settings, uri: str) -> None:
        """Make nothing yet; `uri` is for messages."""
        self._settings = settings
        self._uri = uri
        self._session = None  # type: Any
        self._client = None  # type: Any
        self._process = 0

    def client(self) -> Any:
        """Return this process's client; raise StoreError when none can be made."""
        if self._client is None or self._process != os.getpid():
            try:
                self._client = self._made()
            except ERRORS + (ValueError,) as error:
                raise translated(error, self._uri, "making a client for S3")
            self._process = os.getpid()
        return self._client

    def _made(self) -> Any:
        with warnings.catch_warnings():
            # boto3 warns of every Python that it will leave behind; it is pinned by Python.
            warnings.simplefilter("ignore")
            if self._session is None:
                self._session = boto3.session.Session()
            region = self._settings.region or self._session.region_name
            client = self._session.client(
                "s3",
                endpoint_url=self._settings.endpoint,
                region_name=region or "us-east-1",
                verify=self._settings.ca_bundle,
                config=_config(self._settings),
            )
        # Last of all: boto3 adds the header at the same place.
        client.meta.events.register_last("before-call.s3", _expect_nothing)
        return client


def _config(settings: Settings) -> Config:
    # Servers of one's own seldom have a name for each bucket.
    style = settings.addressing_style or ("path" if settings.endpoint else "auto")
    options = {
        "connect_timeout": 10,
        "read_timeout": 60,
        "retries": {
            "mode": "standard",
            "max_attempts": int(os.environ.get(MAX_ATTEMPTS_VARIABLE) or MAX_ATTEMPTS),
        },
        "s3": {"addressing_style": style},
        "user_agent_extra": "diptych",
    }  # type: Dict[str, Any]
    # boto3 since 1.36 adds checksums that S3-compatible servers refuse or store as part of the
    # object. Records have a sha256 of their own, so nothing is lost by leaving them out.
    for name in ("request_checksum_calculation", "response_checksum_validation"):
        if name in Config.OPTION_DEFAULTS:
            options[name] = "when_required"
    return Config(**options)


def _expect_nothing(params: Dict[str, Any], **_rest: Any) -> None:
    """Send uploads without `Expect: 100-continue`.

    A server may answer before the body, as to an empty object or a refused condition. Old boto3
    then keeps that answer for the connection's next request, which hangs for half a minute.
    """
    params["headers"].pop("Expect", None)


@contextlib.contextmanager
def only_if_absent(client: Any) -> Iterator[None]:
    """Have PutObject in this block write only where there is no object.

    By a header of our own: boto3 knows the parameter only since 1.35, a hook since ever. The
    header is signed, and sent again with every retry.
    """

    def add_condition(params: Dict[str, Any], **_rest: Any) -> None:
        params["headers"]["If-None-Match"] = "*"

    client.meta.events.register(_BEFORE_PUT, add_condition)
    try:
        yield
    finally:
        client.meta.events.unregister(_BEFORE_PUT, add_condition)
