"""`diptych workloads` and `diptych environments`: what can be compared, on what."""

from rich.table import Table
from rich.text import Text

from diptych.cli.console import results
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


def environments() -> None:
    """List the framework versions that run on this machine, with their Python."""
    table = _table("framework", "version", "Python", "packages")
    for row in tables.environments():
        table.add_row(row.framework, row.version, row.python, str(len(row.pins) + 1))
    results.print(table)


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column)
    return table
