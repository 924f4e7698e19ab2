"""Why a candidate has its verdict: the deciding sentence first, then what one must know besides."""

from collections.abc import Sequence
from dataclasses import dataclass

from diptych_analysis import besides, sentences, validity
from diptych_analysis.diverging import Diverging
from diptych_analysis.estimate import Estimate
from diptych_analysis.records.lazy import Loader
from diptych_analysis.records.table import Table
from diptych_analysis.refitted import refitted_sentence
from diptych_analysis.started import start_sentence
from diptych_analysis.summary import Verdict
from diptych_analysis.verdicts import PRECEDENCE, diverging_verdict
from diptych_runner.contract.names import DIVERGED, FAILED


@dataclass(frozen=True)
class Findings:
    """A candidate's rows with verdicts and Holm-adjusted p values, and its seeds that diverge."""

    alpha: float
    rows: Sequence[Estimate]
    verdicts: Sequence[Verdict]
    adjusted: Sequence[float | None]
    divergings: Sequence[Diverging]
    diverging_adjusted: Sequence[float | None]

    @property
    def deciding(self) -> list[tuple[Diverging, float | None]]:
        """Divergence and failure at setting 0, with adjusted p; [] when it is not comparable."""
        both = zip(self.divergings, self.diverging_adjusted, strict=True)
        return [(found, p) for found, p in both if found.setting == 0]


def reason_of(loader: Loader, table: Table, names: tuple[str, str], findings: Findings) -> str:
    """Return the sentences of a candidate; `names` are of baseline and candidate."""
    told = (
        _of_findings(table, names, findings),
        start_sentence(loader, table, names),
        refitted_sentence(table, names),
    )
    return " ".join(part for part in told if part)


def _of_findings(table: Table, names: tuple[str, str], findings: Findings) -> str:
    rows, verdicts = findings.rows, findings.verdicts
    decisive = sorted(
        (place for place, row in enumerate(rows) if row.decides),
        key=lambda place: PRECEDENCE.index(verdicts[place]),
    )
    told: list[str | None] = [
        sentences.metric_sentence(rows[place], verdicts[place], names, findings.alpha)
        for place in decisive
    ]
    if verdicts[decisive[0]] in ("Invalid", "Identical"):
        told = told[:1]  # one reason for every metric
    told = _with_outcomes(told, verdicts[decisive[0]], names, findings)
    told.append(besides.survivors_sentence(rows[decisive[0]]))
    for place in decisive:
        told += [
            besides.holm_sentence(
                rows[place], findings.adjusted[place], verdicts[place], findings.alpha
            ),
            besides.close_sentence(
                rows[place].name, findings.adjusted[place], verdicts[place], findings.alpha
            ),
            besides.degenerate_sentence(rows[place]),
            besides.margin_sentence(rows[place]),
            besides.drift_sentence(rows[place], names),
        ]
    told += [_others(findings), _rates(table, names, findings), _processor(table, names)]
    known = {row.name for row in rows}
    return " ".join(sentences.sentence(part, known) for part in dict.fromkeys(told) if part)


def _with_outcomes(
    told: list[str | None], worst: Verdict, names: tuple[str, str], findings: Findings
) -> list[str | None]:
    """Put the sentences about outcomes first, or last where a metric alone decides."""
    # Reversed, for each goes before those already told: divergence ends up first.
    for outcome, adjusted in reversed(findings.deciding):
        sentence = sentences.diverging_sentence(outcome, adjusted, names, findings.alpha)
        verdict = diverging_verdict(outcome, adjusted, findings.alpha)
        # Of equals the outcome comes first: it is the graver of two findings.
        first = PRECEDENCE.index(verdict) <= PRECEDENCE.index(worst)
        told = [sentence, *told] if first else [*told, sentence]
    return told


def _others(findings: Findings) -> str | None:
    """Name what differs though it does not decide."""
    different = [
        f"{row.name} (setting {row.setting})" if row.setting else row.name
        for row, verdict in zip(findings.rows, findings.verdicts, strict=True)
        if verdict == "Different" and not row.decides
    ]
    different += [
        f"{'failure' if found.outcome == FAILED else 'divergence'} (setting {found.setting})"
        for found, p in zip(findings.divergings, findings.diverging_adjusted, strict=True)
        if found.setting and diverging_verdict(found, p, findings.alpha) == "Different"
    ]
    return f"Not deciding, but different: {', '.join(different)}" if different else None


def _rates(table: Table, names: tuple[str, str], findings: Findings) -> str | None:
    """Say how many trials did not succeed, when the versions differ in that."""
    cell = (findings.rows[0].control, 0)
    rates = [validity.outcome_rates(table.of(name, cell)) for name in names]
    told_already = {found.outcome for found, _ in findings.deciding if found.sets_differ}
    kinds = [DIVERGED, FAILED, ""]
    new = [place for place, kind in enumerate(kinds) if kind not in told_already]
    if all(rates[0][place] == rates[1][place] for place in new):
        return None
    told = (
        f"{name}: {diverged} diverged, {failed} failed, {lost} missing or refused"
        for name, (diverged, failed, lost) in zip(names, rates, strict=True)
    )
    return f"The versions differ in trials that did not succeed ({'; '.join(told)})"


def _processor(table: Table, names: tuple[str, str]) -> str | None:
    bare = "No GPU was used" if validity.ran_on_cpu(table, *names) else None
    mixed = validity.mixed_processors(table, *names)
    return ". ".join(part for part in (bare, mixed) if part) or None
