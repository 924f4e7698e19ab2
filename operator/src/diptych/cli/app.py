"""Puts the commands together; `python -m diptych` and the script `diptych` start here."""

import contextlib
import os
import sys
import traceback
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, TextIO

import typer

from diptych.cli.analyze import analyze
from diptych.cli.calibrate import calibrate
from diptych.cli.compare import compare
from diptych.cli.console import complain, write
from diptych.cli.environments import environments
from diptych.cli.exits import Exit
from diptych.cli.plan import plan
from diptych.cli.report import report
from diptych.cli.run import run
from diptych.cli.submit import submit
from diptych.cli.validate import validate
from diptych.cli.workloads import workloads

app = typer.Typer(
    help="Does version B of a training framework behave like version A, is the difference more "
    "than noise, and which change caused it?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (
    run,
    submit,
    validate,
    plan,
    analyze,
    compare,
    calibrate,
    report,
    workloads,
    environments,
):
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
    """Run the command that the arguments name and exit with a code of `Exit`.

    Typer exits with 1 for a closed pipe, and Python for any error; here that is a verdict.
    """
    if sys.stdout is None:
        # Started with a closed standard output.
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - until the end
    output = sys.stdout
    try:
        _run_and_flush()
    except OSError as error:
        if not isinstance(error, BrokenPipeError):
            complain(f"diptych: {error.filename or 'standard output'}: {error.strerror}")
        _forget(output)
        sys.exit(Exit.NO_VERDICT)
    except SystemExit:
        if sys.stdout is output:
            raise
        # Typer puts a wrapper there when nobody reads on.
        _forget(output)
        sys.exit(Exit.NO_VERDICT)
    except Exception:  # noqa: BLE001 - a fault of ours must not look like a verdict
        traceback.print_exc()
        sys.exit(Exit.INTERNAL_ERROR)


def _run_and_flush() -> None:
    try:
        app()
    finally:
        sys.stdout.flush()


def _forget(output: TextIO) -> None:
    """Let what is left in a stream go nowhere: Python flushes it at its end, and would fail."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), output.fileno())
