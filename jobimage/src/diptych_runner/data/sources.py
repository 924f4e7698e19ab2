"""Where a data set comes from: one function a scheme, each from an address to an open stream."""

import os
import urllib.error
import urllib.parse
import urllib.request
from typing import BinaryIO, NamedTuple, Optional

from diptych_runner.data.errors import DataError, DataUnreachable
from diptych_runner.stores import location
from diptych_runner.stores.errors import StoreError

#: Without an answer for so long a server is given up, so that a retry can begin.
TIMEOUT_SECONDS = 60

#: An open stream of a data set, and its length in bytes where the source tells.
Source = NamedTuple("Source", [("stream", BinaryIO), ("length", Optional[int])])


def open_source(uri: str) -> Source:
    """Open a data set by its address.

    Raises DataError for an address that no retry makes readable, else DataUnreachable.
    """
    scheme = urllib.parse.urlsplit(uri).scheme
    if scheme not in _OPENERS:
        raise DataError(
            "{}: data is read from {}, not from {!r}".format(
                shown(uri), ", ".join(sorted(_OPENERS)), scheme
            )
        )
    return _OPENERS[scheme](uri)


def shown(uri: str) -> str:
    """Return an address without its user, password, query and fragment: they may be secrets.

    >>> shown("https://me:key@host:8443/a.npz?token=secret")
    'https://host:8443/a.npz'
    """
    parts = urllib.parse.urlsplit(uri)
    return urllib.parse.urlunsplit((parts.scheme, parts.netloc.split("@")[-1], parts.path, "", ""))


def _open_file(uri: str) -> Source:
    parts = urllib.parse.urlsplit(uri)
    if parts.netloc not in ("", "localhost"):
        raise DataError(
            "{}: a file's address has three slashes: file:///folder/file".format(shown(uri))
        )
    path = urllib.parse.unquote(parts.path)
    try:
        stream = open(path, "rb")  # noqa: SIM115 - whoever reads it closes it
        return Source(stream, os.fstat(stream.fileno()).st_size)
    except OSError as error:
        raise DataError("{}: cannot be read: {}".format(shown(uri), error.strerror))


def _open_http(uri: str) -> Source:
    request = urllib.request.Request(uri, headers={"User-Agent": "diptych"})  # noqa: S310
    try:
        answer = urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS)  # noqa: S310
    except urllib.error.HTTPError as error:
        message = "{}: the server answered {} {}".format(shown(uri), error.code, error.reason)
        error.close()
        if error.code in (408, 425, 429) or error.code >= 500:
            raise DataUnreachable(message)
        raise DataError(message)
    except OSError as error:
        # URLError is an OSError too.
        reason = getattr(error, "reason", error)
        raise DataUnreachable("{}: cannot be reached: {}".format(shown(uri), reason))
    length = answer.headers.get("Content-Length", "")
    return Source(answer, int(length) if length.isdigit() else None)


def _open_s3(uri: str) -> Source:
    try:
        place = location.parse(uri)
    except StoreError as error:
        raise DataError(str(error))
    try:
        download = location.bucket_of(place.bucket, "", os.environ).open(place.key)
    except StoreError as error:
        # Refused credentials expire and are renewed: that is no fault of the data set.
        raise DataUnreachable(str(error))
    if download is None:
        raise DataError("{}: there is no such object".format(shown(uri)))
    return Source(download.stream, download.length)


_OPENERS = {
    "file": _open_file,
    "http": _open_http,
    "https": _open_http,
    "s3": _open_s3,
}
