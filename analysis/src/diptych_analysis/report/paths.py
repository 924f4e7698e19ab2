"""Curves and distances of all versions, read seed by seed so that few curves are in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from diptych_analysis.records.losses import TRAIN_LOSS
from diptych_analysis.records.reader import Reader
from diptych_analysis.report.curves import (
    Curve,
    Distance,
    Grid,
    Thinned,
    apart,
    band,
    grid_of,
    thin,
    widest,
)
from diptych_analysis.report.records import Brief, Series, read_series
from diptych_runner.contract.trials import Trial


@dataclass(frozen=True)
class Paths:
    """Everything by step, by candidate, up to `steps`; a point stands for `thinned` of them."""

    curves: Mapping[str, tuple[Curve, ...]]
    distances: Mapping[str, Distance]
    steps: int
    thinned: int


@dataclass
class _Taken:
    """What has been read so far; thinned curves only."""

    curves: dict[str, dict[str, list[Thinned]]] = field(default_factory=dict)
    between: dict[str, list[Thinned]] = field(default_factory=dict)
    equal: dict[str, int] = field(default_factory=dict)
    repeats: dict[str, list[Thinned]] = field(default_factory=dict)


def read_paths(
    reader: Reader, briefs: Mapping[Trial, Brief], versions: Sequence[str], baseline: str
) -> Paths:
    """Return curves and distances of the trials in `briefs`: one control and setting.

    Curves are of first runs; a trial that Diverged takes part as far as it is finite.
    """
    grid = grid_of(max((brief.steps for brief in briefs.values()), default=1), len(versions))
    taken = _Taken()
    for seed in dict.fromkeys(trial.seed for trial in briefs):
        _take_seed(reader, grid, taken, [b for t, b in briefs.items() if t.seed == seed], baseline)
    candidates = [version for version in versions if version != baseline]
    return Paths(
        curves={name: _curves(taken, baseline, name) for name in candidates},
        distances={
            name: _distance(taken, baseline, name) for name in candidates if name in taken.between
        },
        steps=grid.edges[-1],
        thinned=grid.widest,
    )


def _take_seed(
    reader: Reader, grid: Grid, taken: _Taken, briefs: Sequence[Brief], baseline: str
) -> None:
    """Read one seed's trials, the baseline's first run before all others."""
    left: Series | None = None
    order = sorted(briefs, key=lambda b: (b.trial.version != baseline, b.trial.repeat))
    first: dict[str, Series] = {}
    for brief in order:
        version = brief.trial.version
        series = read_series(reader, brief)
        if brief.trial.repeat == 0:
            first = {version: series[TRAIN_LOSS]}  # the version before is done with
            _take_first(grid, taken, version, series)
            if version == baseline:
                left = series[TRAIN_LOSS]
            elif left is not None:
                _take_pair(grid, taken, version, left, series[TRAIN_LOSS])
        elif version in first:
            distance = apart(first[version], series[TRAIN_LOSS])
            taken.repeats.setdefault(version, []).append(thin(grid, *distance))


def _take_first(grid: Grid, taken: _Taken, version: str, series: Mapping[str, Series]) -> None:
    for name, (steps, values) in series.items():
        curves = taken.curves.setdefault(version, {})
        curves.setdefault(name, []).append(thin(grid, steps, values))


def _take_pair(grid: Grid, taken: _Taken, version: str, left: Series, right: Series) -> None:
    steps, distance = apart(left, right)
    taken.between.setdefault(version, []).append(thin(grid, steps, distance))
    equal = len(left[0]) == len(right[0]) and not np.any(distance != 0)
    taken.equal[version] = taken.equal.get(version, 0) + equal


def _curves(taken: _Taken, baseline: str, candidate: str) -> tuple[Curve, ...]:
    """Return the training loss, then every other number that either version recorded."""
    left, right = taken.curves.get(baseline, {}), taken.curves.get(candidate, {})
    names = sorted({*left, *right}, key=lambda name: (name != TRAIN_LOSS, name))
    return tuple(Curve(name, band(left.get(name, [])), band(right.get(name, []))) for name in names)


def _distance(taken: _Taken, baseline: str, candidate: str) -> Distance:
    repeats = [*taken.repeats.get(baseline, []), *taken.repeats.get(candidate, [])]
    return Distance(
        between=band(taken.between[candidate]),
        seeds=len(taken.between[candidate]),
        equal_seeds=taken.equal[candidate],
        repeats=band(repeats) if repeats else None,
        repeated_pairs=len(repeats),
        seeds_apart=widest(
            taken.curves.get(version, {}).get(TRAIN_LOSS, []) for version in (baseline, candidate)
        ),
    )
