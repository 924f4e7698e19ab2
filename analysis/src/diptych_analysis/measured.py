"""A candidate's numbers and tests, before the correction over all candidates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from diptych_analysis import held, identity, validity
from diptych_analysis.diverging import Diverging, diverging_of, failing_of
from diptych_analysis.estimate import Estimate, Pairing, Terms, estimate
from diptych_analysis.lost import selection_told
from diptych_analysis.records.table import Table
from diptych_analysis.shortage import shortage_told
from diptych_analysis.summary import Sweep
from diptych_analysis.sweep import Swept, sweep_of


@dataclass(frozen=True)
class DifferenceTest:
    """A test of a difference: whether it decides, its p, and whether it counts in its family."""

    decides: bool
    p: float | None
    in_family: bool = True


@dataclass(frozen=True)
class Measured:
    """A candidate's numbers, before the correction over all candidates.

    `divergings` has two entries, divergence and failure, for each setting whose trials can be
    compared.
    """

    version: str
    rows: Sequence[Estimate]
    divergings: Sequence[Diverging]
    problems: Sequence[validity.Problem]
    sweep: Sweep | None = None

    @property
    def comparable(self) -> bool:
        """Whether the trials may be compared at all, though there may be too few of them."""
        return not self.problems

    def tests(self, alpha: float) -> list[DifferenceTest]:
        """Return the difference tests of the rows, then those of divergence."""
        return [
            *(
                DifferenceTest(
                    row.decides,
                    row.difference.decisive if row.difference else None,
                    in_family=row.can_show,
                )
                for row in self.rows
            ),
            *(
                DifferenceTest(d.setting == 0, d.p_difference, in_family=d.can_show(alpha))
                for d in self.divergings
            ),
        ]


@dataclass(frozen=True)
class Question:
    """What a plan asks: the baseline, the control of the verdict, alpha and the metrics."""

    baseline: str
    control: str
    alpha: float
    metrics: Sequence[Mapping[str, Any]]
    seeds: Sequence[int]


def measure(table: Table, question: Question, version: str, terms: Terms) -> Measured:
    """Return all rows of a candidate, setting 0 first and the plan's metrics in order."""
    problems = [
        *validity.problems(table, question.baseline, version),
        *held.problems_held(table, question.baseline, version),
    ]
    settings = sorted(
        {cell.setting for cell in table.plan.cells if cell.control == question.control}
    )
    told = [problem.text for problem in problems]
    pairings = [_pairing(table, question, version, setting, told) for setting in settings]
    return Measured(
        version,
        rows=[
            estimate(pairing, metric, terms) for pairing in pairings for metric in question.metrics
        ],
        divergings=[
            outcome
            for pairing in pairings
            if pairing.problem is None
            for outcome in (pairing.diverging, _failing(table, question, pairing))
        ],
        problems=problems,
        sweep=None if problems else sweep_of(_swept(table, question, version), terms),
    )


def _swept(table: Table, question: Question, version: str) -> Swept:
    metric = next(metric for metric in question.metrics if metric["primary"])
    return Swept(table, question.baseline, version, question.control, metric)


def _failing(table: Table, question: Question, pairing: Pairing) -> Diverging:
    cell = (pairing.control, pairing.setting)
    whole = (table.of(name, cell) for name in (question.baseline, pairing.version))
    return failing_of(pairing.setting, *whole)


def _pairing(
    table: Table, question: Question, version: str, setting: int, problems: Sequence[str]
) -> Pairing:
    cell, names = (question.control, setting), (question.baseline, version)
    baseline, candidate = (table.of(name, cell) for name in names)
    short = [told] if (told := shortage_told(table, names, cell)) else []
    if identity.diverged_alike(baseline, candidate):
        short = [
            f"all {len(baseline)} trials of {question.baseline} and of {version} diverged at the "
            "same steps with the same bits: the behaviour is the same, but there is no metric"
        ]
    left = table.succeeded(question.baseline, cell)
    right = table.succeeded(version, cell)
    found = [*problems, *short]
    return Pairing(
        version=version,
        control=question.control,
        setting=setting,
        baseline=left,
        candidate=right,
        identical=identity.are_identical(baseline, candidate),
        exact=identity.are_exact(left, right),
        diverging=diverging_of(setting, baseline, candidate),
        problem="; ".join(found) if found else None,
        selection=selection_told((baseline, candidate), names, question.alpha),
    )
