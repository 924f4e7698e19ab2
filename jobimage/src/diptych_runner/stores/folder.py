"""A folder as the store: whole files by rename, exactly-once files by hard link.

`os.link` fails when the name exists, on every POSIX file system, so that of two writers exactly
one succeeds. A file's bytes reach the disk before its name does.
"""

import contextlib
import os
import shutil
import uuid
from typing import Iterator, List, Optional

from diptych_runner.stores.base import Store
from diptych_runner.stores.errors import StoreError

#: Names of files that are being written; they are no part of the store.
_UNFINISHED = ".unfinished-"


class Folder(Store):
    """Files below one folder, which is made when the first of them is written."""

    def __init__(self, root: str) -> None:
        """Use the folder at `root`, wherever this process goes."""
        self.uri = os.path.abspath(root)

    def below(self, name: str) -> Store:
        """Return the store of a folder in this one."""
        return Folder(self._full(name))

    def check(self) -> List[str]:
        """Raise StoreError unless files and hard links can be made in the folder."""
        scratch = self.below(".preflight-" + uuid.uuid4().hex[:12])
        try:
            os.makedirs(self.uri, exist_ok=True)
            scratch.create("probe", b"")
        except OSError as error:
            raise _refused(self.uri, "making the folder", error)
        finally:
            shutil.rmtree(scratch.uri, ignore_errors=True)
        return []

    def exists(self, path: str) -> bool:
        """Say whether there is a file at `path`."""
        return os.path.isfile(self._full(path))

    def size(self, path: str) -> Optional[int]:
        """Return a file's length in bytes; None when there is no such file."""
        try:
            return os.stat(self._full(path)).st_size if self.exists(path) else None
        except OSError as error:
            raise _refused(self._full(path), "reading", error)

    def read(self, path: str) -> Optional[bytes]:
        """Return a file's bytes; None when there is no such file."""
        try:
            with open(self._full(path), "rb") as stream:
                return stream.read()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise _refused(self._full(path), "reading", error)

    def write(self, path: str, content: bytes) -> None:
        """Write a whole file, or none of it."""
        with self._unfinished(path, content) as temporary:
            os.replace(temporary, self._full(path))

    def create(self, path: str, content: bytes) -> bool:
        """Write a file where there is none; say whether `content` is what lies there then."""
        with self._unfinished(path, content) as temporary:
            try:
                os.link(temporary, self._full(path))
            except FileExistsError:
                return self.read(path) == content
            except OSError as error:
                raise StoreError(
                    "{}: hard links are needed for exactly-once commits, and this file system "
                    "refuses them ({}); choose a folder on a local disk".format(
                        self.uri, error.strerror
                    )
                )
        return True

    def begin(self, path: str) -> None:
        """Make the folder at `path`."""
        try:
            os.makedirs(self._full(path), exist_ok=True)
        except OSError as error:
            raise _refused(self._full(path), "making the folder", error)

    def children(self, path: str) -> List[str]:
        """Return the names right below `path`, sorted."""
        try:
            return sorted(
                name for name in os.listdir(self._full(path)) if not name.startswith(_UNFINISHED)
            )
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise _refused(self._full(path), "listing", error)

    def walk(self, path: str) -> Iterator[str]:
        """Yield the path of every file below `path`."""
        for folder, _, files in os.walk(self._full(path), onerror=_refuse_to_list):
            for name in files:
                if not name.startswith(_UNFINISHED):
                    full = os.path.join(folder, name)
                    yield os.path.relpath(full, self.uri).replace(os.sep, "/")

    def remove(self, path: str) -> None:
        """Remove the folder at `path` and everything in it."""
        try:
            shutil.rmtree(self._full(path))
        except (FileNotFoundError, NotADirectoryError):
            pass
        except OSError as error:
            raise _refused(self._full(path), "removing", error)

    def _full(self, path: str) -> str:
        return os.path.join(self.uri, *path.split("/"))

    @contextlib.contextmanager
    def _unfinished(self, path: str, content: bytes) -> Iterator[str]:
        """Write a file beside `path` for the block to name; both reach the disk."""
        full = self._full(path)
        folder = os.path.dirname(full)
        temporary = os.path.join(folder, _UNFINISHED + uuid.uuid4().hex[:12])
        try:
            os.makedirs(folder, exist_ok=True)
            try:
                with open(temporary, "wb") as stream:
                    stream.write(content)
                    stream.flush()
                    os.fsync(stream.fileno())
                yield temporary
            finally:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(temporary)
            _sync_folder(folder)
        except OSError as error:
            raise _refused(full, "writing", error)


def _refused(path: str, operation: str, error: OSError) -> StoreError:
    return StoreError(
        "{}: {} failed ({}); records need a writable folder with free space, on a file system "
        "with hard links".format(path, operation, error.strerror or type(error).__name__)
    )


def _refuse_to_list(error: OSError) -> None:
    if not isinstance(error, (FileNotFoundError, NotADirectoryError)):
        raise _refused(str(error.filename), "listing", error)


def _sync_folder(path: str) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
