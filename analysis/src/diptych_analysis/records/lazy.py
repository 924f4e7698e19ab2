"""Load what a committed record left in the store: losses and checkpoints, verified again.

Between the first reading and this one somebody may have written to the store: then the analysis
ends, for half of its numbers would be of other records.
"""

from collections.abc import Callable
from typing import TypeVar

from diptych_analysis.errors import AnalysisError, RefusalError
from diptych_analysis.records import documents, losses, npz
from diptych_analysis.records.files import read_file
from diptych_analysis.records.outcome import Committed
from diptych_analysis.records.reader import Reader
from diptych_runner.contract import names

T = TypeVar("T")


def load_losses(reader: Reader, record: Committed) -> losses.Losses:
    """Return train_loss by step, float64 of shape (steps,); empty when none was recorded."""

    def load() -> losses.Losses:
        if record.metrics_sha256 is None:
            return losses.losses_of([])
        path = names.METRICS_FILE
        data = read_file(reader, record.attempt_path, path, record.metrics_sha256)
        return losses.losses_of(losses.read_lines(path, data))

    return _again(record, load)


def load_entries(reader: Reader, record: Committed, path: str) -> npz.Entries:
    """Return the manifest's entries of one npz file: dtype, shape and sha256 by key."""

    def load() -> npz.Entries:
        # These very bytes were validated at the first reading: their sha256 is enough.
        name = names.MANIFEST_FILE
        data = read_file(reader, record.attempt_path, name, record.manifest_sha256)
        entries: npz.Entries = documents.parse(name, data)["arrays"].get(path, {})
        return entries

    return _again(record, load)


def load_arrays(reader: Reader, record: Committed, path: str) -> dict[str, npz.Array]:
    """Return the arrays of one npz file by key."""
    entries = load_entries(reader, record, path)

    def load() -> dict[str, npz.Array]:
        data = read_file(reader, record.attempt_path, path, None)
        return dict(npz.arrays_of(path, data, entries))

    return _again(record, load)


def _again(record: Committed, load: Callable[[], T]) -> T:
    try:
        return load()
    except RefusalError as refusal:
        raise AnalysisError(
            f"{record.attempt_path}/{refusal.path}: {refusal.why}; the record changed while it "
            "was analysed, so run the analysis again when nothing writes to the store"
        ) from refusal
