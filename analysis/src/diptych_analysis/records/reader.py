"""Read access to a comparison's place: one Protocol, served by a folder or by any store."""

import errno
import io
import stat
import tempfile
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from diptych_analysis.errors import AnalysisError
from diptych_runner.stores.base import Store
from diptych_runner.stores.errors import StoreError
from diptych_runner.stores.folder import Folder

#: Where a comparison's files are: the folder or the store that holds its plan.json.
Home = Path | Store

#: No file of a record is larger; a larger one is refused before it fills the memory.
MAXIMUM_FILE_BYTES = 8 << 30
#: A larger file of a store waits on the disk while it is read, not in memory.
_IN_MEMORY = 16 << 20


class Reader(Protocol):
    """What the analysis needs of a store; paths are relative to the comparison's folder."""

    def exists(self, path: str) -> bool:
        """Say whether there is a file at `path`."""

    def read(self, path: str) -> bytes:
        """Return a file's bytes.

        Raises OSError when this one file cannot be read: its record is then refused. An outage
        of the whole store must raise something else, so that it ends the analysis instead.
        """

    def open(self, path: str) -> BinaryIO:
        """Return a file to seek in, for the caller to close; raises as `read` does."""


class FolderReader:
    """A comparison's folder on this machine."""

    def __init__(self, folder: Path) -> None:
        """Take the folder that holds plan.json."""
        self._folder = folder.resolve()
        self._parents: dict[str, Path] = {}

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
        return self._place(path).read_bytes()

    def open(self, path: str) -> BinaryIO:
        """Return a file to seek in; raise OSError as `read` does."""
        return self._place(path).open("rb")

    def _place(self, path: str) -> Path:
        parent, _, name = path.rpartition("/")
        try:
            place = self._resolved(parent) / name
            if place.is_symlink():
                place = place.resolve()
        except RuntimeError as error:  # Python before 3.13 tells a loop of links so
            raise OSError(errno.ELOOP, "its links go round in a circle") from error
        if not place.is_relative_to(self._folder):
            raise OSError(errno.EACCES, "it lies outside the comparison's folder")
        status = place.stat()
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "it is not a regular file")
        if status.st_size > MAXIMUM_FILE_BYTES:
            raise OSError(errno.EFBIG, f"it is larger than {MAXIMUM_FILE_BYTES} bytes")
        return place

    def _resolved(self, parent: str) -> Path:
        """Return a folder without links; once, for a trial's ten files lie in one."""
        if parent not in self._parents:
            self._parents[parent] = (self._folder / parent).resolve()
        return self._parents[parent]


class StoreReader:
    """A comparison's files in a store."""

    def __init__(self, store: Store) -> None:
        """Take the store that holds plan.json."""
        self._store = store

    def exists(self, path: str) -> bool:
        """Say whether there is a file at `path`; raise AnalysisError when the store is away."""
        try:
            return self._store.exists(path)
        except StoreError as error:
            raise _away(error) from error

    def read(self, path: str) -> bytes:
        """Return a file's bytes; raise OSError without a usable file, else AnalysisError."""
        try:
            size = self._store.size(path)
            if size is not None and size > MAXIMUM_FILE_BYTES:
                raise OSError(errno.EFBIG, f"it is larger than {MAXIMUM_FILE_BYTES} bytes")
            content = None if size is None else self._store.read(path)
        except StoreError as error:
            raise _away(error) from error
        if content is None:
            raise FileNotFoundError(errno.ENOENT, "no such file")
        return content

    def open(self, path: str) -> BinaryIO:
        """Return a file to seek in; raise OSError and AnalysisError as `read` does."""
        content = self.read(path)
        if len(content) <= _IN_MEMORY:
            return io.BytesIO(content)
        copy = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
        copy.write(content)
        copy.seek(0)
        return cast("BinaryIO", copy)


def _away(error: StoreError) -> AnalysisError:
    return AnalysisError(f"{error}; nothing was written, analyse again when the store answers")


def store_of(home: Home) -> Store:
    """Return the store of a comparison's place."""
    return Folder(str(home)) if isinstance(home, Path) else home


def reader_of(home: Home) -> Reader:
    """Return a reader of a comparison's place; in folders it follows no link that leads out."""
    if isinstance(home, Path):
        return FolderReader(home)
    return FolderReader(Path(home.uri)) if isinstance(home, Folder) else StoreReader(home)
