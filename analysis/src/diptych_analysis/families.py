"""Which difference tests are corrected together: those that decide, and all others."""

from collections.abc import Sequence

from diptych_analysis.estimate import Terms
from diptych_analysis.measured import Measured, Question
from diptych_analysis.records.table import Table
from diptych_analysis.statistics.fdr import false_discovery
from diptych_analysis.statistics.holm import holm


def terms_of(table: Table, question: Question) -> Terms:
    """Return what every row shares: how many tests of metrics there are is known beforehand."""
    candidates = len(table.plan.versions) - 1
    settings = {c.setting for c in table.plan.cells if c.control == question.control}
    deciding = candidates * sum(bool(metric["primary"]) for metric in question.metrics)
    return Terms(
        seeds=question.seeds,
        alpha=question.alpha,
        content=table.results_sha256,
        deciding=deciding,
        others=candidates * len(settings) * len(question.metrics) - deciding,
    )


def corrected(
    measurements: Sequence[Measured], alpha: float, beside: int = 0
) -> list[list[float | None]]:
    """Return corrected p values by candidate and test.

    Two families over all candidates: Holm's correction over the tests that decide, the false
    discovery rate over all others. `beside` is how many tests that are not here decide too; they
    are taken to show nothing.
    """
    tests = [measured.tests(alpha) for measured in measurements]
    adjusted: list[list[float | None]] = [[None] * len(own) for own in tests]
    for decides in (True, False):
        places = [
            (candidate, place)
            for candidate, own in enumerate(tests)
            for place, test in enumerate(own)
            if test.decides is decides and test.in_family
        ]
        correction = holm if decides else false_discovery
        found = [tests[candidate][place].p for candidate, place in places]
        found = correction([*found, *([1.0] * beside if decides else [])])
        for (candidate, place), p in zip(places, found, strict=False):
            adjusted[candidate][place] = p
    return adjusted
