"""Downloaded data sets, kept under the sha256 of their bytes."""

import hashlib
import http.client
import os
import tempfile
import time
from typing import BinaryIO, Callable, Optional

from diptych_runner.contract import hashing
from diptych_runner.data.errors import DataError, DataUnreachable
from diptych_runner.data.sources import open_source, shown

#: Where downloads are kept; by default a folder of one's own among the temporary ones.
CACHE_VARIABLE = "DIPTYCH_DATA_CACHE"
#: Waits before another attempt at a source that could not be reached.
RETRY_SECONDS = (1.0, 4.0)

#: Told how many bytes have come, of how many (None: the source does not tell).
Progress = Callable[[int, Optional[int]], None]


def folder() -> str:
    """Return the cache's folder, made where it is missing."""
    own = "diptych-data-{}".format(os.getuid())
    path = os.environ.get(CACHE_VARIABLE) or os.path.join(tempfile.gettempdir(), own)
    os.makedirs(path, mode=0o700, exist_ok=True)
    return path


def fetch(uri: str, sha256: str, progress: Progress) -> str:
    """Return the path of a file with these bytes, downloading it when the cache has none.

    Raises DataError when the bytes are others, DataUnreachable when they cannot be had.
    """
    path = os.path.join(folder(), sha256)
    # Checked again each time: a disk that was full, or a hand, may have changed the file since.
    if os.path.exists(path) and hashing.sha256_of_file(path) == sha256:
        return path
    for wait in RETRY_SECONDS + (None,):
        try:
            _download(uri, sha256, path, progress)
        except DataUnreachable:
            if wait is None:
                raise
            time.sleep(wait)
        else:
            break
    return path


def _download(uri: str, sha256: str, path: str, progress: Progress) -> None:
    """Write the file under another name and rename it: a half-written one is never seen."""
    descriptor, temporary = tempfile.mkstemp(dir=os.path.dirname(path), suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as target:
            got = _copy(uri, target, progress)
        if got != sha256:
            raise DataError("{}: sha256 expected {}, got {}".format(shown(uri), sha256, got))
        os.replace(temporary, path)
    finally:
        if os.path.exists(temporary):
            os.unlink(temporary)


def _copy(uri: str, target: BinaryIO, progress: Progress) -> str:
    """Copy a source block by block; return the sha256 of what came."""
    source = open_source(uri)
    digest, done = hashlib.sha256(), 0
    try:
        while True:
            block = source.stream.read(hashing.BLOCK_BYTES)
            if not block:
                break
            digest.update(block)
            target.write(block)
            done += len(block)
            progress(done, source.length)
    except (OSError, http.client.HTTPException) as error:
        raise DataUnreachable("{}: broke off after {} bytes: {}".format(shown(uri), done, error))
    finally:
        source.stream.close()
    if source.length is not None and done < source.length:
        raise DataUnreachable(
            "{}: broke off after {} of {} bytes".format(shown(uri), done, source.length)
        )
    return digest.hexdigest()
