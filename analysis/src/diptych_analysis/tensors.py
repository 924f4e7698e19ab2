"""How far apart two versions' tensors are, at every kept checkpoint, the worst first.

Of a pair of checkpoints only those arrays are read whose hashes differ, one pair of arrays in
memory at a time.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from diptych_analysis import ulp
from diptych_analysis.divergence import Pair
from diptych_analysis.records.files import checkpoint_path, checkpoint_step
from diptych_analysis.records.lazy import Loader
from diptych_analysis.records.npz import Array, Entries
from diptych_analysis.summary import CheckpointDistance, FinalWeights, Tensor
from diptych_analysis.ulp import Norms
from diptych_runner.contract import names

Number = TypeVar("Number", int, float)

#: Checkpoints that are compared, spread evenly with the first and the last, when more were kept.
MOST_CHECKPOINTS = 64
#: Tensors that the summary lists of a checkpoint before the last, worst first.
MOST_LISTED = 8


def rank_tensors(
    loader: Loader, pairs: Sequence[Pair], versions: tuple[str, str]
) -> tuple["Ranking", list[CheckpointDistance]]:
    """Return the ranking after training, and the distances at each kept checkpoint, by step.

    `versions` are the names of baseline and candidate. Checkpoints are those that a pair has in
    common; what follows training is of pairs that Succeeded.
    """
    steps = chosen(step for pair in pairs for step in common_steps(pair))
    rankings = {step: Ranking() for step in steps}
    final = Ranking()
    for pair in pairs:
        both = loader.entries(pair[0]), loader.entries(pair[1])
        comparer = _Comparer(loader, pair, versions, both)
        ends = (pair[0].steps, pair[1].steps) if pair[0].succeeded and pair[1].succeeded else None
        for step in common_steps(pair):
            if step in rankings:
                compared = comparer.compare(step, step)
                rankings[step].add(compared)
                if ends == (step, step):
                    final.add(compared)
        if ends is not None and ends[0] != ends[1]:
            final.add(comparer.compare(*ends))
    return final, [ranking.at(step) for step, ranking in rankings.items()]


def common_steps(pair: Pair) -> list[int]:
    """Return the steps of the checkpoints that both trials of a pair kept, in order."""
    both = {*pair[0].contents} & {*pair[1].contents}
    return sorted(step for path in both if (step := checkpoint_step(path)) is not None)


def chosen(steps: Iterable[int]) -> list[int]:
    """Return all steps in order, or of too many so many, spread evenly, both ends among them."""
    known = sorted(set(steps))
    if len(known) <= MOST_CHECKPOINTS:
        return known
    last = len(known) - 1
    return [known[round(k * last / (MOST_CHECKPOINTS - 1))] for k in range(MOST_CHECKPOINTS)]


@dataclass(frozen=True)
class Compared:
    """One tensor of one pair of checkpoints; `norms` is None where they have no common ones."""

    tensor: Tensor
    norms: Norms | None


@dataclass
class Ranking:
    """The largest distances over the pairs seen so far, each by itself."""

    found: dict[str, Tensor] = field(default_factory=dict)
    weights: FinalWeights | None = None

    def add(self, compared: Sequence[Compared]) -> None:
        """Take every tensor of one pair of checkpoints."""
        for each in compared:
            key = each.tensor.key
            self.found[key] = _worse(self.found.get(key, each.tensor), each.tensor)
        weights = [c for c in compared if c.tensor.key.startswith(names.WEIGHTS_PREFIX)]
        if weights:
            new = _whole(weights)
            self.weights = new if self.weights is None else _worse_weights(self.weights, new)

    def tensors(self) -> list[Tensor]:
        """Return every tensor, worst first."""
        return sorted(self.found.values(), key=lambda t: (_descending(_badness(t)), t.key))

    def at(self, step: int) -> CheckpointDistance:
        """Return what the summary says of a checkpoint."""
        differ = [tensor for tensor in self.tensors() if not tensor.bit_identical]
        return CheckpointDistance(
            step=step,
            weights=self.weights,
            tensors=differ[:MOST_LISTED],
            tensors_left_out=max(0, len(differ) - MOST_LISTED),
        )


@dataclass(frozen=True)
class _Comparer:
    """Compares checkpoints of one pair of trials."""

    loader: Loader
    pair: Pair
    versions: tuple[str, str]
    entries: tuple[Mapping[str, Entries], Mapping[str, Entries]]

    def compare(self, *steps: int) -> list[Compared]:
        """Return every tensor of one checkpoint of each trial; `steps` are theirs."""
        paths = [checkpoint_path(step) for step in steps]
        left, right = (self.entries[side][paths[side]] for side in (0, 1))
        found = [self._one_sided(key, left, right) for key in sorted({*left} ^ {*right})]
        both = sorted({*left} & {*right})
        wanted = _wanted(both, left, right)
        found += [_equal(key, left[key]["shape"]) for key in both if key not in wanted]
        if wanted:
            streams = [
                self.loader.arrays(self.pair[side], paths[side], {k: entries[k] for k in wanted})
                for side, entries in enumerate((left, right))
            ]
            for (key, first), (_, second) in zip(*streams, strict=True):
                found.append(_apart(key, first, second))
        return found

    def _one_sided(self, key: str, left: Entries, right: Entries) -> Compared:
        version = self.versions[key not in left]
        shape = {**left, **right}[key]["shape"]
        tensor = Tensor(
            key=key,
            max_ulp=None,
            relative_l2=None,
            cosine=None,
            bit_identical=False,
            shape=shape,
            only_in=version,
        )
        return Compared(tensor, None)


def _wanted(keys: Sequence[str], left: Entries, right: Entries) -> list[str]:
    """Return the keys whose arrays must be read: those that differ, and all weights with one.

    The distance of all weights together needs the length of the equal ones too.
    """
    differ = {key for key in keys if left[key] != right[key]}
    some = any(key.startswith(names.WEIGHTS_PREFIX) for key in differ)
    return [key for key in keys if key in differ or (some and key.startswith(names.WEIGHTS_PREFIX))]


def _equal(key: str, shape: list[int]) -> Compared:
    tensor = Tensor(
        key=key,
        max_ulp=0,
        relative_l2=0.0,
        cosine=None,
        bit_identical=True,
        shape=shape,
        only_in=None,
    )
    return Compared(tensor, Norms(0.0, 0.0, 0.0, None))


def _apart(key: str, left: Array, right: Array) -> Compared:
    found = ulp.norms(left, right)
    equal = ulp.bits_equal(left, right)
    relative, cosine = (None, None) if found is None else (found.relative, found.cosine)
    return Compared(
        Tensor(
            key=key,
            max_ulp=ulp.max_ulp(left, right),
            other_sign=ulp.other_sign(left, right),
            relative_l2=0.0 if equal else relative,
            cosine=None if equal else cosine,
            bit_identical=equal,
            shape=list(left.shape),
            only_in=None,
        ),
        found,
    )


def _whole(weights: Sequence[Compared]) -> FinalWeights:
    """Return the distance of all weights of one pair, taken as one long vector."""
    found = ulp.together([each.norms for each in weights])
    return FinalWeights(
        max_ulp=_largest([each.tensor.max_ulp for each in weights]),
        other_sign=any(each.tensor.other_sign for each in weights),
        relative_l2=None if found is None else found.relative,
        cosine=None if found is None else found.cosine,
    )


def _worse_weights(first: FinalWeights, second: FinalWeights) -> FinalWeights:
    return FinalWeights(
        max_ulp=_largest([first.max_ulp, second.max_ulp]),
        other_sign=first.other_sign or second.other_sign,
        relative_l2=_largest([first.relative_l2, second.relative_l2]),
        cosine=_smallest([first.cosine, second.cosine]),
    )


def _worse(first: Tensor, second: Tensor) -> Tensor:
    """Return one tensor with the larger distances of two seeds; unknown is larger than known."""
    worse = max(first, second, key=_badness)
    return worse.model_copy(
        update={
            "max_ulp": _largest([first.max_ulp, second.max_ulp]),
            "other_sign": first.other_sign or second.other_sign,
            "relative_l2": _largest([first.relative_l2, second.relative_l2]),
            "cosine": _smallest([first.cosine, second.cosine]),
        }
    )


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


def _smallest(values: Sequence[float | None]) -> float | None:
    """Return the smallest value that is known: two tensors of equal bits have no cosine."""
    return min((value for value in values if value is not None), default=None)
