"""Which aspect explains the distance: the ladder of controls, on the first primary metric.

A change of random stream moves every seed and not the mean, so the ladder is climbed by the root
mean square of the per-seed differences.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from diptych_analysis import identity
from diptych_analysis.estimate import values_of
from diptych_analysis.records.outcome import Committed
from diptych_analysis.statistics import inference, paired, spread
from diptych_analysis.statistics.paired import Interval, Spread
from diptych_analysis.statistics.sample import Floats, Sample, Values, mean, pair
from diptych_analysis.statistics.share import explained_interval, explained_shares
from diptych_runner.contract import hashing


@dataclass(frozen=True)
class Rung:
    """One control's numbers, over the seeds that every rung with numbers has.

    Distances, `difference` and `interval`, which is at 1 - alpha, are in the metric's unit;
    `explains` is a share, 0 to 1. `succeeded`: seeds that both versions have under this control,
    common or not. `identical`: both versions computed the same bits for each of the common ones.
    `differences`: by seed, 0 where float64 cannot tell them from it. `has_mean`: their mean is not
    0, beyond chance. `floor_freedom`: degrees of freedom of the floor, 0 without one.
    """

    control: str
    seeds: int
    succeeded: int
    identical: bool
    per_seed_rms: float | None
    same_seed_floor: float | None
    difference: float | None
    interval: Interval | None
    explains: float | None
    explains_interval: Interval | None
    differences: Floats
    spread: Spread | None
    has_mean: bool
    floor_freedom: int


def ladder(
    metric: Mapping[str, Any],
    trials: Mapping[str, tuple[Sequence[Committed], Sequence[Committed]]],
    seeds: Sequence[int],
    alpha: float,
    content: Sequence[str],
) -> list[Rung]:
    """Return a rung for each control; the first control of `trials` is the verdict's.

    `content` is of what the trials computed and whose they are: it seeds the resampling.

    `trials` holds the Succeeded records of baseline and candidate by control. Every rung is over
    the seeds present in both versions under every control that counts, so that their numbers
    compare. One with less than half of the seeds that the fullest control has does not count, lest
    it take the others' seeds away: it has no numbers, as one without any seed.
    """
    values = {
        control: (values_of(left, metric["name"]), values_of(right, metric["name"]))
        for control, (left, right) in trials.items()
    }
    present = {control: {*left} & {*right} for control, (left, right) in values.items()}
    counting = _counting(present)
    common = [seed for seed in seeds if all(seed in present[control] for control in counting)]
    rungs: list[Rung] = []
    first: _Distances | None = None
    for control, (left, right) in values.items():
        shared = common if control in counting else []
        records = [[r for r in each if r.trial.seed in shared] for each in trials[control]]
        found = _Distances(
            sample=pair(left, right, shared),
            succeeded=len(present[control]),
            floor=same_seed_floor(left, right, shared),
            freedom=sum(len(v) - 1 for each in (left, right) for v in each.values()),
            identical=identity.are_identical(*records),
            exact=identity.are_exact(*records),
        )
        rng = np.random.default_rng(int(hashing.sha256_of_json([*content, control]), 16))
        rungs.append(_rung(control, found, alpha, first, rng))
        first = first or found
    return rungs


def _counting(present: Mapping[str, Collection[int]]) -> list[str]:
    """Return the controls whose seeds are compared: the first, and those with seeds enough."""
    first, *others = present
    most = max((len(present[control]) for control in others), default=0)
    enough = [c for c in others if present[c] and 2 * len(present[c]) >= most]
    return [first, *enough]


@dataclass(frozen=True)
class _Distances:
    """What one control gives over the common seeds."""

    sample: Sample
    succeeded: int
    floor: float | None
    freedom: int
    identical: bool
    exact: bool

    @property
    def rms(self) -> float | None:
        if self.sample.count == 0:
            return None
        value = spread.root_mean_square(self.sample.differences)
        if value <= self.sample.rounding:
            return 0.0
        return value if math.isfinite(value) else None


def explained(
    rms: float | None, floor: float | None, first_rms: float | None, first_floor: float | None
) -> float | None:
    """Return the share of the squared distance above the floor that a control removes.

    1 - max(0, rms^2 - floor^2) / (first_rms^2 - first_floor^2), cut to 0..1; `first_*` are of the
    verdict's control. Each control has its own floor; one that was not measured counts as 0,
    which can only make the share smaller. None when a distance is unknown or the first does not
    exceed its floor: then there is nothing to explain.
    """
    if rms is None or first_rms is None:
        return None
    floors = floor or 0.0, first_floor or 0.0
    found = float(explained_shares(np.array(rms), np.array(first_rms), floors))
    return None if math.isnan(found) else found


def same_seed_floor(baseline: Values, candidate: Values, seeds: Sequence[int]) -> float | None:
    """Return the root mean square that repeats alone give to a per-seed difference.

    sd over repeats (pooled over versions and seeds) times sqrt(mean over seeds of 1/r + 1/r'),
    with r and r' repeats averaged in the two versions. None without repeats, or without a seed
    that both have.
    """
    deviation = spread.same_seed(baseline, candidate)
    both = [seed for seed in seeds if seed in baseline and seed in candidate]
    if deviation is None or not both:
        return None
    parts = [1 / len(baseline[seed]) + 1 / len(candidate[seed]) for seed in both]
    return deviation * math.sqrt(mean(parts))


def _rung(
    control: str,
    found: _Distances,
    alpha: float,
    first: _Distances | None,
    rng: np.random.Generator,
) -> Rung:
    sample, rms = found.sample, found.rms
    centre = paired.spread_of(sample.differences, exact=found.exact, rounding=sample.rounding)
    return Rung(
        control=control,
        seeds=sample.count,
        succeeded=found.succeeded,
        identical=found.identical,
        per_seed_rms=rms,
        same_seed_floor=found.floor,
        difference=_cut(sample) if rms is not None else None,
        interval=None if centre is None else paired.interval(centre, 1 - alpha),
        explains=None if first is None else explained(rms, found.floor, first.rms, first.floor),
        explains_interval=None if first is None else _bounds(found, first, alpha, rng),
        differences=np.where(
            np.abs(sample.differences) <= sample.rounding, 0.0, sample.differences
        ),
        spread=centre,
        has_mean=centre is not None and _shows_mean(centre, sample.differences, alpha, rng),
        floor_freedom=found.freedom,
    )


def _cut(sample: Sample) -> float:
    """Return the mean difference, 0 where float64 cannot tell it from 0."""
    found = mean(sample.differences)
    return 0.0 if abs(found) <= sample.rounding else found


def _shows_mean(
    centre: Spread, differences: Floats, alpha: float, rng: np.random.Generator
) -> bool:
    """Say whether the mean is not 0, by the two methods that decide a verdict."""
    if paired.p_difference(centre) >= alpha:
        return False  # whatever the second one says, which may be a bootstrap
    tested = inference.difference(inference.sampled(centre, differences, rng), alpha, tests=1)
    return tested.decisive < alpha


def _bounds(
    found: _Distances, first: _Distances, alpha: float, rng: np.random.Generator
) -> Interval | None:
    """Return the interval of the share explained; of equal bits it is 1 and no other."""
    if found.rms is None or not first.rms:
        return None
    if explained(found.rms, found.floor, first.rms, first.floor) is None:
        return None
    if found.identical:
        return (1.0, 1.0)
    if found.rms == 0:
        return None

    differences = first.sample.differences, found.sample.differences
    floors = found.floor or 0.0, first.floor or 0.0
    return explained_interval(*differences, floors, 1 - alpha, rng)
