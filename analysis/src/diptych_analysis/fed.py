"""Unequal batches, masks or numbers of steps although a control shares them: the code chose them.

Nothing that a control holds equal shows such a choice: another batch size, another dropout rate, an
earlier stop. It is told before anybody is sent to look for it in the arithmetic.
"""

import statistics
from collections.abc import Callable, Sequence

from diptych_analysis.aspects import held
from diptych_analysis.divergence import Pair
from diptych_analysis.records.outcome import Committed
from diptych_analysis.sentences import seeds
from diptych_runner.contract import names
from diptych_runner.contract.plan import Plan


def fed_told(plan: Plan, control: str, pairs: Sequence[Pair]) -> str:
    """Say what pairs under a control were fed unequally, in most of them; empty when nothing."""
    shared = held(plan, control)
    told = []
    if names.BATCH_ORDER in shared and _most(pairs, lambda record: record.first_batch):
        told.append(
            f"Already the first batches differ under {control}, which gives both the same order: "
            "the code takes other batches in each version, as with another batch size."
        )
    elif names.MASKS in shared and _most(pairs, lambda record: record.first_masks):
        told.append(
            f"Already the first masks differ under {control}, which gives both the same draws: the "
            "code asks for other masks in each version, as with another dropout rate."
        )
    if _most(pairs, lambda record: str(record.steps)):
        told.append(_lengths(pairs))
    return " ".join(told)


def _lengths(pairs: Sequence[Pair]) -> str:
    """Say how long each version trained, or in how many pairs they trained for other lengths."""
    succeeded = _succeeded(pairs)
    first, second = (statistics.median(pair[side].steps for pair in succeeded) for side in (0, 1))
    if first == second:
        unequal = sum(left.steps != right.steps for left, right in succeeded)
        return (
            f"{unequal} of {seeds(len(succeeded))} trained for another number of steps in each "
            "version: final values are of trainings of other lengths."
        )
    left, right = (record.trial.version for record in succeeded[0])
    return (
        f"{left} trained for {first:g} steps and {right} for {second:g} (medians over seeds): "
        "final values are of trainings of other lengths."
    )


def _succeeded(pairs: Sequence[Pair]) -> list[Pair]:
    return [pair for pair in pairs if all(record.succeeded for record in pair)]


def _most(pairs: Sequence[Pair], value: Callable[[Committed], str | None]) -> bool:
    """Say whether a value is known and unequal in more than half of the pairs that succeeded."""
    succeeded = _succeeded(pairs)
    unequal = [
        left
        for left, right in (map(value, pair) for pair in succeeded)
        if None not in (left, right) and left != right
    ]
    return 2 * len(unequal) > len(succeeded)
