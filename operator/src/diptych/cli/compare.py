"""`diptych compare`: versions of two finished comparisons against each other, without training."""

from typing import Annotated

import typer

from diptych.cli.analyze import Confidence, Margins, RelativeMargins, changed, changes_of
from diptych.cli.console import complain
from diptych.cli.exits import Exit
from diptych.cli.results import fail_on_verdicts, finish, home_of, source_in
from diptych.cli.run import FailOn, Json
from diptych.cli.stores import store_from
from diptych.local.places import DEFAULT_OUTPUT
from diptych_analysis.errors import AnalysisError
from diptych_analysis.joined import joined
from diptych_analysis.source import Source

A = Annotated[
    str,
    typer.Argument(
        metavar="A", help="Folder or s3:// address of the comparison that has the baseline."
    ),
]
B = Annotated[
    str,
    typer.Argument(
        metavar="B", help="Folder or s3:// address of the comparison that has the candidates."
    ),
]
Baseline = Annotated[
    str | None, typer.Option(metavar="VERSION", help="A version of A; by default its baseline.")
]
Candidates = Annotated[
    list[str] | None,
    typer.Option(
        "--candidate",
        metavar="VERSION",
        help="A version of B, as often as wanted; by default all of them.",
    ),
]
Output = Annotated[
    str | None,
    typer.Option(
        help=f"Folder or s3://bucket/prefix for summary and report; by default {DEFAULT_OUTPUT}/"
        "<name>-<uid8>."
    ),
]


def compare(  # noqa: PLR0913, PLR0917 - one argument an option of the command line
    a: A,
    b: B,
    baseline: Baseline = None,
    candidate: Candidates = None,
    margin: Margins = None,
    relative_margin: RelativeMargins = None,
    confidence: Confidence = None,
    output: Output = None,
    json: Json = False,  # noqa: FBT002 - a flag of the command line
    fail_on: FailOn = None,
) -> None:
    """Compare versions of two finished comparisons of one workload, paired by seed.

    Refused when workload, parameters, data, threads or accelerator are not equal; Invalid, with
    the trials named, when the records' data or code are not.
    """
    verdicts = fail_on_verdicts(fail_on)
    changes = changes_of(margin, relative_margin, confidence)
    pair = _paired(a, b, baseline, candidate or [])
    source = changed(pair, changes)
    home = home_of(store_from(DEFAULT_OUTPUT), output, source.plan.folder)
    finish(source, home, as_json=json, fail_on=verdicts)


def _paired(a: str, b: str, baseline: str | None, candidates: list[str]) -> Source:
    left, right = source_in(store_from(a)), source_in(store_from(b))
    try:
        return joined(left, right, baseline, candidates)
    except AnalysisError as error:
        complain(str(error))
        raise typer.Exit(Exit.BAD_INPUT) from error
