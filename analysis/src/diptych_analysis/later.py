"""A difference that begins after the first step: a jump of the losses that rounding cannot make.

One step from equal weights shows nothing of what changes later, such as a learning rate that a
schedule or a callback sets. Rounding grows from step to step in every training, so a distance alone
proves nothing; it does not grow a hundredfold within one step, at the same step for most seeds.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from diptych_analysis.divergence import Pair
from diptych_analysis.records.lazy import Loader
from diptych_analysis.records.losses import Losses
from diptych_analysis.ruledout import batches_alike
from diptych_analysis.sentences import number, seeds

#: Float32 keeps 6e-8 of a loss; sums in another order lose some more.
_ROUNDING = 1e-7
_JUMP = 100.0
#: A loss that is almost gone is measured against this share of the first one.
_SMALL = 1e-3


def later_told(loader: Loader, control: str, pairs: Sequence[Pair], rounding: float = 0.0) -> str:
    """Say at which step the losses of most pairs jump apart; empty where they do not.

    `control` is the strictest, and `pairs` are all under it; one step does not tell most apart.
    `rounding` is what the probe found rounding to give to a loss: more where it has fewer bits.
    """
    succeeded = [pair for pair in pairs if all(record.succeeded for record in pair)]
    pairs_told = (
        jump_of(loader.losses(left), loader.losses(right), rounding) for left, right in succeeded
    )
    found = [jump for jump in pairs_told if jump is not None]
    counted = Counter(step for step, _, _ in found)
    if not counted:
        return ""
    # Of equals the earliest.
    step, count = min(counted.items(), key=lambda item: (-item[1], item[0]))
    if count < 2 or 2 * count <= len(succeeded):
        return ""
    there = [jump for jump in found if jump[0] == step]
    before, after = max(jump[1] for jump in there), np.median([jump[2] for jump in there])
    told = (
        f"The training losses jump apart at step {step} under {control}, in {count} of "
        f"{seeds(len(succeeded))}: {number(float(after))} of the loss, at most {number(before)} up "
        "to there. Something begins to differ just before it, such as a learning rate that the "
        "code changes with the step"
    )
    fed = "; every batch is equal" if batches_alike(succeeded) else ""
    return f"{told}{fed}."


def jump_of(left: Losses, right: Losses, rounding: float = 0.0) -> tuple[int, float, float] | None:
    """Return the first step whose relative distance is a jump, what it was before, and what it is.

    `left` and `right` are losses by step, shape (steps,); only steps that both have count. None
    where the distance grows step by step, or stays, or a loss is not finite before it jumps.
    """
    common = min(len(left), len(right))
    if not common:
        return None
    first, second = left[:common], right[:common]
    sizes = np.maximum(np.maximum(np.abs(first), np.abs(second)), _SMALL * np.abs(first[0]))
    with np.errstate(divide="ignore", invalid="ignore"):
        distances = np.where(first == second, 0.0, np.abs(first - second) / sizes)
    if not np.isfinite(distances).all():
        distances = distances[: int(np.argmin(np.isfinite(distances)))]
    # Of the first step the probe tells.
    before = np.maximum.accumulate(distances)[:-1]
    jumps = np.flatnonzero(distances[1:] > _JUMP * np.maximum(before, max(rounding, _ROUNDING)))
    if not jumps.size:
        return None
    place = int(jumps[0])
    return place + 2, float(before[place]), float(distances[place + 1])
