"""Where environments and copies of the runner are kept between comparisons."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs

from diptych.local.errors import PreflightFailed


def cache_root() -> Path:
    """Return DIPTYCH_CACHE_DIR, else the user's cache folder of this system."""
    chosen = os.environ.get("DIPTYCH_CACHE_DIR")
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("diptych"))


@contextmanager
def locked(path: Path, on_wait: Callable[[], None]) -> Iterator[None]:
    """Hold an exclusive lock on `path`; call `on_wait` once when another process has it.

    Raises PreflightFailed when there cannot be such a file.
    The kernel lets go of it when the holder ends, however it ends.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = path.open("a+b")
    except OSError as error:
        raise PreflightFailed(
            f"{path}: cannot be written ({error.strerror}); name a writable cache folder in "
            "DIPTYCH_CACHE_DIR"
        ) from error
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            on_wait()
            fcntl.flock(stream, fcntl.LOCK_EX)
        yield
