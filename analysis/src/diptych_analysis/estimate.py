"""One metric of one candidate under one control and setting: all numbers, no verdict yet."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from diptych_analysis.diverging import Diverging
from diptych_analysis.drift import drift_of
from diptych_analysis.margins import margin_of, share_of
from diptych_analysis.records.outcome import Committed
from diptych_analysis.statistics import inference, paired, ratio, spread
from diptych_analysis.statistics.inference import Evidence, Sampled
from diptych_analysis.statistics.paired import Interval, Spread
from diptych_analysis.statistics.sample import Sample, Values, pair
from diptych_runner.contract import hashing


@dataclass(frozen=True)
class Terms:
    """What every row of a comparison shares.

    `content` is a sha256 of what the trials computed: it seeds every resampling, so that equal
    records give equal numbers. `deciding` and `others` are how many difference tests of metrics
    there are in the whole comparison.
    """

    seeds: Sequence[int]
    alpha: float
    content: str
    deciding: int
    others: int


@dataclass(frozen=True)
class Estimate:
    """The numbers of one row; `problem` says why there can be no inference.

    `contrasts` are those of a relative margin, whose tests count beside the interval; empty when
    the margin is absolute. `tests`: how many difference tests decide beside it, itself included; 1
    where it does not decide. `selection` says why the seeds that are left may be one.
    """

    metric: Mapping[str, Any]
    control: str
    setting: int
    diverging: Diverging
    sample: Sample
    same_seed: float | None
    sampled: Sampled | None
    contrasts: Sequence[Sampled]
    margin: float | None
    interval: Interval | None
    equivalence_interval: Interval | None
    difference: Evidence | None
    equivalence: Evidence | None
    identical: bool
    problem: str | None
    drift: float | None
    tests: int
    selection: str | None

    @property
    def is_of_survivors(self) -> bool:
        """Whether it is not shown that the seeds it has are like those that it lacks."""
        return self.diverging.differ or self.selection is not None

    @property
    def spread(self) -> Spread | None:
        """Mean and sd of the per-seed differences; None where there is no inference."""
        return None if self.sampled is None else self.sampled.spread

    @property
    def name(self) -> str:
        """The metric's name."""
        return str(self.metric["name"])

    @property
    def decides(self) -> bool:
        """Whether this row counts for the verdict: a primary metric at setting 0."""
        return decides(self.metric, self.setting)

    @property
    def can_show(self) -> bool:
        """Whether the outcomes of the trials leave this row a test of a difference.

        Fewer than two seeds that succeeded in both versions leave none, however the metric lies:
        no member of Holm's family then, as a divergence that could reject nothing
        (`Diverging.can_show`). One that is Invalid was planned and stays.
        """
        return self.problem is not None or self.sample.count > 1

    @property
    def side(self) -> str:
        """Which side of the margin is tested."""
        return side_of(self.metric)

    @property
    def excludes_zero(self) -> bool:
        """Whether 0 lies outside the interval."""
        return self.interval is not None and not self.interval[0] <= 0 <= self.interval[1]

    @property
    def rests_on_t(self) -> bool:
        """Whether Student's t alone decides on a difference, for want of seeds."""
        if self.difference is None or self.spread is None or self.spread.deviation == 0:
            return False
        return not self.difference.joins

    @property
    def is_inside(self) -> bool:
        """Whether the equivalence interval lies inside the margin, on the side that is tested."""
        if self.margin is None or self.equivalence_interval is None:
            return False
        return paired.is_inside(self.equivalence_interval, self.margin, self.side)

    def is_equivalent(self, alpha: float) -> bool:
        """Whether the equivalence interval lies inside the margin, and its tests agree."""
        return self.is_inside and self.equivalence is not None and self.equivalence.decisive < alpha


def decides(metric: Mapping[str, Any], setting: int) -> bool:
    """Say whether a metric counts for the verdict: a primary one at setting 0."""
    return bool(metric["primary"]) and setting == 0


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

    version: str
    control: str
    setting: int
    baseline: Sequence[Committed]
    candidate: Sequence[Committed]
    identical: bool
    exact: bool
    diverging: Diverging
    problem: str | None
    selection: str | None = None


def estimate(pairing: Pairing, metric: Mapping[str, Any], terms: Terms) -> Estimate:
    """Return all numbers of one metric, paired in the order of the terms' seeds."""
    baseline = values_of(pairing.baseline, metric["name"])
    candidate = values_of(pairing.candidate, metric["name"])
    sample = pair(baseline, candidate, terms.seeds)
    problem = pairing.problem or _problem(metric["name"], sample, pairing.diverging)
    margin = margin_of(metric, sample.baseline)
    rng = _generator(pairing, metric, terms)
    found = None if problem else _sampled(sample, rng, exact=pairing.exact)
    contrasts = [] if found is None or margin is None else _contrasts(metric, sample, rng, pairing)
    difference = equivalence = None
    if found is not None:
        tests = terms.deciding if decides(metric, pairing.setting) else terms.others
        difference = inference.difference(found, terms.alpha, max(1, tests))
        if margin is not None:
            equivalence = _equivalence(metric, found, contrasts, margin, terms.alpha)
    return Estimate(
        metric=metric,
        control=pairing.control,
        setting=pairing.setting,
        diverging=pairing.diverging,
        sample=sample,
        same_seed=None if problem else spread.same_seed(baseline, candidate),
        sampled=found,
        contrasts=contrasts,
        margin=margin,
        interval=_interval(found, difference, terms.alpha, 1 - terms.alpha),
        equivalence_interval=_interval(found, equivalence, terms.alpha, 1 - 2 * terms.alpha),
        difference=difference,
        equivalence=equivalence,
        identical=pairing.identical,
        problem=problem,
        drift=drift_of(pairing.baseline, pairing.candidate, str(metric["name"]), terms.seeds),
        tests=max(1, terms.deciding) if decides(metric, pairing.setting) else 1,
        selection=pairing.selection,
    )


def _equivalence(
    metric: Mapping[str, Any],
    found: Sampled,
    contrasts: Sequence[Sampled],
    margin: float,
    alpha: float,
) -> Evidence:
    """Return the p of "the difference reaches the margin", a relative one by its contrasts too."""
    questions = [inference.equivalence(found, margin, side_of(metric), alpha)]
    # A contrast above 0 is one that is not below a margin of 0.
    questions += [inference.equivalence(c, 0.0, paired.NOT_BELOW, alpha) for c in contrasts]
    if metric["margin"] is None and not contrasts:
        questions.append(Evidence(1.0, None, joins=False))
    return inference.worst(questions)


def _sampled(sample: Sample, rng: np.random.Generator, *, exact: bool) -> Sampled | None:
    spread_found = paired.spread_of(sample.differences, exact=exact, rounding=sample.rounding)
    if spread_found is None:
        return None
    return inference.sampled(spread_found, sample.differences, rng)


def _contrasts(
    metric: Mapping[str, Any], sample: Sample, rng: np.random.Generator, pairing: Pairing
) -> list[Sampled]:
    """Return the contrasts of a relative margin; none for an absolute one."""
    if metric["margin"] is not None:
        return []
    found = ratio.contrasts(sample, share_of(metric), side_of(metric), exact=pairing.exact)
    return [inference.sampled(end, values, rng) for end, values in found]


def _interval(
    found: Sampled | None, tested: Evidence | None, alpha: float, level: float
) -> Interval | None:
    """Return an interval that says what the tests say: outer bounds where the second decides."""
    if found is None:
        return None
    widened = tested is not None and tested.t < alpha <= tested.decisive
    return inference.interval(found, level, widened=widened)


def _generator(pairing: Pairing, metric: Mapping[str, Any], terms: Terms) -> np.random.Generator:
    """Return the row's own stream, a function of the comparison's content."""
    row = [terms.content, pairing.version, pairing.control, pairing.setting, metric["name"]]
    return np.random.default_rng(int(hashing.sha256_of_json(row), 16))


def _problem(name: str, sample: Sample, diverging: Diverging) -> str | None:
    """Return why a metric cannot be compared, None when it can or when divergence says why not."""
    if sample.count == 0:
        if diverging.sets_differ:
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
