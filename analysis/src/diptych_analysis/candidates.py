"""One candidate against the baseline: everything before and after the correction over all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from diptych_analysis import attribution, identity, sentences, trajectory, validity
from diptych_analysis.cause import cause_of
from diptych_analysis.estimate import Estimate, Pairing, estimate
from diptych_analysis.records.reader import Reader
from diptych_analysis.records.table import Cell, Table
from diptych_analysis.resources import usage
from diptych_analysis.rows import attribution_row, metric_row
from diptych_analysis.summary import Candidate, Resources, Verdict
from diptych_analysis.verdicts import PRECEDENCE, metric_verdict, worst


@dataclass(frozen=True)
class Draft:
    """A candidate's numbers, before Holm's correction over all candidates.

    `comparable`: the trials may be compared at all, though there may be too few of them.
    """

    version: str
    rows: Sequence[Estimate]
    comparable: bool


@dataclass(frozen=True)
class Question:
    """What a plan asks: the baseline, the control of the verdict, alpha and the metrics."""

    baseline: str
    control: str
    alpha: float
    metrics: Sequence[Mapping[str, Any]]
    seeds: Sequence[int]


def draft(table: Table, question: Question, version: str) -> Draft:
    """Return all rows of a candidate, setting 0 first and the plan's metrics in order."""
    problems = validity.problems(table, question.baseline, version)
    settings = sorted(
        {cell.setting for cell in table.plan.cells if cell.control == question.control}
    )
    rows = []
    for setting in settings:
        pairing = _pairing(table, question, version, setting, problems)
        rows += [
            estimate(pairing, metric, question.seeds, question.alpha) for metric in question.metrics
        ]
    return Draft(version, rows, comparable=not problems)


def _pairing(
    table: Table, question: Question, version: str, setting: int, problems: Sequence[str]
) -> Pairing:
    cell = (question.control, setting)
    baseline, candidate = table.of(question.baseline, cell), table.of(version, cell)
    short = [
        sentence
        for name in (question.baseline, version)
        if (sentence := validity.shortage(table, name, cell))
    ]
    if short and identity.diverged_alike(baseline, candidate):
        short = [
            f"all {len(baseline)} trials of {question.baseline} and of {version} diverged at the "
            "same steps with the same bits: the behaviour is the same, but there is no metric"
        ]
    left = table.succeeded(question.baseline, cell)
    right = table.succeeded(version, cell)
    found = [*problems, *short]
    return Pairing(
        control=question.control,
        setting=setting,
        baseline=left,
        candidate=right,
        identical=identity.are_identical(baseline, candidate),
        exact=identity.are_exact(left, right),
        problem="; ".join(found) if found else None,
    )


def finish(
    reader: Reader,
    table: Table,
    question: Question,
    drafted: Draft,
    adjusted: Sequence[float | None],
) -> Candidate:
    """Return the candidate with verdicts; `adjusted` are its rows' Holm-adjusted p values."""
    alpha = question.alpha
    verdicts = [
        metric_verdict(row, p, alpha) for row, p in zip(drafted.rows, adjusted, strict=True)
    ]
    cell = (question.control, 0)
    names = (question.baseline, drafted.version)
    pairs = trajectory.pairs_of(*(table.of(name, cell) for name in names))
    path, divergences = trajectory.trajectory(reader, question.control, pairs, names)
    primary = next(row.metric for row in drafted.rows if row.decides)
    # Of trials that cannot be compared nothing is said about a cause.
    rungs = (
        attribution.ladder(primary, _trials(table, names, cell), question.seeds, alpha)
        if drafted.comparable
        else []
    )
    return Candidate(
        version=drafted.version,
        verdict=decided(drafted.rows, verdicts),
        reason=_reason(table, names, drafted.rows, verdicts, adjusted, alpha),
        metrics=[
            metric_row(row, verdict, alpha)
            for row, verdict in zip(drafted.rows, verdicts, strict=True)
        ],
        trajectory=path,
        attribution=[attribution_row(str(primary["name"]), rung) for rung in rungs]
        if len(rungs) > 1
        else [],
        cause=cause_of(table.plan, rungs, divergences, alpha) if drafted.comparable else None,
        resources=Resources(
            baseline=usage(names[0], table.succeeded(names[0], cell)),
            candidate=usage(names[1], table.succeeded(names[1], cell)),
        ),
        known_changes=[],
    )


def decided(rows: Sequence[Estimate], verdicts: Sequence[Verdict]) -> Verdict:
    """Return the worst verdict over primary metrics at setting 0; no other row decides."""
    return worst(v for row, v in zip(rows, verdicts, strict=True) if row.decides)


def _trials(table: Table, names: tuple[str, str], cell: Cell) -> dict[str, Any]:
    controls = dict.fromkeys([cell[0], *(c.control for c in table.plan.cells)])
    return {
        control: tuple(table.succeeded(name, (control, 0)) for name in names)
        for control in controls
    }


def _reason(
    table: Table,
    names: tuple[str, str],
    rows: Sequence[Estimate],
    verdicts: Sequence[Verdict],
    adjusted: Sequence[float | None],
    alpha: float,
) -> str:
    """Return the deciding sentence first, then what a reader must know besides."""
    decisive = sorted(
        (place for place, row in enumerate(rows) if row.decides),
        key=lambda place: PRECEDENCE.index(verdicts[place]),
    )
    told: list[str | None] = [
        sentences.metric_sentence(rows[place], verdicts[place], names, alpha) for place in decisive
    ]
    if verdicts[decisive[0]] in ("Invalid", "Identical"):
        told = told[:1]  # one reason for every metric
    for place in decisive:
        told += [
            sentences.holm_sentence(rows[place], adjusted[place], verdicts[place]),
            sentences.degenerate_sentence(rows[place]),
            sentences.margin_sentence(rows[place]),
            sentences.drift_sentence(rows[place], names),
        ]
    told += [_others(rows, verdicts), _rates(table, names, rows[0]), _processor(table, names)]
    return " ".join(sentences.sentence(part) for part in dict.fromkeys(told) if part)


def _others(rows: Sequence[Estimate], verdicts: Sequence[Verdict]) -> str | None:
    """Name rows that differ though they do not decide."""
    different = [
        f"{row.name} (setting {row.setting})" if row.setting else row.name
        for row, verdict in zip(rows, verdicts, strict=True)
        if verdict == "Different" and not row.decides
    ]
    return f"Not deciding, but different: {', '.join(different)}" if different else None


def _rates(table: Table, names: tuple[str, str], row: Estimate) -> str | None:
    """Say how many trials did not succeed, when the versions differ in that."""
    cell = (row.control, 0)
    rates = [validity.outcome_rates(table.of(name, cell)) for name in names]
    if rates[0] == rates[1]:
        return None
    told = (
        f"{name}: {diverged} diverged, {failed} failed, {lost} missing or refused"
        for name, (diverged, failed, lost) in zip(names, rates, strict=True)
    )
    return f"The versions differ in trials that did not succeed ({'; '.join(told)})"


def _processor(table: Table, names: tuple[str, str]) -> str | None:
    return "No GPU was used" if validity.ran_on_cpu(table, *names) else None
