"""Thin curves by rule, and put those of several seeds together; pure.

Steps are cut into at most so many buckets of consecutive steps. A seed gives each bucket its
median, smallest and largest value; over seeds, the line is the median of medians and the band
reaches from the smallest to the largest of all, so that no extreme is lost by thinning.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

#: Points of a curve at most; with many versions fewer, so that the page stays small.
MOST_POINTS = 240
FEWER_POINTS = 120
MANY_VERSIONS = 5


@dataclass(frozen=True)
class Grid:
    """Buckets of steps: bucket k holds the steps in edges[k] + 1 .. edges[k + 1]."""

    edges: tuple[int, ...]

    @property
    def widest(self) -> int:
        """Steps in the widest bucket; 1 when nothing was thinned."""
        return max((b - a for a, b in pairwise(self.edges)), default=1)


@dataclass(frozen=True)
class Point:
    """One point over seeds: at `step`, the line's value and the band."""

    step: float
    middle: float
    low: float
    high: float


@dataclass(frozen=True)
class Band:
    """A curve over seeds; `seeds` is how many gave it at least one finite value."""

    points: tuple[Point, ...]
    seeds: int


@dataclass(frozen=True)
class Curve:
    """One recorded number by step, for both versions of a comparison."""

    name: str
    baseline: Band
    candidate: Band

    @property
    def is_line(self) -> bool:
        """Whether there is more than one point to draw a line through."""
        return max(len(self.baseline.points), len(self.candidate.points)) > 1


@dataclass(frozen=True)
class Distance:
    """|candidate - baseline| of the training loss by step, over seeds.

    `repeats` is the same between runs of one version and seed, over both versions; None when no
    seed was repeated. `equal_seeds` of `seeds` have no step that differs. `seeds_apart` is the
    largest distance between two seeds of one version.
    """

    between: Band
    seeds: int
    equal_seeds: int
    repeats: Band | None
    repeated_pairs: int
    seeds_apart: Band | None = None


@dataclass(frozen=True)
class Thinned:
    """One seed's values by bucket, NaN where it has none; `steps` is the last one with a value."""

    steps: Numbers
    middle: Numbers
    low: Numbers
    high: Numbers


def grid_of(steps: int, versions: int) -> Grid:
    """Return the buckets for curves of so many steps, of equal width as far as they divide."""
    most = FEWER_POINTS if versions > MANY_VERSIONS else MOST_POINTS
    count = max(1, min(steps, most))
    return Grid(tuple(math.ceil(steps * k / count) for k in range(count + 1)))


def thin(grid: Grid, steps: Numbers, values: Numbers) -> Thinned:
    """Return one seed's curve by bucket; values that are not finite are left out."""
    finite = np.isfinite(values)
    steps, values = steps[finite], values[finite]
    # Bucket k holds edges[k] < step <= edges[k + 1].
    cuts = np.searchsorted(steps, np.array(grid.edges, dtype=np.float64), side="right")
    found = np.full((4, len(grid.edges) - 1), np.nan)
    for bucket, (start, end) in enumerate(pairwise(cuts)):
        part = values[start:end]
        if part.size:
            found[:, bucket] = (steps[end - 1], np.median(part), part.min(), part.max())
    return Thinned(*found)


def band(curves: Sequence[Thinned]) -> Band:
    """Return the line and band over seeds, without the buckets that no seed has."""
    curves = [curve for curve in curves if np.isfinite(curve.steps).any()]
    if not curves:
        return Band((), 0)
    steps = np.array([curve.steps for curve in curves])
    kept = np.flatnonzero(np.isfinite(steps).any(axis=0))
    middle = np.array([curve.middle for curve in curves])[:, kept]
    low = np.array([curve.low for curve in curves])[:, kept]
    high = np.array([curve.high for curve in curves])[:, kept]
    columns = zip(
        np.nanmax(steps[:, kept], axis=0),
        np.nanmedian(middle, axis=0),
        np.nanmin(low, axis=0),
        np.nanmax(high, axis=0),
        strict=True,
    )
    points = tuple(Point(*(float(value) for value in column)) for column in columns)
    return Band(points, len(curves))


def widest(versions: Iterable[Sequence[Thinned]]) -> Band | None:
    """Return the largest distance between two seeds of one version; None without two seeds.

    Of thinned curves it is that of the seeds' medians in a bucket.
    """
    rows, steps = [], []
    for curves in versions:
        if len(curves) < 2:
            continue
        middle = np.array([curve.middle for curve in curves])
        known = np.isfinite(middle).sum(axis=0) > 1
        found = np.full(middle.shape[1], np.nan)
        part = middle[:, known]
        found[known] = np.nanmax(part, axis=0) - np.nanmin(part, axis=0)
        rows.append(found)
        steps.append(np.fmax.reduce([curve.steps for curve in curves]))
    if not rows:
        return None
    largest, at = np.fmax.reduce(rows), np.fmax.reduce(steps)
    kept = np.flatnonzero(np.isfinite(largest))
    points = ((float(at[k]), float(largest[k])) for k in kept)
    return Band(tuple(Point(step, value, value, value) for step, value in points), len(rows))


def apart(left: tuple[Numbers, Numbers], right: tuple[Numbers, Numbers]) -> tuple[Numbers, Numbers]:
    """Return (steps, |right - left|) over the steps that both have; NaN where one is not finite.

    Equal infinities are 0 apart, as equal bits are.
    """
    common, first, second = np.intersect1d(left[0], right[0], return_indices=True)
    with np.errstate(invalid="ignore"):
        distance = np.abs(right[1][second] - left[1][first])
    distance[right[1][second] == left[1][first]] = 0.0
    return common, distance


def extremes(bands: Iterable[Band]) -> tuple[float, float] | None:
    """Return the smallest and the largest value of some bands; None when they are all empty."""
    points = [point for each in bands for point in each.points]
    if not points:
        return None
    return min(point.low for point in points), max(point.high for point in points)
