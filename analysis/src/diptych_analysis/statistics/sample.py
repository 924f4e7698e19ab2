"""Pairs by seed: the mean over repeats of each version, seed by seed."""

import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
#: Values of one version: by seed, one value a repeat.
Values = Mapping[int, Sequence[float]]

#: Roundings of a mean over repeats, of a difference and of a mean over seeds, with room.
_ROUNDINGS = 8


@dataclass(frozen=True)
class Sample:
    """Per-seed values of a metric: `baseline` and `candidate` float64 of shape (seeds,)."""

    seeds: tuple[int, ...]
    baseline: Floats
    candidate: Floats

    @property
    def count(self) -> int:
        """How many seeds are present in both versions."""
        return len(self.seeds)

    @property
    def differences(self) -> Floats:
        """Candidate - baseline by seed, shape (seeds,)."""
        return subtract(self.candidate, self.baseline)

    @property
    def rounding(self) -> float:
        """What float64 cannot tell from 0 in a difference of such values."""
        largest = max((abs(float(v)) for v in [*self.baseline, *self.candidate]), default=0.0)
        return _ROUNDINGS * sys.float_info.epsilon * largest


def pair(baseline: Values, candidate: Values, order: Iterable[int]) -> Sample:
    """Pair by the seeds that both versions have, in the given order of seeds."""
    seeds = tuple(seed for seed in order if baseline.get(seed) and candidate.get(seed))
    return Sample(
        seeds=seeds,
        baseline=np.array([mean(baseline[seed]) for seed in seeds], dtype=np.float64),
        candidate=np.array([mean(candidate[seed]) for seed in seeds], dtype=np.float64),
    )


def mean(values: Sequence[float] | Floats) -> float:
    """Return the mean of at least one value; of equal values it is exactly that value.

    Three times 0.1, summed and divided by three, would give another number than 0.1, and so a
    difference where there is none. NaN when a value is not finite.
    """
    numbers = [float(value) for value in values]
    if not all(math.isfinite(number) for number in numbers):
        return math.nan
    if all(number == numbers[0] for number in numbers):
        return numbers[0]
    # Divided first, so that the sum of large values stays in range.
    return math.fsum(number / len(numbers) for number in numbers)


def subtract(left: Floats, right: Floats) -> Floats:
    """Return left - right; infinite or NaN where it leaves float64, without a warning."""
    with np.errstate(over="ignore", invalid="ignore"):
        result: Floats = left - right
    return result
