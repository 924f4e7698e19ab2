"""`diptych workloads` and `diptych environments`: what can be compared, on what."""

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from diptych.cli.console import complain, results, say
from diptych.cli.exits import Exit
from diptych.local.cache import cache_root
from diptych.local.environments import Wanted
from diptych.local.environments import prepare as prepared
from diptych.local.errors import LocalError
from diptych_runner.contract import tables


def workloads() -> None:
    """List the built-in workloads with their parameters and metrics."""
    for workload in tables.workloads().values():
        results.print(Text(workload.name, style="bold").append(f"  {workload.summary}", "default"))
        results.print(Text("controls: " + ", ".join(workload.controls), style="dim"))
        table = _table("parameter", "default", "allowed", "meaning")
        for parameter in workload.parameters.values():
            default = "the version's" if parameter.default is None else str(parameter.default)
            allowed = tables.bound_of(parameter)
            table.add_row(parameter.name, default, allowed, parameter.description)
        results.print(table)
        table = _table("metric", "direction", "default margin", "because")
        for metric in workload.metrics:
            margin = metric.margin or metric.relative_margin or "–"
            table.add_row(metric.name, metric.direction, margin, metric.reason)
        results.print(table)
        results.print()


Prepare = Annotated[
    bool, typer.Option("--prepare", help="Install each and import its framework once.")
]


def environments(prepare: Prepare = False) -> None:  # noqa: FBT002 - a flag of the command line
    """List the framework versions that run on this machine, with their Python."""
    table = _table("framework", "version", "Python", "packages")
    for row in tables.environments():
        table.add_row(row.framework, row.version, row.python, str(len(row.pins) + 1))
    results.print(table)
    if prepare and not _all_prepared():
        raise typer.Exit(Exit.NO_VERDICT)


def _all_prepared() -> bool:
    """Install every environment; name each that cannot be, and go on with the rest."""
    failures = 0
    for row in tables.environments():
        try:
            python = prepared(Wanted(row, gpu=False), cache_root(), say)
        except LocalError as error:
            failures += 1
            complain(str(error))
        else:
            say(f"{row.framework} {row.version}: {python}")
    return failures == 0


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column)
    return table
