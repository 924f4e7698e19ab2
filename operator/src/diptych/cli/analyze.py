"""`diptych analyze`: the summary once more, from committed records alone."""

import re
from typing import Annotated

import typer

from diptych.api.base import CONFIDENCE_PATTERN, DECIMAL_PATTERN, PERCENT_PATTERN
from diptych.api.rules.metrics import beyond_range
from diptych.cli.console import complain
from diptych.cli.exits import Exit
from diptych.cli.results import fail_on_verdicts, finish, home_of, source_in
from diptych.cli.run import FailOn, Json
from diptych.cli.stores import store_from
from diptych_analysis.asked import Changes, asked_otherwise
from diptych_analysis.errors import AnalysisError
from diptych_analysis.source import Source

Folder = Annotated[
    str,
    typer.Argument(help="A comparison's folder or s3://bucket/prefix/name-uid8, with plan.json."),
]
Margins = Annotated[
    list[str] | None,
    typer.Option(
        "--margin",
        metavar="METRIC=VALUE",
        help="Another margin, in the metric's unit: test_accuracy=0.003. It was set after the "
        "fact, and the summary says so.",
    ),
]
RelativeMargins = Annotated[
    list[str] | None,
    typer.Option(
        "--relative-margin",
        metavar="METRIC=PERCENT",
        help="Another margin, in percent of the baseline's mean: test_loss=2%.",
    ),
]
Confidence = Annotated[
    str | None,
    typer.Option(metavar="LEVEL", help="Another confidence of intervals, as 0.99; also told."),
]
Output = Annotated[
    str | None,
    typer.Option(
        help="Folder or s3://bucket/prefix for summary and report; by default beside the records, "
        "and in a folder post-hoc-... there when something is asked otherwise than declared."
    ),
]


def analyze(  # noqa: PLR0913, PLR0917 - one argument an option of the command line
    folder: Folder,
    margin: Margins = None,
    relative_margin: RelativeMargins = None,
    confidence: Confidence = None,
    output: Output = None,
    json: Json = False,  # noqa: FBT002 - a flag of the command line
    fail_on: FailOn = None,
) -> None:
    """Analyse a comparison again without training: verify every record, compute the verdict."""
    verdicts = fail_on_verdicts(fail_on)
    changes = changes_of(margin, relative_margin, confidence)
    store = store_from(folder)
    source = changed(source_in(store), changes)
    home = home_of(store, output, source.post_hoc_folder)
    finish(source, home, as_json=json, fail_on=verdicts)


def changes_of(
    margins: list[str] | None, relative_margins: list[str] | None, confidence: str | None
) -> Changes:
    """Return what the options ask otherwise; exit when one is not of its form."""
    if confidence is not None and re.match(CONFIDENCE_PATTERN, confidence) is None:
        refuse("--confidence", confidence, "a level between 0.5 and 1, like 0.99")
    return Changes(
        margins=_by_metric("--margin", margins, DECIMAL_PATTERN, "test_accuracy=0.003"),
        relative_margins=_by_metric(
            "--relative-margin", relative_margins, PERCENT_PATTERN, "test_loss=2%"
        ),
        confidence=confidence,
    )


def changed(source: Source, changes: Changes) -> Source:
    """Return the source with changes; exit when they are not of its metrics, or beyond them."""
    for metric in source.plan.document["analysis"]["metrics"]:
        margin = changes.margins.get(metric["name"])
        problem = None if margin is None else beyond_range(metric["evaluator"], margin)
        if problem is not None:
            complain(f"--margin {metric['name']}: {problem}")
            raise typer.Exit(Exit.BAD_INPUT)
    try:
        return asked_otherwise(source, changes)
    except AnalysisError as error:
        complain(str(error))
        raise typer.Exit(Exit.BAD_INPUT) from error


def refuse(option: str, value: str, wanted: str) -> None:
    """Print that an option's value is not of its form, and exit."""
    complain(f"{option}: {value!r} is not {wanted}")
    raise typer.Exit(Exit.BAD_INPUT)


def _by_metric(
    option: str, entries: list[str] | None, pattern: str, example: str
) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in entries or []:
        name, _, value = entry.partition("=")
        if not name or re.match(pattern, value) is None:
            wanted = f"METRIC=VALUE with a value of at least 0, like {example}"
            if value.endswith("%") and not example.endswith("%"):
                wanted += f"; a share of the baseline's mean is --relative-margin {entry}"
            refuse(option, entry, wanted)
        if name in found:
            refuse(option, entry, f"the only value for {name}; give one")
        found[name] = value
    return found
