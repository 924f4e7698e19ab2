"""`diptych analyze`: the summary once more, from committed records alone."""

from typing import Annotated

import typer

from diptych.cli.results import analyze_and_print, fail_on_verdicts
from diptych.cli.run import FailOn, Json
from diptych.cli.stores import store_from

Folder = Annotated[
    str,
    typer.Argument(help="A comparison's folder or s3://bucket/prefix/name-uid8, with plan.json."),
]


def analyze(
    folder: Folder,
    json: Json = False,  # noqa: FBT002 - a flag of the command line
    fail_on: FailOn = None,
) -> None:
    """Analyse a comparison again without training: verify every record, compute the verdict."""
    analyze_and_print(store_from(folder), as_json=json, fail_on=fail_on_verdicts(fail_on))
