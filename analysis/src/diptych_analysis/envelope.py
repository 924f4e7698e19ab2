"""When two versions part by more than runs of one version do, and how fast their distance grows.

The training losses of every step are compared with two envelopes: the largest distance between
repeats of one version and seed, and the largest between seeds of one version. A stretch of steps
proves nothing, for there are many that chance could choose among, nor do few runs: only what is
outside at the last step counts, and `outside_needed` says how many seeds it takes there.
"""

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from diptych_analysis.divergence import Pair
from diptych_analysis.records.lazy import Loader
from diptych_analysis.records.outcome import Committed, Record
from diptych_analysis.summary import Envelope, Growth
from diptych_runner.contract import names

Numbers = npt.NDArray[np.float64]
Runs = Sequence[Sequence[Committed]]

#: Points of the median distance, and the fewest from which a rate is computed.
_MOST_POINTS, _FEWEST_POINTS = 512, 4


def envelopes_and_growth(
    loader: Loader,
    records: tuple[Sequence[Record], Sequence[Record]],
    pairs: Sequence[Pair],
    alpha: float,
) -> tuple[list[Envelope], Growth | None]:
    """Return the envelopes that there are runs for, same seed first, and the distance's growth.

    `records` are all of baseline and candidate in one cell, `pairs` first runs by seed.
    """
    if all(left.losses_sha256 == right.losses_sha256 for left, right in pairs):
        distances: list[Numbers] = []
    else:
        distances = [apart(loader.losses(left), loader.losses(right)) for left, right in pairs]
    trained = [_trained(each) for each in records]
    repeats = [runs for each in trained for runs in _by_seed(each) if len(runs) > 1]
    seeds = [[r for r in each if r.trial.repeat == 0] for each in trained]
    steps = max((len(each) for each in distances), default=0)
    found = [
        _envelope(loader, kind, runs, distances, steps, alpha)
        for kind, runs in (("SameSeed", repeats), ("BetweenSeeds", seeds))
        if any(len(group) > 1 for group in runs)
    ]
    return found, growth_of(distances)


def apart(left: Numbers, right: Numbers) -> Numbers:
    """Return |right - left| by step as far as both go; NaN where a loss is not finite."""
    common = min(len(left), len(right))
    with np.errstate(invalid="ignore", over="ignore"):
        distance: Numbers = np.abs(right[:common] - left[:common])
    distance[~(np.isfinite(left[:common]) & np.isfinite(right[:common]))] = np.nan
    return distance


def outside_needed(seeds: int, pairs: int, alpha: float) -> int | None:
    """Return how many of so many distances must exceed the largest of `pairs` others.

    Of n + m exchangeable numbers, the k largest are all among the n with probability
    C(n, k) / C(n + m, k): the smallest k of at least half of n for which that is below alpha.
    None when there is none: then so few runs cannot tell.
    """
    for k in range(max(1, math.ceil(seeds / 2)), seeds + 1):
        if math.comb(seeds, k) < alpha * math.comb(seeds + pairs, k):
            return k
    return None


def independent_pairs(groups: Iterable[Sequence[Committed]]) -> int:
    """Return how many pairs of runs there are of which no two share a run, or a seed's own noise.

    Some seeds may be noisier than others by far, in every version: repeats of one seed in two
    versions, or in many runs, say of that seed's noise alone, and count once.
    """
    repeated: set[int] = set()
    pairs = 0
    for runs in groups:
        seeds = {run.trial.seed for run in runs}
        if len(seeds) > 1:
            pairs += len(runs) // 2
        elif len(runs) > 1:
            repeated |= seeds
    return pairs + len(repeated)


def growth_of(distances: Sequence[Numbers]) -> Growth | None:
    """Return how the median over seeds of the distances grows; None when none differs from 0."""
    steps, middle = _median(distances)
    positive = np.flatnonzero(middle > 0)
    if not positive.size:
        return None
    start, top = int(positive[0]), int(np.nanargmax(middle))
    end = start + int(np.argmax(middle[start:] >= middle[top] / 2))
    return Growth(
        first_step=_first_apart(distances) or int(steps[start]),
        last_step=int(steps[end]),
        doubling_steps=_doubling(steps[start : end + 1], middle[start : end + 1]),
        largest=float(middle[top]),
        largest_step=int(steps[top]),
        last=float(middle[-1]),
    )


def _envelope(
    loader: Loader,
    kind: str,
    groups: Runs,
    distances: Sequence[Numbers],
    steps: int,
    alpha: float,
) -> Envelope:
    """Return one envelope; `groups` hold the runs that are compared with one another."""
    equal = all(len({run.losses_sha256 for run in runs}) == 1 for runs in groups if runs)
    largest = np.zeros(steps) if equal else np.full(steps, np.nan)
    for runs in () if equal else groups:
        largest = np.fmax(largest, _range([loader.losses(run) for run in runs], steps))
    pairs = independent_pairs(groups)
    # Runs that repeat to the same bits have no noise that a distance could be.
    needed = len(distances) // 2 + 1 if equal else outside_needed(len(distances), pairs, alpha)
    return Envelope.model_validate(
        {
            "kind": kind,
            "pairs": pairs,
            "bit_identical": equal,
            "needed": needed,
            "left_at": None
            if needed is None
            else left_at(distances, largest, needed, is_exact=equal),
        }
    )


def left_at(
    distances: Sequence[Numbers], largest: Numbers, needed: int, *, is_exact: bool = False
) -> int | None:
    """Return the first step (from 1) from which `needed` distances exceed `largest` to the end.

    One step, the last, thereby decides whether there is any: the chance that `outside_needed`
    bounds is of one step, and losses of neighbouring steps make stretches of it. Where there is no
    envelope (NaN) nothing is outside it, nor is a training that has ended: at another step it was
    laid against other runs. Where runs repeat exactly (`is_exact`) it stays as it was at its end.
    """
    steps = len(largest)
    outside = np.zeros(steps, dtype=np.int64)
    for distance in distances:
        own = distance > largest[: len(distance)]
        outside[: len(own)] += own
        if is_exact and len(own):
            outside[len(own) :] += own[-1]
    inside = np.flatnonzero(outside < needed)
    start = int(inside[-1]) + 1 if inside.size else 0
    return start + 1 if start < steps else None


def _range(curves: Sequence[Numbers], steps: int) -> Numbers:
    """Return the largest distance between any two of some curves by step; NaN without two."""
    low, high, count = np.full(steps, np.inf), np.full(steps, -np.inf), np.zeros(steps)
    for curve in curves:
        part = np.where(np.isfinite(curve[:steps]), curve[:steps], np.nan)
        known = slice(0, len(part))
        low[known], high[known] = np.fmin(low[known], part), np.fmax(high[known], part)
        count[known] += np.isfinite(part)
    with np.errstate(invalid="ignore", over="ignore"):
        return np.where(count > 1, high - low, np.nan)


def _median(distances: Sequence[Numbers]) -> tuple[Numbers, Numbers]:
    """Return (last step, median over seeds of each seed's median) of buckets of steps."""
    steps = max((len(each) for each in distances), default=0)
    count = max(1, min(steps, _MOST_POINTS))
    edges = [math.ceil(steps * k / count) for k in range(count + 1)]
    rows = [[_middle(each[a:b]) for a, b in pairwise(edges)] for each in distances]
    if not rows:
        return np.zeros(0), np.zeros(0)
    table = np.array(rows)
    kept = np.isfinite(table).any(axis=0)
    return np.array(edges[1:], dtype=np.float64)[kept], np.nanmedian(table[:, kept], axis=0)


def _first_apart(distances: Sequence[Numbers]) -> int | None:
    """Return the first step (from 1) at which the median over seeds is above 0: no bucket has it.

    None where every seed leaves 0 at steps of its own.
    """
    longest = max(len(each) for each in distances)
    above, known = np.zeros(longest, dtype=np.int64), np.zeros(longest, dtype=np.int64)
    for distance in distances:
        above[: len(distance)] += distance > 0
        known[: len(distance)] += np.isfinite(distance)
    # The median of an even number is the mean of two: above 0 as soon as one of them is.
    found = np.flatnonzero((known > 0) & (2 * above >= known))
    return int(found[0]) + 1 if found.size else None


def _middle(values: Numbers) -> float:
    finite = values[np.isfinite(values)]
    return float(np.median(finite)) if finite.size else math.nan


def _doubling(steps: Numbers, middle: Numbers) -> float | None:
    known = middle > 0
    if int(known.sum()) < _FEWEST_POINTS or middle[known][-1] <= 2 * middle[known][0]:
        return None
    slope = float(np.polyfit(steps[known], np.log2(middle[known]), 1)[0])
    # A line that does not double within its own steps says nothing of them.
    span = float(steps[known][-1] - steps[known][0])
    return 1 / slope if slope * span >= 1 else None


def _by_seed(records: Iterable[Committed]) -> list[list[Committed]]:
    groups: dict[int, list[Committed]] = {}
    for record in records:
        groups.setdefault(record.trial.seed, []).append(record)
    return list(groups.values())


def _trained(records: Iterable[Record]) -> list[Committed]:
    return [r for r in records if isinstance(r, Committed) and r.outcome != names.FAILED]
