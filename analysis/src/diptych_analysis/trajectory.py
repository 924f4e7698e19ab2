"""Where two versions part, seed by seed, and how far apart their weights end."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from diptych_analysis import ulp
from diptych_analysis.records.files import checkpoint_path, checkpoint_step
from diptych_analysis.records.lazy import load_arrays, load_entries, load_losses
from diptych_analysis.records.losses import TRAIN_LOSS
from diptych_analysis.records.npz import Array, Entries
from diptych_analysis.records.outcome import Committed, Record
from diptych_analysis.records.reader import Reader
from diptych_analysis.summary import FinalWeights, FirstDivergence, Tensor, Trajectory
from diptych_runner.contract import names

Number = TypeVar("Number", int, float)
Pair = tuple[Committed, Committed]
#: Within a step: its loss, then its checkpoint (any tensor), at the end the predictions.
_ORDER = {TRAIN_LOSS: 0, names.OUTPUTS_KEY: 2}
_PREFIXES = (names.WEIGHTS_PREFIX, names.SLOTS_PREFIX, names.OPTIMIZER_PREFIX)


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


def first_divergence(reader: Reader, pair: Pair) -> Divergence | None:
    """Return where a pair parts first; None when every bit is equal."""
    left, right = pair
    if left.fingerprint == right.fingerprint:
        return None
    candidates = [*_loss_divergence(reader, pair), *_checkpoint_divergence(reader, pair)]
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


def trajectory(
    reader: Reader, control: str, pairs: Sequence[Pair], versions: tuple[str, str]
) -> tuple[Trajectory | None, list[Divergence | None]]:
    """Return the trajectory of a candidate and each pair's divergence, in the pairs' order.

    None when no pair trained. `versions` are the names of baseline and candidate.
    """
    if not pairs:
        return None, []
    found = [first_divergence(reader, pair) for pair in pairs]
    first = earliest(found)
    worst = _Worst(versions)
    for left, right in pairs:
        if left.succeeded and right.succeeded:
            worst.add(_final(reader, left), _final(reader, right))
    return (
        Trajectory(
            control=control,
            bit_identical=first is None,
            first_divergence=None
            if first is None
            else FirstDivergence(step=first.step, what=first.what),
            final_weights=worst.weights(),
            tensors=worst.tensors(),
        ),
        found,
    )


@dataclass
class _Worst:
    """The largest distances over the pairs seen so far, each by itself."""

    versions: tuple[str, str]
    found: dict[str, Tensor] = field(default_factory=dict)
    distances: list[float | None] = field(default_factory=list)

    def add(self, left: dict[str, Array], right: dict[str, Array]) -> None:
        for key in sorted({*left, *right}):
            tensor = _tensor(key, left.get(key), right.get(key), self.versions)
            self.found[key] = _worse(self.found.get(key, tensor), tensor)
        first, second = _weights(left), _weights(right)
        self.distances.append(
            ulp.relative_l2_of([(first[key], second[key]) for key in sorted(first)])
            if first.keys() == second.keys()
            else None
        )

    def weights(self) -> FinalWeights | None:
        steps = [t.max_ulp for t in self.found.values() if t.key.startswith(names.WEIGHTS_PREFIX)]
        if not steps:
            return None
        return FinalWeights(max_ulp=_largest(steps), relative_l2=_largest(self.distances))

    def tensors(self) -> list[Tensor]:
        return sorted(self.found.values(), key=lambda t: (_descending(_badness(t)), t.key))


def _tensor(key: str, left: Array | None, right: Array | None, versions: tuple[str, str]) -> Tensor:
    if left is None or right is None:
        present = right if left is None else left
        return Tensor(
            key=key,
            max_ulp=None,
            relative_l2=None,
            bit_identical=False,
            shape=[] if present is None else list(present.shape),
            only_in=versions[1] if left is None else versions[0],
        )
    equal = ulp.bits_equal(left, right)
    return Tensor(
        key=key,
        max_ulp=ulp.max_ulp(left, right),
        relative_l2=0.0 if equal else ulp.relative_l2(left, right),
        bit_identical=equal,
        shape=list(left.shape),
        only_in=None,
    )


def _worse(first: Tensor, second: Tensor) -> Tensor:
    """Return one tensor with the larger distances of two seeds; unknown is larger than known."""
    worse = max(first, second, key=_badness)
    return worse.model_copy(
        update={
            "max_ulp": _largest([first.max_ulp, second.max_ulp]),
            "relative_l2": _largest([first.relative_l2, second.relative_l2]),
        }
    )


def _weights(tensors: dict[str, Array]) -> dict[str, Array]:
    return {key: array for key, array in tensors.items() if key.startswith(names.WEIGHTS_PREFIX)}


def _badness(tensor: Tensor) -> tuple[float, ...]:
    """Order tensors: only in one version, then by distance; no distance counts as infinite."""
    if tensor.bit_identical:
        return (0.0, 0.0, 0.0, 0.0)
    return (
        float(tensor.only_in is not None),
        1.0,
        math.inf if tensor.relative_l2 is None else tensor.relative_l2,
        math.inf if tensor.max_ulp is None else float(tensor.max_ulp),
    )


def _descending(values: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(-value for value in values)


def _largest(values: Sequence[Number | None]) -> Number | None:
    """Return the largest value; None as soon as one is unknown."""
    known = [value for value in values if value is not None]
    return max(known) if known and len(known) == len(values) else None


def _trained_first(record: Committed) -> bool:
    return record.outcome != names.FAILED and record.trial.repeat == 0


def _final(reader: Reader, record: Committed) -> dict[str, Array]:
    return load_arrays(reader, record, checkpoint_path(record.steps))


def _loss_divergence(reader: Reader, pair: Pair) -> Iterator[tuple[int, int, Divergence]]:
    left, right = pair
    if left.losses_sha256 == right.losses_sha256:
        return
    first, second = load_losses(reader, left), load_losses(reader, right)
    common = min(len(first), len(second))
    different = np.flatnonzero(first[:common].view(np.uint64) != second[:common].view(np.uint64))
    if different.size:
        step = int(different[0]) + 1
    elif len(first) != len(second):
        step = common + 1
    else:
        return  # some other name in metrics.jsonl differs
    yield step, 0, Divergence(step, TRAIN_LOSS, _equal_state(pair, step - 1))


def _checkpoint_divergence(reader: Reader, pair: Pair) -> Iterator[tuple[int, int, Divergence]]:
    left, right = pair
    steps = sorted(
        step
        for path in {*left.contents} & {*right.contents}
        if (step := checkpoint_step(path)) is not None
    )
    for step in steps:
        path = checkpoint_path(step)
        if left.contents[path] != right.contents[path]:
            keys = _different(load_entries(reader, left, path), load_entries(reader, right, path))
            kinds = tuple(p for p in _PREFIXES if any(key.startswith(p) for key in keys))
            yield step, 1, Divergence(step, keys[0], _equal_state(pair, step - 1), kinds)
            return


def _equal_state(pair: Pair, step: int) -> bool:
    left, right = (record.contents.get(checkpoint_path(step)) for record in pair)
    return left is not None and left == right


def _different(left: Entries, right: Entries) -> list[str]:
    """Return the keys that differ: weights, then slots, then the optimizer's scalars."""
    different = [key for key in {*left, *right} if left.get(key) != right.get(key)]
    return sorted(different, key=lambda key: (_rank(key), key))


def _rank(key: str) -> int:
    return next((place for place, p in enumerate(_PREFIXES) if key.startswith(p)), len(_PREFIXES))
