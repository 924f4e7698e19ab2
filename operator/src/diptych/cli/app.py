"""Puts the commands together; `python -m diptych` and the script `diptych` start here."""

from importlib.metadata import version
from typing import Annotated

import typer

from diptych.cli.analyze import analyze
from diptych.cli.console import write
from diptych.cli.plan import plan
from diptych.cli.report import report
from diptych.cli.run import run
from diptych.cli.tables import environments, workloads
from diptych.cli.validate import validate

app = typer.Typer(
    help="Does version B of a training framework behave like version A, is the difference more "
    "than noise, and which change caused it?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (run, validate, plan, analyze, report, workloads, environments):
    app.command()(command)


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it with the flag
    if wanted:
        write(version("diptych"))
        raise typer.Exit


@app.callback()
def _common(
    _version: Annotated[  # noqa: FBT002 - a flag of the command line
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """Carry what every command has."""


def main() -> None:
    """Run the command that the arguments name."""
    app()
