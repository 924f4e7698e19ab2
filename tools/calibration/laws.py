"""Synthetic laws of a metric over seeds, in units of the baseline's own spread.

Each draws the paired values of two versions with equal means: whatever is called Different is a
false alarm. `Kind.LEVEL` are laws at which the levels are promised, equal versions and shifts of
one law; `Kind.SKEWED` are versions of laws of different shapes, at which they are only measured.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
#: Baseline and candidate, each of shape (comparisons, seeds).
Pair = tuple[Floats, Floats]
Draw = Callable[[np.random.Generator, tuple[int, int]], Pair]


class Kind(StrEnum):
    """What is promised at a law."""

    LEVEL = "levels hold"
    SKEWED = "levels are measured"


@dataclass(frozen=True)
class Law:
    """A law by its name; `normal` tells that the differences are, so that power has a bound."""

    name: str
    kind: Kind
    draw: Draw
    normal: bool = False


def _both(one: Callable[[np.random.Generator, tuple[int, int]], Floats]) -> Draw:
    """Return the draw of two independent versions of one law."""
    return lambda rng, shape: (one(rng, shape), one(rng, shape))


def _normal(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    return rng.normal(size=shape)


def _correlated(rng: np.random.Generator, shape: tuple[int, int]) -> Pair:
    common = rng.normal(size=shape)
    left, right = (np.sqrt(0.9) * common + np.sqrt(0.1) * rng.normal(size=shape) for _ in "ab")
    return left, right


def _unequal(rng: np.random.Generator, shape: tuple[int, int]) -> Pair:
    return rng.normal(size=shape), 3 * rng.normal(size=shape)


def _lognormal(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    values: Floats = (rng.lognormal(size=shape) - np.exp(0.5)) / 2.16
    return values


def _heavy(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    return rng.standard_t(3, size=shape)


def _collapsing(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """Return trainings of which one in six fails to learn."""
    values: Floats = rng.normal(size=shape) - 20 * (rng.random(shape) < 1 / 6)
    return values


def _accuracy(examples: int, chance: float) -> Draw:
    """Return the accuracy on so many test examples: a coarse metric, full of ties."""
    return _both(lambda rng, shape: rng.binomial(examples, chance, size=shape) / examples)


def _normal_and_lognormal(rng: np.random.Generator, shape: tuple[int, int]) -> Pair:
    return _normal(rng, shape), _lognormal(rng, shape)


def _opposite(rng: np.random.Generator, shape: tuple[int, int]) -> Pair:
    return rng.exponential(size=shape) - 1, 1 - rng.exponential(size=shape)


def _fixed_and_lognormal(rng: np.random.Generator, shape: tuple[int, int]) -> Pair:
    return np.zeros(shape), _lognormal(rng, shape)


LAWS = (
    Law("normal", Kind.LEVEL, _both(_normal), normal=True),
    Law("normal, correlation 0.9", Kind.LEVEL, _correlated, normal=True),
    Law("normal, sd 1 and 3", Kind.LEVEL, _unequal, normal=True),
    Law("lognormal", Kind.LEVEL, _both(_lognormal)),
    Law("heavy tails, t(3)", Kind.LEVEL, _both(_heavy)),
    Law("one in six collapses", Kind.LEVEL, _both(_collapsing)),
    Law("accuracy of 200 examples", Kind.LEVEL, _accuracy(200, 0.95)),
    Law("accuracy of 20 examples", Kind.LEVEL, _accuracy(20, 0.98)),
    Law("normal and lognormal", Kind.SKEWED, _normal_and_lognormal),
    Law("exponential and its mirror", Kind.SKEWED, _opposite),
    Law("constant and lognormal", Kind.SKEWED, _fixed_and_lognormal),
)
