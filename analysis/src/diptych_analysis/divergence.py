"""Where a pair of trials parts first: in a loss, a tensor of a checkpoint, or the predictions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from diptych_analysis.records.files import checkpoint_path, checkpoint_step
from diptych_analysis.records.lazy import Loader
from diptych_analysis.records.losses import TRAIN_LOSS
from diptych_analysis.records.npz import Entries
from diptych_analysis.records.outcome import Committed, Record
from diptych_runner.contract import names

Pair = tuple[Committed, Committed]
#: Within a step: its loss, then its checkpoint (any tensor), at the end the predictions.
_ORDER = {TRAIN_LOSS: 0, names.OUTPUTS_KEY: 2}
_PREFIXES = (
    names.WEIGHTS_PREFIX,
    names.SLOTS_PREFIX,
    names.OPTIMIZER_PREFIX,
    names.STATISTICS_PREFIX,
)


@dataclass(frozen=True)
class Divergence:
    """The first thing that differs in one pair of trials.

    Order of events: the checkpoint of step n is taken after update n, the loss of step n is
    computed before it; predictions come last.
    """

    step: int
    what: str
    #: The checkpoint just before (step - 1) was recorded by both and is equal.
    after_equal_state: bool = False
    #: Which kinds of tensors of the checkpoint differ: prefixes of their keys.
    kinds: tuple[str, ...] = ()
    #: The checkpoint has slots: as they take in the gradient, equal ones show that it is equal.
    has_slots: bool = False


def pairs_of(baseline: Iterable[Record], candidate: Iterable[Record]) -> list[Pair]:
    """Return pairs of first runs of a seed that trained in both versions, Failed ones left out."""
    trained = {
        record.trial.seed: record
        for record in candidate
        if isinstance(record, Committed) and _trained_first(record)
    }
    return [
        (record, trained[record.trial.seed])
        for record in baseline
        if isinstance(record, Committed) and _trained_first(record) and record.trial.seed in trained
    ]


def start_alike(pairs: Iterable[Pair]) -> bool:
    """Say whether every pair recorded its state before training, and both trials the same.

    Of trials that trained several models none is known: only the first one's start is recorded.
    """
    path = checkpoint_path(0)
    starts = [
        [None if _has_several(record) else record.contents.get(path) for record in pair]
        for pair in pairs
    ]
    return bool(starts) and all(left is not None and left == right for left, right in starts)


def first_divergence(loader: Loader, pair: Pair) -> Divergence | None:
    """Return where a pair parts first; None when every bit is equal."""
    left, right = pair
    if left.fingerprint == right.fingerprint:
        return None
    candidates = [*_loss_divergence(loader, pair), *_checkpoint_divergence(loader, pair)]
    if candidates:
        return min(candidates, key=lambda event: event[:2])[2]
    what = names.OUTPUTS_KEY
    if left.contents.get(names.PREDICTIONS_FILE) == right.contents.get(names.PREDICTIONS_FILE):
        what = TRAIN_LOSS  # other lines or another number of checkpoints
    return Divergence(min(left.steps, right.steps), what)


def earliest(divergences: Iterable[Divergence | None]) -> Divergence | None:
    """Return the divergence that comes first over all seeds; None when nothing differs."""
    parted = [divergence for divergence in divergences if divergence is not None]
    return min(parted, key=lambda found: (found.step, _ORDER.get(found.what, 1)), default=None)


def _has_several(record: Committed) -> bool:
    return record.setup is not None and record.setup.models > 1


def _trained_first(record: Committed) -> bool:
    return record.outcome != names.FAILED and record.trial.repeat == 0


def _loss_divergence(loader: Loader, pair: Pair) -> Iterator[tuple[int, int, Divergence]]:
    left, right = pair
    if left.losses_sha256 == right.losses_sha256:
        return
    first, second = loader.losses(left), loader.losses(right)
    common = min(len(first), len(second))
    different = np.flatnonzero(first[:common].view(np.uint64) != second[:common].view(np.uint64))
    if different.size:
        step = int(different[0]) + 1
    elif len(first) != len(second):
        step = common + 1
    else:
        return  # some other name in metrics.jsonl differs
    yield step, 0, Divergence(step, TRAIN_LOSS, _equal_state(pair, step - 1))


def _checkpoint_divergence(loader: Loader, pair: Pair) -> Iterator[tuple[int, int, Divergence]]:
    left, right = pair
    steps = sorted(
        step
        for path in {*left.contents} & {*right.contents}
        if (step := checkpoint_step(path)) is not None
    )
    for step in steps:
        path = checkpoint_path(step)
        if left.contents[path] != right.contents[path]:
            keys = _different(loader.entries(left)[path], loader.entries(right)[path])
            kinds = tuple(p for p in _PREFIXES if any(key.startswith(p) for key in keys))
            slots = any(key.startswith(names.SLOTS_PREFIX) for key in loader.entries(left)[path])
            alike = _equal_state(pair, step - 1)
            yield step, 1, Divergence(step, keys[0], alike, kinds, slots)
            return


def _equal_state(pair: Pair, step: int) -> bool:
    left, right = (record.contents.get(checkpoint_path(step)) for record in pair)
    return left is not None and left == right


def _different(left: Entries, right: Entries) -> list[str]:
    """Return the keys that differ: weights, slots, the optimizer's scalars, moving statistics."""
    different = [key for key in {*left, *right} if left.get(key) != right.get(key)]
    return sorted(different, key=lambda key: (_rank(key), key))


def _rank(key: str) -> int:
    return next((place for place, p in enumerate(_PREFIXES) if key.startswith(p)), len(_PREFIXES))
