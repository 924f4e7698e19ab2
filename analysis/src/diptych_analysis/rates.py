"""Unequal learning rates, step by step: code or a schedule sets them, and no control holds them."""

from collections.abc import Sequence

import numpy as np

from diptych_analysis.divergence import Pair
from diptych_analysis.records.lazy import Loader
from diptych_analysis.records.losses import Losses
from diptych_analysis.sentences import seeds

#: Schedules in float32 round each in their own way.
_ROUNDING = 1e-5


def rates_told(loader: Loader, control: str, pairs: Sequence[Pair]) -> str:
    """Say from which step most pairs take other rates; empty where they do not, or none is known.

    `control` is the strictest; `pairs` those under it.
    """
    succeeded = [pair for pair in pairs if all(record.succeeded for record in pair)]
    found = []
    for pair in succeeded:
        left, right = (loader.rates(record) for record in pair)
        step = first_unequal(left, right)
        if step is not None:
            found.append((step, float(left[step - 1]), float(right[step - 1])))
    if not found or 2 * len(found) <= len(succeeded):
        return ""
    step, first, second = min(found)
    versions = [record.trial.version for record in succeeded[0]]
    return (
        f"The learning rates differ under {control}, first at step {step}: {first:.6g} in "
        f"{versions[0]} and {second:.6g} in {versions[1]} ({len(found)} of "
        f"{seeds(len(succeeded))})."
    )


def first_unequal(left: Losses, right: Losses) -> int | None:
    """Return the first step whose rates, shape (steps,), differ beyond rounding; NaN is unknown."""
    common = min(len(left), len(right))
    first, second = left[:common], right[:common]
    apart = np.abs(first - second) > _ROUNDING * np.maximum(np.abs(first), np.abs(second))
    places = np.flatnonzero(apart)
    return int(places[0]) + 1 if places.size else None
