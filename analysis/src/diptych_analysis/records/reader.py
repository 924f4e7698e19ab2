"""Read access to a store: one Protocol, and the folder that serves it.

An S3 store takes the folder's place by the same two methods.
"""

import errno
import stat
from pathlib import Path
from typing import Protocol

#: No file of a record is larger; a larger one is refused before it fills the memory.
MAXIMUM_FILE_BYTES = 8 << 30


class Reader(Protocol):
    """What the analysis needs of a store; paths are relative to the comparison's folder."""

    def exists(self, path: str) -> bool:
        """Say whether there is a file at `path`."""

    def read(self, path: str) -> bytes:
        """Return a file's bytes.

        Raises OSError when this one file cannot be read: its record is then refused. An outage
        of the whole store must raise something else, so that it ends the analysis instead.
        """


class FolderReader:
    """A comparison's folder on this machine."""

    def __init__(self, folder: Path) -> None:
        """Take the folder that holds plan.json."""
        self._folder = folder.resolve()

    def exists(self, path: str) -> bool:
        """Say whether there is something at `path`, readable or not."""
        try:
            (self._folder / path).lstat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:
            return True  # reading it will say what is wrong
        return True

    def read(self, path: str) -> bytes:
        """Return a file's bytes; raise OSError when it is outside the folder, or no usable file."""
        try:
            place = (self._folder / path).resolve()
        except RuntimeError as error:  # Python before 3.13 tells a loop of links so
            raise OSError(errno.ELOOP, "its links go round in a circle") from error
        if not place.is_relative_to(self._folder):
            raise OSError(errno.EACCES, "it lies outside the comparison's folder")
        status = place.stat()
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "it is not a regular file")
        if status.st_size > MAXIMUM_FILE_BYTES:
            raise OSError(errno.EFBIG, f"it is larger than {MAXIMUM_FILE_BYTES} bytes")
        return place.read_bytes()
