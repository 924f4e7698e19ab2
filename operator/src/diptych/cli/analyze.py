"""`diptych analyze`: the summary once more, from committed records alone."""

from pathlib import Path
from typing import Annotated

import typer

from diptych.cli.results import analyze_and_print, fail_on_verdicts
from diptych.cli.run import FailOn, Json

Folder = Annotated[
    Path, typer.Argument(help="A comparison's folder: the one that holds plan.json.")
]


def analyze(
    folder: Folder,
    json: Json = False,  # noqa: FBT002 - a flag of the command line
    fail_on: FailOn = None,
) -> None:
    """Analyse a comparison again without training: verify every record, compute the verdict."""
    analyze_and_print(folder, as_json=json, fail_on=fail_on_verdicts(fail_on))
