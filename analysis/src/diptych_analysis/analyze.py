"""From a comparison's folder to its summary: read, estimate, correct over all, decide."""

from decimal import Decimal, InvalidOperation

from diptych_analysis.calibration import calibrations
from diptych_analysis.candidates import judge
from diptych_analysis.climb import ladder_of
from diptych_analysis.errors import AnalysisError
from diptych_analysis.families import corrected, terms_of
from diptych_analysis.fresh import fresh_of
from diptych_analysis.headline import headline
from diptych_analysis.held import not_pinned
from diptych_analysis.measured import Question, measure
from diptych_analysis.records.lazy import Loader
from diptych_analysis.records.outcome import Committed, Record, Refused
from diptych_analysis.records.reader import Home
from diptych_analysis.records.table import Progress, Table, read_table
from diptych_analysis.runnable import not_runnable
from diptych_analysis.sentences import shortened
from diptych_analysis.shortage import NO_RECORD
from diptych_analysis.source import Source, source_at
from diptych_analysis.summary import (
    Calibration,
    Comparison,
    Shortfall,
    Summary,
    Trials,
)
from diptych_analysis.verdicts import worst
from diptych_runner.contract import names
from diptych_runner.contract.plan import Plan
from diptych_runner.contract.trials import path_of

#: Bytes of a failed trial's error in the summary; its manifest has the whole.
_LONGEST_ERROR = 500


def analyze_folder(home: Home, progress: Progress | None = None) -> Summary:
    """Analyse the comparison in a folder, or in a store; see `analyze`."""
    return analyze(source_at(home), progress)


def analyze(source: Source, progress: Progress | None = None) -> Summary:
    """Read every planned trial and return the summary.

    `progress(done, total)` is called after each trial. Raises AnalysisError when the plan cannot
    be asked or the store changes meanwhile; a bad record is never an error, but a Refused one.
    """
    plan = source.plan
    question = question_of(plan)
    table = read_table(source.reader, plan, progress)
    terms = terms_of(table, question)
    measurements = [
        measure(table, question, version, terms)
        for version in plan.versions
        if version != question.baseline
    ]
    adjusted = corrected(measurements, question.alpha)
    loader = Loader(source.reader)
    judged = [
        judge(loader, table, question, measured, p)
        for measured, p in zip(measurements, adjusted, strict=True)
    ]
    candidates = [candidate for candidate, _ in judged]
    return Summary(
        comparison=Comparison(name=plan.name, uid=plan.uid),
        verdict=worst(candidate.verdict for candidate in candidates),
        reason=headline(table, question, candidates, post_hoc=bool(source.post_hoc)),
        baseline=question.baseline,
        trials=count(table),
        commits=table.commits_sha256,
        results=terms.content,
        post_hoc=list(source.post_hoc),
        origins=list(source.origins),
        candidates=candidates,
        not_pinned=not_pinned(table),
        fresh=(fresh := fresh_of(plan, candidates, question.alpha)),
        ladder=ladder_of(plan, candidates, [why for _, why in judged], fresh),
        not_runnable=not_runnable(plan),
        calibration=calibrations(table, question, terms.content)
        if plan.document["analysis"].get("calibration")
        else [],
    )


def calibrate(source: Source, progress: Progress | None = None) -> list[Calibration]:
    """Read every planned trial and return what the pipeline says of each version against itself.

    Raises AnalysisError as `analyze` does.
    """
    question = question_of(source.plan)
    table = read_table(source.reader, source.plan, progress)
    return calibrations(table, question, table.results_sha256)


def question_of(plan: Plan) -> Question:
    """Return what a plan asks; raise AnalysisError when it cannot be asked so."""
    analysis = plan.document["analysis"]
    try:
        alpha = float(1 - Decimal(analysis["confidence"]))
    except InvalidOperation as error:
        raise AnalysisError(
            f"plan.json: confidence {analysis['confidence']!r} is not a decimal"
        ) from error
    if not 0 < alpha < 0.5:
        raise AnalysisError(f"plan.json: confidence {analysis['confidence']} is not in (0.5, 1)")
    if not any(metric["primary"] for metric in analysis["metrics"]):
        raise AnalysisError("plan.json: no metric is primary, so nothing could decide")
    return Question(
        baseline=analysis["baseline"],
        control=analysis["control"],
        alpha=alpha,
        metrics=analysis["metrics"],
        seeds=plan.seeds,
    )


def count(table: Table) -> Trials:
    """Return the counts, and every trial that did not succeed in the plan's order."""
    committed = list(table.committed())
    return Trials(
        planned=len(table.records),
        committed=len(committed),
        succeeded=sum(record.succeeded for record in committed),
        diverged=sum(record.outcome == names.DIVERGED for record in committed),
        failed=[found for record in table.records.values() if (found := _shortfall(record))],
    )


def _shortfall(record: Record) -> Shortfall | None:
    path = path_of(record.trial)
    if isinstance(record, Refused):
        return Shortfall(trial=path, status="Refused", reason=record.reason)
    if not isinstance(record, Committed):
        return Shortfall(trial=path, status="Missing", reason=f"{NO_RECORD}; run again to train it")
    if record.outcome == names.DIVERGED:
        return Shortfall(trial=path, status="Diverged", reason=_not_finite(record))
    if record.outcome == names.FAILED:
        return Shortfall(
            trial=path,
            status="Failed",
            reason=shortened(record.error or "the record gives no error", _LONGEST_ERROR),
        )
    return None


def _not_finite(record: Committed) -> str:
    if record.non_finite_step is not None:
        return f"the loss of step {record.non_finite_step} was not finite"
    return f"every loss was finite, but not the predictions after {record.steps} updates"
