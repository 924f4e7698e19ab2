"""One simulated comparison, judged by the functions that judge real ones.

A shift of all differences moves every bound and nothing else, so that one sample, resampled once,
answers all questions: a test holds it to the pipeline's own verdicts.
"""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from diptych_analysis.statistics import inference, paired, power
from diptych_analysis.statistics.inference import Evidence, Sampled, Second
from diptych_analysis.statistics.paired import Interval
from diptych_analysis.statistics.sample import Floats, Sample

ALPHA = 0.05
#: Power that shift and margin of a row are chosen for.
POWER = 0.8


@dataclass(frozen=True)
class Shifted:
    """A second method's view of differences that are all `by` larger."""

    inner: Second
    by: float

    def p_above(self, bound: float) -> float:
        """Return the one-sided p of "the mean is at most `bound`"."""
        return self.inner.p_above(bound - self.by)

    def p_below(self, bound: float) -> float:
        """Return the one-sided p of "the mean is at least `bound`"."""
        return self.inner.p_below(bound - self.by)

    def interval(self, level: float) -> Interval:
        """Return the values that neither one-sided test rejects."""
        low, high = self.inner.interval(level)
        return (low + self.by, high + self.by)


@dataclass(frozen=True)
class Judged:
    """What was said of one sample: as it is, and shifted."""

    different: bool
    second_different: bool
    equivalent: bool
    equivalent_above: bool
    equivalent_below: bool
    caught: bool
    covered: bool
    covered_narrow: bool


def judge(baseline: Floats, candidate: Floats, deviation: float) -> Judged:
    """Judge a sample of two versions whose true means are equal.

    `deviation` is the true sd of a difference: shift and margin follow from it and the seeds.
    """
    sample = Sample(tuple(range(len(baseline))), baseline, candidate)
    spread = paired.spread_of(sample.differences, rounding=sample.rounding)
    if spread is None:
        raise ValueError("a simulated sample has at least two finite differences")
    found = inference.sampled(spread, sample.differences, np.random.default_rng(0))
    seeds = sample.count
    margin = margin_of(seeds) * deviation
    shift = power.minimum_detectable(deviation, seeds, ALPHA)
    tested = _different(found)
    low, high = _interval(found, tested, 1 - ALPHA)
    narrow = _interval(found, None, 1 - 2 * ALPHA)
    return Judged(
        different=is_different(found),
        second_different=tested.second is not None and tested.second < ALPHA,
        equivalent=is_equivalent(found, margin),
        equivalent_above=is_equivalent(shifted(found, margin), margin),
        equivalent_below=is_equivalent(shifted(found, -margin), margin),
        caught=is_different(shifted(found, shift)),
        covered=low <= 0 <= high,
        covered_narrow=narrow[0] <= 0 <= narrow[1],
    )


@cache
def margin_of(seeds: int) -> float:
    """Return the margin, in sd of a difference, that t meets with POWER when nothing differs."""
    low, high = 0.0, 1.0
    while power.equivalence_power(high, seeds, ALPHA) < POWER:
        high *= 2
    for _ in range(40):
        middle = (low + high) / 2
        if power.equivalence_power(middle, seeds, ALPHA) < POWER:
            low = middle
        else:
            high = middle
    return high


def shifted(found: Sampled, by: float) -> Sampled:
    """Return a sample whose differences are all `by` larger."""
    mean = found.spread.mean + by
    spread = replace(found.spread, mean=0.0 if abs(mean) <= found.spread.rounding else mean)
    return Sampled(spread, None if found.second is None else Shifted(found.second, by))


def is_different(found: Sampled) -> bool:
    """Say whether 0 lies outside the interval and the p that decides is below alpha."""
    tested = _different(found)
    low, high = _interval(found, tested, 1 - ALPHA)
    return not low <= 0 <= high and tested.decisive < ALPHA


def is_equivalent(found: Sampled, margin: float) -> bool:
    """Say whether the equivalence interval lies inside the margin, and its tests agree."""
    tested = inference.equivalence(found, margin, paired.TWO_SIDED, ALPHA)
    inside = paired.is_inside(_interval(found, tested, 1 - 2 * ALPHA), margin)
    return inside and tested.decisive < ALPHA


def _different(found: Sampled) -> Evidence:
    return inference.difference(found, ALPHA, 1)


def _interval(found: Sampled, tested: Evidence | None, level: float) -> Interval:
    widened = tested is not None and tested.t < ALPHA <= tested.decisive
    return inference.interval(found, level, widened=widened)
