"""Reads a VersionComparison from a file, or ends the command with every problem in it."""

from dataclasses import dataclass
from pathlib import Path

import typer

from diptych.api.load import load_bytes
from diptych.api.resource import VersionComparison
from diptych.cli.console import complain, say
from diptych.cli.exits import Exit
from diptych.local.errors import CodeMissing
from diptych.local.modules import Code, code_beside
from diptych.plan import plan_of
from diptych_runner.contract.plan import Plan


@dataclass(frozen=True)
class Comparison:
    """What a file asks for: the resource, its plan, and the user's own code where there is any."""

    resource: VersionComparison
    plan: Plan
    code: Code | None


def read_comparison(path: Path) -> Comparison:
    """Return a file's resource with its plan and code; print all problems and exit without."""
    return comparison_of(path, read_resource(path))


def comparison_of(path: Path, resource: VersionComparison) -> Comparison:
    """Return a resource with its plan, and its code where that lies beside the file."""
    module = resource.spec.workload.module
    try:
        code = None if module is None else code_beside(path, module)
    except CodeMissing as error:
        complain(f"{path}: {error}")
        raise typer.Exit(Exit.BAD_INPUT) from error
    plan = plan_of(resource, module_sha256=None if code is None else code.sha256)
    return Comparison(resource, plan, code)


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
