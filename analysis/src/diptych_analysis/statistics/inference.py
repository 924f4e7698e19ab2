"""Two methods that must agree: Student's t, and a second one that takes no normal law.

Below 20 seeds the second is the exact flip of signs, from 20 on the BCa bootstrap. Neither decides
alone: t is exact for normal differences only, flips are coarse, and BCa is too narrow for so few
seeds. Where both are asked, a false alarm takes the agreement of both, so that its rate is at most
that of whichever holds. docs/statistics.md says why, with measured rates.
"""

import math
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from diptych_analysis.statistics import flips, paired
from diptych_analysis.statistics.bootstrap import Bootstrap
from diptych_analysis.statistics.flips import Flips
from diptych_analysis.statistics.paired import Interval, Spread
from diptych_analysis.statistics.sample import Floats

#: Flips decide where alpha holds at least this many of their steps: then they lose little power.
STEPS = 4

#: What has a say on a difference: Student's t alone, or it and a second method.
Decider = Literal["StudentsT", "SignFlips", "Bca"]


class Second(Protocol):
    """A second method's view of one sample of per-seed differences."""

    def p_above(self, bound: float) -> float:
        """Return the one-sided p of "the mean is at most `bound`"."""

    def p_below(self, bound: float) -> float:
        """Return the one-sided p of "the mean is at least `bound`"."""

    def interval(self, level: float) -> Interval:
        """Return the values that neither one-sided test rejects at (1 - level) / 2."""


@dataclass(frozen=True)
class Sampled:
    """One sample: its spread, which Student's t looks at, and the second method's view.

    `second` is None where the differences do not vary: then there is nothing to resample.
    """

    spread: Spread
    second: Second | None


@dataclass(frozen=True)
class Evidence:
    """The p of one question by t and by the second method, and whether the second has a say."""

    t: float
    second: float | None
    joins: bool

    @property
    def decisive(self) -> float:
        """The larger p of the methods that have a say: a rejection takes both."""
        return self.t if self.second is None or not self.joins else max(self.t, self.second)

    def shown(self, alpha: float) -> float:
        """Return t's p; the second's where only that keeps the question open at alpha."""
        return self.t if (self.t < alpha) == (self.decisive < alpha) else self.decisive


def sampled(spread: Spread, differences: Floats, rng: np.random.Generator) -> Sampled:
    """Return a sample with its second method; only the bootstrap draws from `rng`."""
    if spread.deviation == 0:
        return Sampled(spread, None)
    if spread.count <= flips.MOST_SEEDS:
        return Sampled(spread, Flips(differences))
    return Sampled(spread, Bootstrap(differences, rng))


def flips_join(seeds: int, alpha: float, *, two_sided: bool) -> bool:
    """Say whether alpha holds enough steps of the flips' p for them to have a say."""
    smallest = flips.smallest_p(seeds) if two_sided else flips.smallest_p(seeds) / 2
    return smallest * STEPS <= alpha


def decider(seeds: int, alpha: float, tests: int) -> Decider:
    """Return what decides on a difference of so many seeds, in a family of `tests`."""
    if seeds > flips.MOST_SEEDS:
        return "Bca"
    return "SignFlips" if flips_join(seeds, alpha / tests, two_sided=True) else "StudentsT"


def difference(sample: Sampled, alpha: float, tests: int) -> Evidence:
    """Return the two-sided p of "the mean difference is 0".

    `tests` is the size of the family that is corrected: its first step asks for alpha / tests.
    """
    if sample.second is None:
        return Evidence(paired.p_difference(sample.spread), None, joins=False)
    second = min(1.0, 2 * min(sample.second.p_above(0.0), sample.second.p_below(0.0)))
    joins = decider(sample.spread.count, alpha, tests) != "StudentsT"
    return Evidence(paired.p_difference(sample.spread), second, joins)


def equivalence(sample: Sampled, margin: float, side: str, alpha: float) -> Evidence:
    """Return the p of "the mean difference reaches the margin": of two one-sided tests the larger.

    `side` as in `paired.p_equivalence`.
    """
    t = paired.p_equivalence(sample.spread, margin, side)
    if sample.second is None:
        return Evidence(t, None, joins=False)
    found = {
        paired.NOT_BELOW: sample.second.p_above(-margin),
        paired.NOT_ABOVE: sample.second.p_below(margin),
    }
    second = max(p for name, p in found.items() if side in (name, paired.TWO_SIDED))
    joins = sample.spread.count > flips.MOST_SEEDS or flips_join(
        sample.spread.count, alpha, two_sided=False
    )
    return Evidence(t, second, joins)


def worst(questions: list[Evidence]) -> Evidence:
    """Return what an intersection of questions gives: the largest p of each method."""
    seconds = [tested.second for tested in questions if tested.second is not None]
    return Evidence(
        t=max(tested.t for tested in questions),
        second=max(seconds, default=None),
        joins=any(tested.joins for tested in questions),
    )


def interval(sample: Sampled, level: float, *, widened: bool) -> Interval:
    """Return Student's t interval; its outer bounds with the second method's where those count.

    They count from 20 seeds on, and below where flips keep open what t decides (`widened`): flips
    of few seeds are steps too coarse to be an interval otherwise.
    """
    bounds = paired.interval(sample.spread, level)
    if sample.second is None or not (widened or sample.spread.count > flips.MOST_SEEDS):
        return bounds
    other = sample.second.interval(level)
    return (min(bounds[0], other[0]), max(bounds[1], other[1]))


def finite_interval(sample: Sampled, level: float) -> Interval | None:
    """Return the second method's own interval; None without one, or where it has no ends."""
    if sample.second is None:
        return None
    bounds = sample.second.interval(level)
    return bounds if all(math.isfinite(end) for end in bounds) else None
