"""Folders that are made aside and appear at once, so that two runs at a time do not meet."""

import tempfile
from collections.abc import Callable
from pathlib import Path


def made_once(target: Path, fill: Callable[[Path], None]) -> Path:
    """Return `target`, filled by `fill` where it is missing; another process sees all or none."""
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        made = Path(scratch) / "made"
        made.mkdir()
        fill(made)
        try:
            made.rename(target)
        except OSError:
            # Somebody else was faster: what is there is the same.
            if not target.exists():
                raise
    return target
