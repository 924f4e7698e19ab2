"""Write files into a comparison's folder, each whole or not at all."""

import os
import tempfile
from pathlib import Path

from diptych_analysis.summary import Summary
from diptych_runner.contract import names


def write_summary(folder: Path, summary: Summary) -> Path:
    """Write `summary.json` into a comparison's folder and return its path."""
    return write_text(folder, names.SUMMARY_FILE, summary.to_json())


def write_text(folder: Path, name: str, text: str) -> Path:
    """Write a text file into a folder and return its path.

    A temporary file beside it, flushed to the disk, takes its name at once: a reader sees the
    old file or the new one.
    """
    target = folder / name
    descriptor, beside = tempfile.mkstemp(prefix=f".{name}.", dir=folder)
    temporary = Path(beside)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        # mkstemp keeps the file to its owner; a summary is as readable as the records.
        temporary.chmod(0o644)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return target
