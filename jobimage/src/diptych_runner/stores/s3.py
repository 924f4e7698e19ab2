"""S3 as the store: whole objects by single PUTs, exactly-once objects by If-None-Match.

A server that ignores the condition still serves: then the last writer wins, and `check` warns.
"""

import errno
import functools
import io
import time
import uuid
from typing import (
    Any,
    BinaryIO,
    Callable,
    Dict,
    Iterator,
    List,
    NamedTuple,
    Optional,
    TypeVar,
    cast,
)

from diptych_runner.stores import location
from diptych_runner.stores.base import Store
from diptych_runner.stores.client import ERRORS, Clients, only_if_absent
from diptych_runner.stores.errors import StoreError, StoreUnreachable
from diptych_runner.stores.faults import code_of, status_of, translated
from diptych_runner.stores.settings import Settings

T = TypeVar("T")

#: An object below a begun path, so that the path is listed before anything else lies there.
BEGUN = ".begun"

#: Waits before another try at what boto3 does not repeat by itself.
_WAITS = (0.2, 0.5, 1.0, 2.0, 4.0)

#: What the reading of a body raises when the connection breaks: boto3 repeats requests only.
_BROKEN_OFF = (
    "ConnectionResetError",
    "IncompleteRead",
    "IncompleteReadError",
    "ProtocolError",
    "ReadTimeoutError",
    "ResponseStreamingError",
)

Download = NamedTuple("Download", [("stream", BinaryIO), ("length", int)])


class Body(io.RawIOBase):
    """An object's bytes as they come; a connection that breaks is an OSError, as of any file."""

    def __init__(self, stream: BinaryIO) -> None:
        """Read from boto3's own stream, and close it in the end."""
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes, none at the end."""
        try:
            return self._stream.read() if size < 0 else self._stream.read(size)
        except OSError:
            raise
        except ERRORS as error:
            raise OSError(errno.EIO, "the connection broke ({})".format(type(error).__name__))

    def close(self) -> None:
        """Let go of the connection."""
        self._stream.close()
        super().close()


class Bucket(Store):
    """Objects whose keys begin with one prefix."""

    def __init__(
        self, bucket: str, prefix: str, settings: Settings, clients: Optional[Clients] = None
    ) -> None:
        """Use the objects below `prefix`; `clients` are those of another store, to share."""
        self.uri = "{}{}/{}".format(location.SCHEME, bucket, prefix).rstrip("/")
        self._bucket = bucket
        self._prefix = prefix + "/" if prefix else ""
        self._settings = settings
        self._clients = clients or Clients(settings, self.uri)

    def below(self, name: str) -> Store:
        """Return the store of a prefix in this one."""
        return Bucket(self._bucket, self._prefix + name, self._settings, self._clients)

    def check(self) -> List[str]:
        """Try every operation on a probe object; return a warning where conditions are ignored."""
        path = ".diptych-probe-" + uuid.uuid4().hex
        next(self._pages(self._prefix))
        try:
            self.create(path, b"first")
            if self.read(path) != b"first":
                raise StoreError(
                    "{}: an object does not read back as it was written".format(self.uri)
                )
            guarded = not self._put_if_absent(path, b"second")
        finally:
            self._delete(self._key(path))
        if guarded:
            return []
        return [
            "{}: this server has no conditional writes (If-None-Match). Of two attempts at one "
            "trial the last COMMIT wins; summary.json states the sha256 of the COMMITs it "
            "used".format(self.uri)
        ]

    def exists(self, path: str) -> bool:
        """Say whether there is an object at `path`."""
        return self.size(path) is not None

    def size(self, path: str) -> Optional[int]:
        """Return an object's length in bytes; None when there is no such object."""

        def head() -> Optional[int]:
            answer = self._call("head_object", self._key(path))
            return None if answer is None else int(answer["ContentLength"])

        return self._tried("HeadObject", path, head)

    def read(self, path: str) -> Optional[bytes]:
        """Return an object's bytes; None when there is no such object."""

        def get() -> Optional[bytes]:
            download = self._open(path)
            if download is None:
                return None
            try:
                return download.stream.read()
            finally:
                download.stream.close()

        return self._tried("GetObject", path, get)

    def open(self, path: str) -> Optional[Download]:
        """Return a stream of an object's bytes, for the caller to close; None without one."""
        download = self._tried("GetObject", path, lambda: self._open(path))
        if download is None:
            return None
        return Download(cast(BinaryIO, Body(download.stream)), download.length)

    def write(self, path: str, content: bytes) -> None:
        """Write an object in one upload: there is the whole of it, or none."""
        self._tried("PutObject", path, lambda: self._put(path, content))

    def create(self, path: str, content: bytes) -> bool:
        """Write an object where there is none; say whether `content` is what lies there then.

        Looking first costs one request and makes all but simultaneous writers exact on servers
        that ignore the condition. Looking afterwards tells an upload whose answer got lost from
        one that came second.
        """
        present = self.read(path)
        if present is None:
            if self._put_if_absent(path, content):
                return True
            present = self.read(path)
        return present == content

    def begin(self, path: str) -> None:
        """Put a small object below `path`, so that it is listed."""
        self.write("{}/{}".format(path, BEGUN), b"")

    def children(self, path: str) -> List[str]:
        """Return the names right below `path`, sorted.

        From the objects themselves, not from a listing by delimiter: SeaweedFS goes on listing a
        prefix there for a while after its last object is gone.
        """
        depth = len(path) + 1 if path else 0
        names = {each[depth:].split("/")[0] for each in self.walk(path)}
        return sorted(names - {BEGUN})

    def walk(self, path: str) -> Iterator[str]:
        """Yield the path of every object below `path`; a page of keys is in memory at a time."""
        for page in self._pages(self._key(path + "/" if path else "")):
            for each in page.get("Contents", []):
                yield each["Key"][len(self._prefix) :]

    def remove(self, path: str) -> None:
        """Delete every object below `path`."""
        for each in list(self.walk(path)):
            self._delete(self._key(each))

    def _key(self, path: str) -> str:
        return self._prefix + path

    def _address(self, key: str) -> str:
        return "{}{}/{}".format(location.SCHEME, self._bucket, key)

    def _call(self, operation: str, key: str, **rest: Any) -> Optional[Dict[str, Any]]:
        """Make a request about one object; None when there is no such object."""
        try:
            answer = getattr(self._clients.client(), operation)(
                Bucket=self._bucket, Key=key, **rest
            )  # type: Dict[str, Any]
        except ERRORS as error:
            # A missing bucket is a 404 as well, and no answer to the question.
            if status_of(error) == 404 and code_of(error) in ("404", "NoSuchKey", "NotFound"):
                return None
            raise
        return answer

    def _open(self, path: str) -> Optional[Download]:
        answer = self._call("get_object", self._key(path))
        return None if answer is None else Download(answer["Body"], int(answer["ContentLength"]))

    def _put(self, path: str, content: bytes) -> None:
        self._call("put_object", self._key(path), Body=content)

    def _put_if_absent(self, path: str, content: bytes) -> bool:
        """Put an object under the condition that there is none; False when there is one."""

        def put() -> bool:
            try:
                with only_if_absent(self._clients.client()):
                    self._put(path, content)
            except ERRORS as error:
                if status_of(error) == 412:
                    return False
                if status_of(error) == 501:
                    # This server says that it knows no conditions, where others ignore them.
                    self._put(path, content)
                    return True
                raise
            return True

        return self._tried("PutObject", path, put)

    def _delete(self, key: str) -> None:
        self._tried(
            "DeleteObject", key[len(self._prefix) :], lambda: self._call("delete_object", key)
        )

    def _pages(self, prefix: str) -> Iterator[Dict[str, Any]]:
        """Yield the pages of a listing."""
        asked = {"Bucket": self._bucket, "Prefix": prefix}  # type: Dict[str, Any]
        while True:
            page = self._tried("ListObjectsV2", "", functools.partial(self._page, asked))
            yield page
            if not page.get("IsTruncated"):
                return
            asked["ContinuationToken"] = page["NextContinuationToken"]

    def _page(self, asked: Dict[str, Any]) -> Dict[str, Any]:
        return self._clients.client().list_objects_v2(**asked)  # type: ignore[no-any-return]

    def _tried(self, operation: str, path: str, act: Callable[[], T]) -> T:
        """Return what `act` returns, tried again where boto3 does not.

        That is a conflict of two conditional writes, and a body that breaks off while it is read.
        """
        for wait in _WAITS + (None,):
            try:
                return act()
            except ERRORS as error:
                if wait is None or not _passes(error):
                    address = self._address(self._key(path))
                    raise translated(error, address, operation, self._settings.endpoint)
                time.sleep(wait)
        raise StoreUnreachable(self.uri)  # the last wait is None


def _passes(error: Exception) -> bool:
    """Say whether the same request may well succeed in a moment."""
    return status_of(error) == 409 or type(error).__name__ in _BROKEN_OFF
