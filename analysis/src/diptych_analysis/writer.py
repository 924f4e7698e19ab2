"""Write summary.json, whole or not at all."""

import os
import tempfile
from pathlib import Path

from diptych_analysis.summary import Summary
from diptych_runner.contract import names


def write_summary(folder: Path, summary: Summary) -> Path:
    """Write `summary.json` into a comparison's folder and return its path.

    A temporary file beside it, flushed to the disk, takes its name at once: a reader sees the
    old summary or the new one.
    """
    target = folder / names.SUMMARY_FILE
    descriptor, name = tempfile.mkstemp(prefix=f".{names.SUMMARY_FILE}.", dir=folder)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(summary.to_json())
            stream.flush()
            os.fsync(stream.fileno())
        # mkstemp keeps the file to its owner; a summary is as readable as the records.
        temporary.chmod(0o644)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return target
