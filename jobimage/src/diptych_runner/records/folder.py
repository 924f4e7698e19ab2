"""The store as a folder: attempts are folders of their own, COMMIT is made by a hard link.

`os.link` fails when the name exists, on every POSIX file system, so that of two attempts that
finish exactly one counts. Files reach the disk before the link does.
"""

import errno
import os
import shutil
from typing import List, Optional

from diptych_runner.contract import names
from diptych_runner.contract.trials import Trial, path_of


class StoreError(OSError):
    """The store cannot hold records; the message says what it lacks."""


class FolderStore(object):
    """Records of one comparison under one folder."""

    def __init__(self, root: str) -> None:
        """Use `root`, the comparison's folder; it is made when the first attempt begins."""
        self.root = root

    def commit_of(self, trial: Trial) -> Optional[bytes]:
        """Return the trial's COMMIT, or None when it has none."""
        try:
            with open(os.path.join(self._folder(trial), names.COMMIT_FILE), "rb") as stream:
                return stream.read()
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.ENOTDIR):
                return None
            raise

    def attempts(self, trial: Trial) -> List[str]:
        """Return the names of the trial's attempts so far, in their order."""
        try:
            return sorted(os.listdir(os.path.join(self._folder(trial), "attempts")))
        except OSError as error:
            if error.errno == errno.ENOENT:
                return []
            raise

    def begin(self, trial: Trial, attempt: str) -> "Attempt":
        """Make the attempt's folder: from here on it is counted."""
        folder = os.path.join(self._folder(trial), "attempts", attempt)
        os.makedirs(folder)
        return Attempt(folder)

    def attempt(self, trial: Trial, name: str) -> "Attempt":
        """Return an attempt that was begun before."""
        return Attempt(os.path.join(self._folder(trial), "attempts", name))

    def withdraw(self, trial: Trial, attempt: str) -> None:
        """Remove an attempt that was stopped from outside, so that it is not counted."""
        shutil.rmtree(os.path.join(self._folder(trial), "attempts", attempt), ignore_errors=True)

    def commit(self, trial: Trial, attempt: str, content: bytes) -> bool:
        """Write the trial's COMMIT once; return False when another attempt was first."""
        folder = self._folder(trial)
        temporary = os.path.join(folder, "attempts", attempt, ".commit")
        _write_synced(temporary, content)
        try:
            os.link(temporary, os.path.join(folder, names.COMMIT_FILE))
        except OSError as error:
            if error.errno == errno.EEXIST:
                return False
            raise StoreError(
                error.errno,
                "{}: hard links are needed for exactly-once commits, and this file system "
                "refuses them ({}); choose a folder on a local disk".format(folder, error.strerror),
            )
        finally:
            os.unlink(temporary)
        _sync_folder(folder)
        return True

    def _folder(self, trial: Trial) -> str:
        return os.path.join(self.root, *path_of(trial).split("/"))


class Attempt(object):
    """Files of one attempt; each is on the disk when `write` returns."""

    def __init__(self, folder: str) -> None:
        """Use the attempt's existing folder."""
        self.folder = folder

    def write(self, path: str, content: bytes) -> None:
        """Write one file, by its path relative to the attempt."""
        full = os.path.join(self.folder, *path.split("/"))
        os.makedirs(os.path.dirname(full), exist_ok=True)
        _write_synced(full, content)
        _sync_folder(os.path.dirname(full))

    def read(self, path: str) -> Optional[bytes]:
        """Return one file's bytes, or None when the attempt has no such file."""
        try:
            with open(os.path.join(self.folder, *path.split("/")), "rb") as stream:
                return stream.read()
        except OSError as error:
            if error.errno == errno.ENOENT:
                return None
            raise


def _write_synced(path: str, content: bytes) -> None:
    with open(path, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _sync_folder(path: str) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
