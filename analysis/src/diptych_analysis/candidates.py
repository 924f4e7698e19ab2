"""One candidate against the baseline: everything before and after the correction over all."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from diptych_analysis import attribution, held
from diptych_analysis.aspects import strictest
from diptych_analysis.attribution import Rung
from diptych_analysis.cause import cause_of, changed_parameters, means_clause, that_differ
from diptych_analysis.divergence import pairs_of
from diptych_analysis.known import known_changes, uses_of
from diptych_analysis.measured import Measured, Question
from diptych_analysis.placed import Placed, placed_of
from diptych_analysis.predictions import predictions_of
from diptych_analysis.reasons import Findings, reason_of
from diptych_analysis.records.lazy import Loader
from diptych_analysis.records.table import Cell, Table
from diptych_analysis.resources import usage
from diptych_analysis.rows import attribution_row, metric_row, outcome_rows, problem_row
from diptych_analysis.ruledout import ruled_out
from diptych_analysis.summary import (
    Attribution,
    Candidate,
    KnownChange,
    Resources,
    Verdict,
)
from diptych_analysis.trajectory import trajectory
from diptych_analysis.unseen import unseen_of
from diptych_analysis.verdicts import diverging_verdict, metric_verdict, worst
from diptych_analysis.why import Why
from diptych_analysis.wording import Asked
from diptych_runner.contract.plan import Plan


def judge(
    loader: Loader,
    table: Table,
    question: Question,
    measured: Measured,
    adjusted: Sequence[float | None],
) -> tuple[Candidate, Why | None]:
    """Return the candidate with verdicts, and what is known of why.

    `adjusted` are its tests' corrected p values.
    """
    alpha = question.alpha
    findings = _findings(measured, adjusted, alpha)
    cell = (question.control, 0)
    names = (question.baseline, measured.version)
    records = table.of(names[0], cell), table.of(names[1], cell)
    path, divergences = trajectory(loader, question.control, records, names, alpha)
    verdict = verdict_of(findings)
    # Of trials that cannot be compared nothing is said about a cause.
    comparable = measured.comparable and verdict != "Invalid"
    place = next(place for place, row in enumerate(measured.rows) if row.decides)
    primary = measured.rows[place].metric
    is_different = findings.verdicts[place] == "Different"
    left, right = (table.succeeded(name, cell) for name in names)
    asked = Asked(
        metric=str(primary["name"]),
        means=means_clause(measured.rows[place], findings.verdicts[place], alpha),
        seeds=measured.rows[place].sample.count,
        mean=None if (spread := measured.rows[place].spread) is None else spread.mean,
        is_different=is_different,
        p=findings.adjusted[place],
        parameters=changed_parameters(left, right),
        ruled_out=ruled_out(pairs_of(*records)),
        unseen=unseen_of(table, names, pairs_of(*records)),
        others=that_differ(measured.rows, primary),
        judged=[] if is_different else _different(findings),
    )
    rungs = (
        attribution.ladder(
            primary,
            _trials(table, names, cell),
            question.seeds,
            alpha,
            [table.results_sha256, measured.version],
        )
        if comparable
        else []
    )
    control = strictest(rungs) if rungs else question.control
    if len(rungs) > 1:
        kept = changed_parameters(*(table.succeeded(name, (control, 0)) for name in names))
        asked = replace(asked, kept=kept, strictest=control)
    placed = placed_of(loader, table, names, control) if comparable else Placed()
    asked = replace(asked, placed=placed.in_one_step)
    found = cause_of(table.plan, rungs, divergences, asked, alpha) if rungs else None
    candidate = Candidate(
        version=measured.version,
        verdict=verdict,
        reason=reason_of(loader, table, names, findings),
        problems=[problem_row(problem) for problem in measured.problems],
        metrics=[
            metric_row(row, verdict, alpha, p)
            for row, verdict, p in zip(
                measured.rows, findings.verdicts, findings.adjusted, strict=True
            )
        ],
        outcomes=outcome_rows(findings),
        trajectory=path,
        predictions=predictions_of(loader, records, alpha) if comparable else None,
        attribution=_attribution(asked.metric, rungs, found),
        probe=placed.probe,
        cause=None if found is None else _whole(found.text, placed, table.plan),
        resources=Resources(
            baseline=usage(names[0], left),
            candidate=usage(names[1], right),
        ),
        sweep=measured.sweep if comparable else None,
        known_changes=_known_changes(table, names, found),
    )
    return candidate, found


def _attribution(metric: str, rungs: Sequence[Rung], found: Why | None) -> list[Attribution]:
    """Return a row for each control; none without a ladder."""
    evidence = {} if found is None else found.evidence
    rows = [attribution_row(metric, rung, evidence.get(rung.control)) for rung in rungs]
    return rows if len(rows) > 1 else []


def _whole(cause: str, placed: Placed, plan: Plan) -> str:
    """Add to the ladder's why where the versions part, and what could not be pinned."""
    unknown = held.unknown_defaults(plan)
    told = [cause, placed.text, f"{unknown}." if unknown else ""]
    return " ".join(part for part in told if part)


def _findings(measured: Measured, adjusted: Sequence[float | None], alpha: float) -> Findings:
    count = len(measured.rows)
    of_rows, of_divergings = adjusted[:count], adjusted[count:]
    return Findings(
        alpha=alpha,
        rows=measured.rows,
        verdicts=[
            metric_verdict(row, p, alpha) for row, p in zip(measured.rows, of_rows, strict=True)
        ],
        adjusted=of_rows,
        divergings=measured.divergings,
        diverging_adjusted=of_divergings,
    )


def _different(findings: Findings) -> list[str]:
    """Return the metrics that decide and are Different."""
    both = zip(findings.rows, findings.verdicts, strict=True)
    return [row.name for row, verdict in both if row.decides and verdict == "Different"]


def verdict_of(findings: Findings) -> Verdict:
    """Return the worst verdict over primary metrics and divergence at setting 0."""
    told = [
        verdict
        for row, verdict in zip(findings.rows, findings.verdicts, strict=True)
        if row.decides
    ]
    told += [diverging_verdict(found, p, findings.alpha) for found, p in findings.deciding]
    return worst(told)


def _trials(table: Table, names: tuple[str, str], cell: Cell) -> dict[str, Any]:
    controls = dict.fromkeys([cell[0], *(c.control for c in table.plan.cells)])
    return {
        control: tuple(table.succeeded(name, (control, 0)) for name in names)
        for control in controls
    }


def _known_changes(table: Table, names: tuple[str, str], found: Why | None) -> list[KnownChange]:
    """Return the changes between a pair of versions that touch what was trained."""
    baseline, candidate = (table.plan.version(name)["version"] for name in names)
    uses = uses_of(table.plan, list(table.committed(*names)))
    return known_changes(table.plan.axes["framework"], baseline, candidate, uses, found)
