"""A folder of its own for a trial's temporary files and for its working folder.

It is removed however the trial ends. Code that writes best.h5 and reads it again must not read that
of another seed or version, or of a trial beside it. TensorFlow leaves a file for each function that
it rewrites, and a trial's process never comes to its own clean-up. The block removes the folder;
what a block that was killed left behind, the next one sweeps: a lock tells whether somebody is
alive, across containers that share a disk too.
"""

import contextlib
import fcntl
import os
import shutil
import sys
import tempfile
import time
from typing import Callable, Iterator

from diptych_runner.data import cache

_PREFIX = "diptych-trial-"
_LOCK = "lock"
_WORKING = "working"
#: A folder without its lock is being made, unless it is older than this.
_SECONDS_TO_LOCK = 60.0


@contextlib.contextmanager
def folder() -> Iterator[str]:
    """Make a folder for one trial; remove it at the end, with all that is in it."""
    path = tempfile.mkdtemp(prefix=_PREFIX)
    lock = os.open(os.path.join(path, _LOCK), os.O_CREAT | os.O_RDWR, 0o600)
    try:
        # A fork shares it: whoever of the two lives longer holds it.
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        os.close(lock)


def within(path: str, body: Callable[[], int]) -> int:
    """Run `body`, in the process of a trial, with the folder as the place of temporary files.

    The working folder is an empty one in it. Modules are found where they were before.
    """
    # A data set that was downloaded is for the trials that follow too.
    os.environ.setdefault(cache.CACHE_VARIABLE, cache.folder())
    os.environ["TMPDIR"] = tempfile.tempdir = path
    # "" in there is the working folder of this moment: what code leaves in its own is no module.
    sys.path[:] = [os.path.abspath(entry) for entry in sys.path]
    working = os.path.join(path, _WORKING)
    os.mkdir(working)
    os.chdir(working)
    return body()


def sweep() -> None:
    """Remove the folders of blocks that were killed, as far as they are this user's."""
    root = tempfile.gettempdir()
    for name in os.listdir(root):
        path = os.path.join(root, name)
        if name.startswith(_PREFIX) and _is_left(path):
            shutil.rmtree(path, ignore_errors=True)


def _is_left(path: str) -> bool:
    """Return whether nobody holds a folder's lock."""
    try:
        if os.stat(path).st_uid != os.getuid():
            return False
        if time.time() - os.stat(path).st_mtime < _SECONDS_TO_LOCK:
            return False
        lock = os.open(os.path.join(path, _LOCK), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    else:
        return True
    finally:
        os.close(lock)
