"""A summary as people read it in a terminal: the verdict first, then its numbers."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from diptych_analysis.summary import Attribution, Candidate, Metric, Summary, Trajectory

STYLES = {
    "Identical": "bold green",
    "Equivalent": "bold green",
    "Different": "bold red",
    "Inconclusive": "bold yellow",
    "Invalid": "bold red",
}

#: More failed trials than this are counted instead of listed; summary.json has them all.
_LISTED_TRIALS = 8
#: Tensors of the final checkpoint shown, worst first.
_LISTED_TENSORS = 6


def rendered(summary: Summary) -> RenderableType:
    """Return everything that a run prints of its summary."""
    parts: list[RenderableType] = [Text("")]
    parts += [_headline(summary), Text("")]
    for candidate in summary.candidates:
        parts += _candidate(summary, candidate)
    parts.append(_trials(summary))
    return Group(*parts)


def number(value: float | None) -> str:
    """Return a number with four significant digits, or a dash.

    >>> number(1234.5678), number(None)
    ('1235', '–')
    """
    return "–" if value is None else f"{value:.4g}"


def interval(ends: tuple[float, float] | None) -> str:
    """Return an interval, or a dash.

    >>> interval((-0.5, 0.25))
    '[-0.5, 0.25]'
    """
    return "–" if ends is None else f"[{number(ends[0])}, {number(ends[1])}]"


def percent(confidence: float) -> str:
    """Return a level as a percentage.

    >>> percent(0.95)
    '95 %'
    """
    return f"{100 * confidence:.4g} %"


def _headline(summary: Summary) -> Text:
    versions = ", ".join(candidate.version for candidate in summary.candidates)
    line = Text()
    line.append(f" {summary.verdict} ", style=STYLES[summary.verdict] + " reverse")
    line.append(f"  {summary.comparison.name}: {summary.baseline} → {versions}\n", style="bold")
    line.append(summary.reason)
    return line


def _candidate(summary: Summary, candidate: Candidate) -> list[RenderableType]:
    parts: list[RenderableType] = []
    title = Text(f"{summary.baseline} → {candidate.version}  ", style="bold")
    title.append(candidate.verdict, style=STYLES[candidate.verdict])
    parts.append(title)
    if candidate.reason != summary.reason:
        parts.append(Text(candidate.reason))
    parts.append(_metrics(summary, candidate))
    if candidate.trajectory is not None:
        parts.append(_trajectory(candidate.trajectory))
    if len(candidate.attribution) > 1:
        parts.append(_attribution(candidate.attribution))
    if candidate.cause is not None:
        parts += [Text("Cause: " + candidate.cause), Text("")]
    return parts


def _metrics(summary: Summary, candidate: Candidate) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    confidence = candidate.metrics[0].confidence if candidate.metrics else 0.95
    table.add_column("metric")
    for column in (
        f"mean {summary.baseline}",
        f"mean {candidate.version}",
        "difference",
        f"{percent(confidence)} interval",
        f"{percent(2 * confidence - 1)} interval",
        "margin",
        "seeds",
    ):
        table.add_column(column, justify="right")
    table.add_column("verdict")
    for metric in candidate.metrics:
        table.add_row(*_metric_cells(metric))
    return table


def _metric_cells(metric: Metric) -> list[RenderableType]:
    setting = f" (setting {metric.setting})" if metric.setting else ""
    return [
        Text(metric.name + setting),
        number(metric.baseline_mean),
        number(metric.candidate_mean),
        number(metric.difference),
        Text(interval(metric.interval)),
        Text(interval(metric.equivalence_interval)),
        "–" if metric.margin is None else f"± {number(metric.margin)}",
        str(metric.seeds),
        Text(metric.verdict, style=STYLES[metric.verdict]),
    ]


def _trajectory(trajectory: Trajectory) -> RenderableType:
    if trajectory.bit_identical:
        return Text("Every step's loss, weight, slot and prediction is the same bits.\n")
    parts: list[RenderableType] = []
    first = trajectory.first_divergence
    if first is not None:
        where = "before training" if first.step == 0 else f"at step {first.step}"
        parts.append(Text(f"Same bits until they first differ {where}: {first.what}."))
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("final tensor")
    table.add_column("max ULP", justify="right")
    table.add_column("relative L2", justify="right")
    for tensor in trajectory.tensors[:_LISTED_TENSORS]:
        only = f" (only in {tensor.only_in})" if tensor.only_in else ""
        ulp = "–" if tensor.max_ulp is None else f"{tensor.max_ulp:,}"
        table.add_row(tensor.key + only, ulp, number(tensor.relative_l2))
    parts.append(table)
    hidden = len(trajectory.tensors) - _LISTED_TENSORS
    if hidden > 0:
        parts.append(Text(f"and {hidden} more in summary.json", style="dim"))
    parts.append(Text(""))
    return Group(*parts)


def _attribution(rows: list[Attribution]) -> RenderableType:
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("held equal")
    for column in ("distance per seed", "same-seed floor", "mean difference", "explains"):
        table.add_column(column, justify="right")
    for row in rows:
        table.add_row(
            row.control,
            number(row.per_seed_rms),
            number(row.same_seed_floor),
            number(row.difference),
            "–" if row.explains is None else f"{100 * row.explains:.1f} %",
        )
    return Group(Text(f"What explains the distance in {rows[0].metric}:"), table)


def _trials(summary: Summary) -> Text:
    trials = summary.trials
    line = Text(f"{trials.succeeded} of {trials.planned} trials succeeded", style="dim")
    if trials.diverged:
        line.append(f", {trials.diverged} diverged")
    for entry in trials.failed[:_LISTED_TRIALS]:
        line.append(f"\n  {entry.status}: {entry.trial}: {entry.reason}", style="red")
    hidden = len(trials.failed) - _LISTED_TRIALS
    if hidden > 0:
        line.append(f"\n  and {hidden} more in summary.json", style="red")
    return line
