"""Load what a committed record left in the store: losses and checkpoints, verified again.

Between the first reading and this one somebody may have written to the store: then the analysis
ends, for half of its numbers would be of other records.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from diptych_analysis.errors import AnalysisError, RefusalError
from diptych_analysis.records import documents, npz
from diptych_analysis.records.files import opened, read_file
from diptych_analysis.records.losses import Losses, losses_of, rates_of, read_lines
from diptych_analysis.records.outcome import Committed
from diptych_analysis.records.predicted import Predicted, predicted_of
from diptych_analysis.records.reader import Reader
from diptych_runner.contract import names
from diptych_runner.contract.trials import Trial

T = TypeVar("T")

#: Bytes of losses and labels that are kept: a baseline's are not read again for each candidate.
KEPT_BYTES = 256 << 20


class Loader:
    """Reads what committed records hold; keeps losses and labels as long as there is room."""

    def __init__(self, reader: Reader) -> None:
        """Read through `reader`."""
        self._reader = reader
        self._losses: dict[Trial, Losses] = {}
        self._predicted: dict[Trial, Predicted | None] = {}
        self._room = KEPT_BYTES

    def losses(self, record: Committed) -> Losses:
        """Return train_loss by step, float64 of shape (steps,); empty when none was recorded."""
        found = self._losses.get(record.trial)
        if found is None:
            found = losses_of(self._lines(record))
            if found.nbytes <= self._room:
                self._losses[record.trial] = found
                self._room -= found.nbytes
        return found

    def rates(self, record: Committed) -> Losses:
        """Return the learning rate by step, NaN where none was recorded."""
        return rates_of(self._lines(record))

    def predicted(self, record: Committed) -> Predicted | None:
        """Return which class each test example got; None when this is no classifier."""
        if record.trial not in self._predicted:
            path = names.PREDICTIONS_FILE
            entries = self.entries(record)[path]
            arrays = dict(self.arrays(record, path, entries))
            sha256 = entries[names.TARGETS_KEY]["sha256"]
            found = predicted_of(arrays[names.OUTPUTS_KEY], arrays[names.TARGETS_KEY], sha256)
            size = 0 if found is None else found.labels.nbytes + found.targets.nbytes
            if size > self._room:
                return found
            self._predicted[record.trial] = found
            self._room -= size
        return self._predicted[record.trial]

    def entries(self, record: Committed) -> Mapping[str, npz.Entries]:
        """Return the manifest's entries of every npz file: dtype, shape, sha256 by path and key."""

        def load() -> Mapping[str, npz.Entries]:
            # These very bytes were validated at the first reading: their sha256 is enough.
            name = names.MANIFEST_FILE
            data = read_file(self._reader, record.attempt_path, name, record.manifest_sha256)
            entries: Mapping[str, npz.Entries] = documents.parse(name, data)["arrays"]
            return entries

        return _again(record, load)

    def arrays(
        self, record: Committed, path: str, entries: npz.Entries
    ) -> Iterator[tuple[str, npz.Array]]:
        """Yield (key, array) of an npz file in the order of the keys, one in memory at a time.

        `entries` are those of the arrays that are wanted.
        """
        try:
            with opened(self._reader, record.attempt_path, path) as file:
                yield from npz.arrays_of(path, file, entries)
        except RefusalError as refusal:
            raise _changed(record, refusal) from refusal

    def _lines(self, record: Committed) -> list[dict[str, float]]:
        path, sha256 = names.METRICS_FILE, record.metrics_sha256
        if sha256 is None:
            return []
        return _again(
            record,
            lambda: read_lines(path, read_file(self._reader, record.attempt_path, path, sha256)),
        )


def _again(record: Committed, load: Callable[[], T]) -> T:
    try:
        return load()
    except RefusalError as refusal:
        raise _changed(record, refusal) from refusal


def _changed(record: Committed, refusal: RefusalError) -> AnalysisError:
    return AnalysisError(
        f"{record.attempt_path}/{refusal.path}: {refusal.why}; the record changed while it "
        "was analysed, so run the analysis again when nothing writes to the store"
    )
