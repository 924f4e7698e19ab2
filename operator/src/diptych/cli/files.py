"""Reads a VersionComparison from a file, or ends the command with every problem in it."""

from pathlib import Path

import typer

from diptych.api.load import load_bytes
from diptych.api.resource import VersionComparison
from diptych.cli.console import complain, say
from diptych.cli.exits import Exit


def read_resource(path: Path) -> VersionComparison:
    """Return the file's VersionComparison; print all problems and exit when it has none."""
    try:
        data = path.read_bytes()
    except OSError as error:
        complain(f"{path}: cannot be read: {error.strerror}")
        raise typer.Exit(Exit.BAD_INPUT) from error
    loaded = load_bytes(data, str(path))
    for warning in loaded.warnings:
        say(f"warning: {warning}")
    for problem in loaded.problems:
        complain(str(problem))
    if loaded.resource is None:
        count = len(loaded.problems)
        complain(f"{path}: {count} {'error' if count == 1 else 'errors'}")
        raise typer.Exit(Exit.BAD_INPUT)
    return loaded.resource
