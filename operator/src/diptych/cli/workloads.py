"""`diptych workloads`: what can be trained, with every parameter and metric."""

from rich.table import Table
from rich.text import Text

from diptych.api.ladder import aspects_of, rungs_of
from diptych.cli.console import results
from diptych_runner.contract import names, tables


def workloads() -> None:
    """List the built-in workloads with their parameters and metrics."""
    for workload in tables.workloads().values():
        results.print(Text(workload.name, style="bold").append(f"  {workload.summary}", "default"))
        held = ", ".join(_controls(workload))
        results.print(Text(f"controls that hold more equal: {held}", style="dim"))
        table = plain_table("parameter", "default", "allowed", "meaning")
        for parameter in workload.parameters.values():
            default = "the version's" if parameter.default is None else str(parameter.default)
            allowed = tables.bound_of(parameter)
            table.add_row(parameter.name, default, allowed, parameter.description)
        results.print(table)
        table = plain_table("metric", "direction", "default margin", "because")
        for metric in workload.metrics:
            margin = metric.margin or metric.relative_margin or "–"
            table.add_row(metric.name, metric.direction, margin, metric.reason)
        results.print(table)
        results.print()


def _controls(workload: tables.Workload) -> list[str]:
    """Return the controls that change something for a workload with its default parameters."""
    return rungs_of(names.CONTROLS[0], names.CONTROLS, aspects_of(workload.name, {}))


def plain_table(*columns: str) -> Table:
    """Return a table without lines."""
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column)
    return table
