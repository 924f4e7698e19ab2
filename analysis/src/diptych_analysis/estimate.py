"""One metric of one candidate under one control and setting: all numbers, no verdict yet."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from diptych_analysis.diverging import Diverging
from diptych_analysis.drift import drift_of
from diptych_analysis.margins import margin_of, share_of
from diptych_analysis.records.outcome import Committed
from diptych_analysis.statistics import paired, power, ratio, spread
from diptych_analysis.statistics.paired import Interval, Spread
from diptych_analysis.statistics.sample import Sample, Values, mean, pair


@dataclass(frozen=True)
class Estimate:
    """The numbers of one row; `problem` says why there can be no inference.

    `contrasts` are those of a relative margin, whose tests count beside the interval; empty when
    the margin is absolute.
    """

    metric: Mapping[str, Any]
    control: str
    setting: int
    diverging: Diverging
    sample: Sample
    same_seed: float | None
    spread: Spread | None
    contrasts: Sequence[Spread]
    margin: float | None
    interval: Interval | None
    equivalence_interval: Interval | None
    p_difference: float | None
    p_equivalence: float | None
    identical: bool
    problem: str | None
    drift: float | None

    @property
    def name(self) -> str:
        """The metric's name."""
        return str(self.metric["name"])

    @property
    def decides(self) -> bool:
        """Whether this row counts for the verdict: a primary metric at setting 0."""
        return bool(self.metric["primary"]) and self.setting == 0

    @property
    def side(self) -> str:
        """Which side of the margin is tested."""
        return side_of(self.metric)

    @property
    def excludes_zero(self) -> bool:
        """Whether 0 lies outside the interval."""
        return self.interval is not None and not self.interval[0] <= 0 <= self.interval[1]

    @property
    def is_inside(self) -> bool:
        """Whether the equivalence interval lies inside the margin, on the side that is tested."""
        if self.margin is None or self.equivalence_interval is None:
            return False
        return paired.is_inside(self.equivalence_interval, self.margin, self.side)

    def is_equivalent(self, alpha: float) -> bool:
        """Whether the equivalence interval lies inside the margin, and its tests agree."""
        return self.is_inside and self.p_equivalence is not None and self.p_equivalence < alpha

    def minimum_detectable(self, alpha: float) -> float | None:
        """The true difference shown with 80 % power; None without a spread over seeds."""
        if self.spread is None or self.spread.deviation == 0:
            return None
        return power.minimum_detectable(self.spread.deviation, self.spread.count, alpha)

    def seeds_needed(self, alpha: float) -> int | None:
        """The size of a fresh comparison that would settle equivalence; None when unknown."""
        if self.spread is None or not self.margin or self.identical or self.diverging.differ:
            return None
        if self.spread.exact:
            return 2
        deviations = [found.deviation for found in (self.spread, *self.contrasts)]
        fewest = max(2, math.floor(-math.log2(alpha)) + 1) if 0.0 in deviations else 2
        if not any(deviations):
            return fewest
        # The widest of the tests decides: all of them must show it.
        one_sided = self.side != paired.TWO_SIDED
        needed = power.seeds_needed(max(deviations), self.margin, alpha, one_sided=one_sided)
        return None if needed is None else max(fewest, needed)


def side_of(metric: Mapping[str, Any]) -> str:
    """Return the side that a metric's test looks at.

    Equivalence: both. NonInferiority: the candidate must not be worse by the margin, and may be
    better by any amount; its verdict Equivalent reads "not worse".
    """
    if metric["test"] == "Equivalence":
        return paired.TWO_SIDED
    return paired.NOT_BELOW if metric["direction"] == "HigherIsBetter" else paired.NOT_ABOVE


def values_of(records: Sequence[Committed], metric: str) -> Values:
    """Return a metric's values by seed, one a repeat, of Succeeded records."""
    values: dict[int, list[float]] = {}
    for record in records:
        values.setdefault(record.trial.seed, []).append(record.metrics[metric])
    return values


@dataclass(frozen=True)
class Pairing:
    """What is known of both versions under one control and setting, before any metric."""

    control: str
    setting: int
    baseline: Sequence[Committed]
    candidate: Sequence[Committed]
    identical: bool
    exact: bool
    diverging: Diverging
    problem: str | None


def estimate(
    pairing: Pairing, metric: Mapping[str, Any], seeds: Sequence[int], alpha: float
) -> Estimate:
    """Return all numbers of one metric; `seeds` gives the order of pairing."""
    baseline = values_of(pairing.baseline, metric["name"])
    candidate = values_of(pairing.candidate, metric["name"])
    sample = pair(baseline, candidate, seeds)
    problem = pairing.problem or _problem(metric["name"], sample, pairing.diverging)
    usable = problem is None
    found = (
        paired.spread_of(sample.differences, exact=pairing.exact, rounding=sample.rounding)
        if usable
        else None
    )
    margin = margin_of(metric, mean(sample.baseline) if sample.count else None)
    contrasts: list[Spread] = []
    p_equivalence = None
    if found is not None and margin is not None:
        p_equivalence = paired.p_equivalence(found, margin, side_of(metric))
        if metric["margin"] is None:
            contrasts = ratio.contrasts(
                sample, share_of(metric), side_of(metric), exact=pairing.exact
            )
            p_equivalence = max(p_equivalence, ratio.p_inside(contrasts))
    return Estimate(
        metric=metric,
        control=pairing.control,
        setting=pairing.setting,
        diverging=pairing.diverging,
        sample=sample,
        same_seed=spread.same_seed(baseline, candidate) if usable else None,
        spread=found,
        contrasts=contrasts,
        margin=margin,
        interval=None if found is None else paired.interval(found, 1 - alpha),
        equivalence_interval=None if found is None else paired.interval(found, 1 - 2 * alpha),
        p_difference=None if found is None else paired.p_difference(found),
        p_equivalence=p_equivalence,
        identical=pairing.identical,
        problem=problem,
        drift=drift_of(pairing.baseline, pairing.candidate, str(metric["name"]), seeds),
    )


def _problem(name: str, sample: Sample, diverging: Diverging) -> str | None:
    """Return why a metric cannot be compared, None when it can or when divergence says why not."""
    if sample.count == 0:
        if diverging.differ:
            return None
        alike = diverging.seeds and len(diverging.baseline) == diverging.seeds
        return "no seed succeeded in both versions" + (
            f": all {diverging.seeds} diverge in both, not with the same bits" if alike else ""
        )
    for values in (sample.baseline, sample.candidate, sample.differences):
        for seed, value in zip(sample.seeds, values, strict=True):
            if not math.isfinite(value):
                return f"{name} is beyond float64 for seed {seed}"
    if sample.count > 1 and paired.spread_of(sample.differences) is None:
        return f"{name} varies beyond float64 over seeds"
    return None
