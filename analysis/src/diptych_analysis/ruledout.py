"""What cannot be the cause, for it is equal in every pair of trials before a control holds it so.

A control that adds nothing else moves both versions to other trainings, whose distances may be
smaller by chance: of a coarse metric, even 0. It must not be named for that.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from diptych_analysis.divergence import Pair, start_alike
from diptych_analysis.records.lazy import Loader
from diptych_analysis.sentences import number
from diptych_runner.contract import names

#: Losses this close, as a share of their size, differ by rounding: another mask moves them more.
ROUNDING = 1e-5
#: Steps looked at from the first that differs: at step 1 outputs may be 0 whatever the mask.
_STEPS = 3

_WORDS = {
    names.INITIAL_WEIGHTS: "the initial weights",
    names.BATCH_ORDER: "the batches of every step",
}


@dataclass(frozen=True)
class RuledOut:
    """Aspects that are no cause; `onset` is the loss's relative distance where versions part."""

    aspects: frozenset[str] = frozenset()
    onset: float | None = None

    def told(self, aspects: frozenset[str]) -> str:
        """Return why these of the aspects are ruled out, as a sentence; empty without any."""
        equal = [words for aspect, words in _WORDS.items() if aspect in aspects & self.aspects]
        told = []
        if equal:
            verb = "are equal in every pair of trials and no cause"
            told.append(f"{' and '.join(equal).capitalize()} {verb}.")
        if names.MASKS in aspects & self.aspects:
            told.append(
                f"Losses part by at most {number(self.onset)} of their size, as rounding does: no "
                "other masks."
            )
        return " ".join(told)


def ruled_out(loader: Loader, pairs: Sequence[Pair]) -> RuledOut:
    """Return what the pairs of trials under the verdict's control rule out."""
    found = set()
    if start_alike(pairs):
        found.add(names.INITIAL_WEIGHTS)
    if batches_alike(pairs):
        found.add(names.BATCH_ORDER)
    if len(found) < len(_WORDS):
        return RuledOut(frozenset(found))
    onset = onset_of(loader, pairs)
    if onset is not None and onset <= ROUNDING:
        found.add(names.MASKS)
    return RuledOut(frozenset(found), onset)


def batches_alike(pairs: Iterable[Pair]) -> bool:
    """Say whether every pair recorded what each step was fed, and both trials the same."""
    digests = [[record.inputs_sha256 for record in pair] for pair in pairs]
    return bool(digests) and all(left is not None and left == right for left, right in digests)


def onset_of(loader: Loader, pairs: Iterable[Pair]) -> float | None:
    """Return how far losses lie apart where they first differ, the largest share of their size.

    None where a pair ends before that can be told.
    """
    largest = 0.0
    for left, right in pairs:
        if left.losses_sha256 == right.losses_sha256:
            continue
        first, second = loader.losses(left), loader.losses(right)
        common = min(len(first), len(second))
        different = np.flatnonzero(first[:common] != second[:common])
        if not different.size:
            return None
        start = int(different[0])
        a, b = first[start : start + _STEPS], second[start : start + _STEPS]
        if min(len(a), len(b)) < _STEPS or not np.all(np.isfinite([a, b])):
            return None
        size = np.maximum(np.abs(a), np.abs(b))
        largest = max(largest, float(np.max(np.abs(a - b) / np.where(size, size, 1.0))))
    return largest
