"""Estimates and verdicts as rows of the summary: only finite numbers pass."""

import math

from diptych_analysis import sizes, validity
from diptych_analysis.attribution import Rung
from diptych_analysis.cautions import cautions_of
from diptych_analysis.estimate import Estimate
from diptych_analysis.proof import told_interval
from diptych_analysis.reasons import Findings
from diptych_analysis.statistics import effect, flips, inference, spread
from diptych_analysis.statistics.paired import Interval
from diptych_analysis.statistics.sample import mean
from diptych_analysis.summary import (
    Attribution,
    Effect,
    Metric,
    Noise,
    Outcome,
    Problem,
    SecondMethod,
    Verdict,
)
from diptych_analysis.summary.trajectories import Evidence
from diptych_runner.contract import names

#: Trials that the summary lists of each reason why trials cannot be compared.
MOST_TRIALS = 50


def metric_row(
    row: Estimate, verdict: Verdict, alpha: float, adjusted: float | None = None
) -> Metric:
    """Return the summary's row of one metric; an Invalid one has seeds and no measured number.

    `adjusted` is the p of its difference, corrected over its family.
    """
    valid = row.problem is None
    sample = row.sample
    noise = Noise(
        same_seed=finite(row.same_seed),
        between_seeds=finite(spread.between_seeds(sample)) if valid else None,
    )
    return Metric(
        name=row.name,
        control=row.control,
        setting=row.setting,
        primary=row.decides,
        verdict=verdict,
        baseline_mean=finite(mean(sample.baseline)) if sample.count and valid else None,
        candidate_mean=finite(mean(sample.candidate)) if sample.count and valid else None,
        difference=_difference(row) if valid else None,
        interval=finite_bounds(row.interval),
        equivalence_interval=finite_bounds(row.equivalence_interval),
        confidence=round(1 - alpha, 12),
        test=row.metric["test"],
        margin=finite(row.margin) if valid or row.metric["margin"] is not None else None,
        relative_margin=row.metric["relativeMargin"] if row.metric["margin"] is None else None,
        p_difference=None if row.difference is None else row.difference.shown(alpha),
        p_adjusted=adjusted,
        correction="Holm" if row.decides else "BenjaminiHochberg",
        p_equivalence=None if row.equivalence is None else row.equivalence.shown(alpha),
        second_method=_second_method(row, alpha),
        cautions=cautions_of(row, alpha),
        seeds=sample.count,
        correlation=spread.correlation(sample) if valid else None,
        pairing_gain=spread.pairing_gain(sample) if valid else None,
        noise=noise,
        effect=_effect(row, noise) if valid else None,
        minimum_detectable=finite(sizes.minimum_detectable(row, alpha)),
        seeds_needed=sizes.seeds_needed(row, alpha),
        seeds_estimated=sizes.seeds_needed(row, alpha, assured=False),
        seeds_to_replicate=sizes.seeds_to_replicate(row, alpha)
        if row.decides and verdict == "Different"
        else None,
        framework_metric_drift=finite(row.drift) if valid else None,
    )


def _difference(row: Estimate) -> float | None:
    """Return the mean difference; what is only rounding is 0."""
    if row.spread is not None:
        return finite(row.spread.mean)
    return finite(mean(row.sample.differences)) if row.sample.count else None


def _effect(row: Estimate, noise: Noise) -> Effect:
    difference = _difference(row)
    return Effect(
        seed_sigmas=finite(effect.in_units_of(difference, noise.between_seeds)),
        same_seed_sigmas=finite(effect.in_units_of(difference, noise.same_seed)),
        probability_better=effect.probability_better(
            row.sample, higher_is_better=row.metric["direction"] == "HigherIsBetter"
        ),
    )


def _second_method(row: Estimate, alpha: float) -> SecondMethod | None:
    tested = row.difference
    if row.sampled is None or tested is None or tested.second is None:
        return None
    return SecondMethod(
        name="SignFlips" if row.sample.count <= flips.MOST_SEEDS else "Bca",
        decides=tested.joins,
        interval=inference.finite_interval(row.sampled, 1 - alpha),
        p_difference=tested.second,
        p_equivalence=None if row.equivalence is None else row.equivalence.second,
    )


def outcome_rows(findings: Findings) -> list[Outcome]:
    """Return the summary's rows of outcomes, without those that no trial had."""
    return [
        Outcome(
            outcome="Failed" if found.outcome == names.FAILED else "Diverged",
            setting=found.setting,
            seeds=found.seeds,
            baseline=len(found.baseline),
            candidate=len(found.candidate),
            baseline_only=len(found.baseline - found.candidate),
            candidate_only=len(found.candidate - found.baseline),
            p_difference=found.p_difference,
            p_adjusted=adjusted,
        )
        for found, adjusted in zip(findings.divergings, findings.diverging_adjusted, strict=True)
        if found.baseline or found.candidate
    ]


def attribution_row(metric: str, rung: Rung, evidence: Evidence | None) -> Attribution:
    """Return the summary's row of one control."""
    ends = rung.explains_interval
    if evidence is not None:
        ends = told_interval(ends, proved=evidence == "Proved")
    return Attribution(
        control=rung.control,
        metric=metric,
        seeds=rung.seeds,
        per_seed_rms=finite(rung.per_seed_rms),
        same_seed_floor=finite(rung.same_seed_floor),
        difference=finite(rung.difference),
        interval=finite_bounds(rung.interval),
        explains=finite(rung.explains),
        explains_interval=finite_bounds(ends),
        evidence=evidence,
    )


def problem_row(problem: validity.Problem) -> Problem:
    """Return the summary's row of what makes trials incomparable."""
    return Problem.model_validate(
        {
            "rule": problem.rule,
            "text": problem.text,
            "trials": list(problem.trials[:MOST_TRIALS]),
            "trials_left_out": max(0, len(problem.trials) - MOST_TRIALS),
        }
    )


def finite(value: float | None) -> float | None:
    """Return a finite number, else None; JSON has no other."""
    return value if value is not None and math.isfinite(value) else None


def finite_bounds(bounds: Interval | None) -> Interval | None:
    """Return an interval of finite bounds, else None."""
    if bounds is None or not all(math.isfinite(bound) for bound in bounds):
        return None
    return bounds
