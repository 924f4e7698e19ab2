"""What cannot be the cause, for it is equal in every pair of trials before a control holds it so.

A control that adds nothing else moves both versions to other trainings, whose distances may be
smaller by chance: of a coarse metric, even 0. It must not be named for that.

Only equal bits rule out. Losses that part by no more than rounding do not: a loss may hardly depend
on the outputs that other masks change.
"""

from collections.abc import Iterable, Sequence

from diptych_analysis.divergence import Pair, start_alike
from diptych_analysis.unseen import Unseen
from diptych_runner.contract import names

_WORDS = {
    names.INITIAL_WEIGHTS: "the initial weights",
    names.BATCH_ORDER: "the batches of every step",
}


def ruled_out(pairs: Sequence[Pair]) -> frozenset[str]:
    """Return the aspects that the pairs of trials under the verdict's control rule out."""
    found = set()
    if start_alike(pairs):
        found.add(names.INITIAL_WEIGHTS)
    if batches_alike(pairs):
        found.add(names.BATCH_ORDER)
    return frozenset(found)


def batches_alike(pairs: Iterable[Pair]) -> bool:
    """Say whether every pair recorded what every step was fed, and both trials the same."""
    digests = [[record.inputs_sha256 for record in pair] for pair in pairs]
    return bool(digests) and all(left is not None and left == right for left, right in digests)


def ruled_out_told(aspects: frozenset[str], unseen: Unseen) -> str:
    """Say why these aspects are ruled out, as a sentence; empty without any."""
    words = _WORDS | ({names.BATCH_ORDER: "the orders of batches"} if unseen.examples else {})
    equal = [told for aspect, told in words.items() if aspect in aspects - unseen.unasked]
    if not equal:
        return ""
    return f"{' and '.join(equal).capitalize()} are equal in every pair of trials and no cause."
