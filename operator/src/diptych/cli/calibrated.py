"""A calibration as people read it in a terminal: each version against itself."""

from collections.abc import Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from diptych_analysis.percents import percent
from diptych_analysis.summary import Calibration, MetricCalibration, Rate

NOTE = (
    "Intervals are the Monte-Carlo error of the splits alone: the same trials are split again and "
    "again, and other trials would have another share. Of few seeds all splits are judged: that "
    "has no such error, and says as little of other trials."
)
_METHODS = {
    "StudentsT": "Student's t alone",
    "SignFlips": "Student's t and flips of signs",
    "Bca": "Student's t and the BCa bootstrap",
}


def calibrated(found: Sequence[Calibration]) -> list[RenderableType]:
    """Return what is shown of calibrations; nothing without any."""
    if not found:
        return []
    return [*(part for each in found for part in _version(each)), Text(NOTE, style="dim"), Text("")]


def share(rate: Rate, splits: int) -> str:
    """Return how often something was said, with its Monte-Carlo error."""
    if rate.interval is None:
        return f"{rate.count} of {splits} ({percent(rate.share, 2)})"
    low, high = (percent(end, 2).removesuffix(" %") for end in rate.interval)
    return f"{rate.count} of {splits} ({percent(rate.share, 2)}, {low} to {high} %)"


def other_rule(found: Calibration) -> str:
    """Return that halves are judged by another rule than all seeds; empty when they are not."""
    if found.decided_by == found.decided_by_in_whole:
        return ""
    return (
        f"Halves of {found.pairs} are judged by {_METHODS[found.decided_by]}, all {found.seeds} "
        f"seeds by {_METHODS[found.decided_by_in_whole]}: these are rates of the former."
    )


def _version(found: Calibration) -> list[RenderableType]:
    title = Text(f"{found.version} against itself", style="bold")
    splits = f"all {found.splits}" if found.all_splits else f"{found.splits} random"
    title.append(
        f", {splits} splits of its {found.seeds} seeds into two times {found.pairs}: "
        f"called Different {share(found.different, found.splits)}",
        "not bold",
    )
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim")
    grid.add_column(overflow="fold")
    for metric in found.metrics:
        grid.add_row(f"  {metric.name}", _metric(metric, found.splits))
    rule = other_rule(found)
    return [title, grid, *([Text(rule, style="dim")] if rule else []), Text("")]


def _metric(metric: MetricCalibration, splits: int) -> str:
    caught = (
        "no planted difference was caught"
        if metric.caught is None
        else f"a planted difference of {metric.caught:.3g} was caught in 80 %"
    )
    return (
        f"Different {share(metric.different, splits)}; "
        f"Equivalent {share(metric.equivalent, splits)}; {caught}"
    )
