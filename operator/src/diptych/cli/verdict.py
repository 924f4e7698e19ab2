"""A summary as people read it in a terminal: the verdict first, then its numbers."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from diptych.cli import evidence
from diptych.cli.calibrated import calibrated
from diptych_analysis.besides import DRIFT_SHOWN
from diptych_analysis.percents import level, percent
from diptych_analysis.sentences import post_hoc_sentence
from diptych_analysis.summary import Attribution, Candidate, Metric, Summary, Trajectory
from diptych_analysis.told import (
    no_margin,
    path_sentences,
    prediction_sentences,
    seeds_of_ladder,
    share_told,
    ulp_told,
    verdict_seeds,
    why_label,
)

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
    parts: list[RenderableType] = [Text(""), _headline(summary), Text("")]
    for candidate in summary.candidates:
        parts += _candidate(summary, candidate)
    parts += [*calibrated(summary.calibration), trials_told(summary)]
    parts += [evidence.fresh(summary), evidence.ladder(summary)]
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


def _headline(summary: Summary) -> Text:
    versions = ", ".join(candidate.version for candidate in summary.candidates)
    line = Text()
    line.append(f" {summary.verdict} ", style=STYLES[summary.verdict] + " reverse")
    line.append(f"  {summary.comparison.name}: {summary.baseline} → {versions}\n", style="bold")
    # summary.reason is cut at 300 bytes for a resource's status; one candidate has room for all.
    alone = len(summary.candidates) == 1
    reason = summary.candidates[0].reason if alone else summary.reason
    line.append(reason.removeprefix(f"{summary.verdict}: "))
    if summary.post_hoc:
        line.append(f"\n{post_hoc_sentence(summary.post_hoc)}", style="yellow")
    return line


def _candidate(summary: Summary, candidate: Candidate) -> list[RenderableType]:
    parts: list[RenderableType] = []
    if len(summary.candidates) > 1:
        title = Text(f"{summary.baseline} → {candidate.version}  ", style="bold")
        title.append(candidate.verdict, style=STYLES[candidate.verdict])
        parts += [title, Text(candidate.reason), Text("")]
    for metric in candidate.metrics:
        parts += [_metric(summary, candidate, metric), Text("")]
    parts += evidence.sweep(candidate)
    if candidate.verdict == "Invalid":
        # Of trials that cannot be compared nothing more is said; summary.json has what there is.
        return parts
    if candidate.trajectory is not None:
        parts += [_trajectory(candidate.trajectory), Text("")]
    if candidate.predictions is not None:
        told = prediction_sentences(candidate.predictions)
        parts += [*(Text(sentence) for sentence in told), Text("")]
    if len(candidate.attribution) > 1:
        parts += [_attribution(candidate.attribution, verdict_seeds(candidate)), Text("")]
    if candidate.cause is not None:
        label = Text(f"{why_label(candidate)}: ", style="bold")
        parts += [label.append(candidate.cause, "not bold"), Text("")]
    return parts + evidence.known_changes(candidate)


def _metric(summary: Summary, candidate: Candidate, metric: Metric) -> RenderableType:
    """Return one metric as a short list: a table would not fit a terminal of 80 columns."""
    setting = f", setting {metric.setting}" if metric.setting else ""
    title = Text(metric.name, style="bold")
    title.append(f" under {metric.control}{setting}, {metric.seeds} paired seeds: ", "not bold")
    title.append(metric.verdict, style=STYLES[metric.verdict])
    if metric.verdict == "Invalid":
        return title
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim")
    grid.add_column(overflow="fold")
    means = f"{summary.baseline}: {number(metric.baseline_mean)}   "
    means += f"{candidate.version}: {number(metric.candidate_mean)}"
    grid.add_row("  means", means)
    grid.add_row("  difference", number(metric.difference))
    grid.add_row(
        f"  {level(1 - metric.confidence)} interval",
        interval(metric.interval) + _p("of a difference", metric.p_difference),
    )
    grid.add_row(
        f"  {level(2 * (1 - metric.confidence))} interval",
        interval(metric.equivalence_interval) + _p("of equivalence", metric.p_equivalence),
    )
    grid.add_row("  margin", _margin(metric))
    versions = (summary.baseline, candidate.version)
    for name, told in (
        ("corrected", evidence.correction(metric)),
        ("checked by", evidence.second_method(metric)),
        ("noise", _noise(metric)),
        ("effect", evidence.effect(metric, versions)),
        ("would show", _sight(metric)),
        ("pairing", _pairing(metric)),
        *(("beware", caution.text) for caution in metric.cautions),
    ):
        if told:
            grid.add_row(f"  {name}", told)
    if abs(metric.framework_metric_drift or 0.0) > DRIFT_SHOWN:
        drift = f"the framework's own moved by {number(metric.framework_metric_drift)} more"
        grid.add_row("  drift", drift)
    if metric.primary and metric.verdict == "Inconclusive" and metric.seeds_needed is not None:
        count = _settling(summary, candidate) or metric.seeds_needed
        grid.add_row("  to settle it", f"a fresh comparison of about {count} unused seeds")
    return Group(title, grid)


def _settling(summary: Summary, candidate: Candidate) -> int | None:
    """Return the seeds of the proposed comparison: it counts the trials that will fail too."""
    if summary.fresh is None or candidate.verdict != "Inconclusive":
        return None
    return summary.fresh.count if candidate.version in summary.fresh.versions else None


def _margin(metric: Metric) -> str:
    if metric.margin is None:
        return no_margin(metric)
    if metric.test == "NonInferiority":
        return f"not worse by more than {number(metric.margin)}; the better side is left open"
    share = share_told(metric)
    of = f", {share}" if share else ""
    return f"± {number(metric.margin)}{of}; equivalent when the second interval lies inside"


def _sight(metric: Metric) -> str:
    if metric.minimum_detectable is None:
        return ""
    return f"a true difference of about {number(metric.minimum_detectable)} with 80 % power"


def _pairing(metric: Metric) -> str:
    """Return what pairing by seed was worth; empty where that is unknown."""
    told = []
    if metric.correlation is not None:
        told.append(f"correlation {metric.correlation:.2f}")
    gain = metric.pairing_gain
    if gain:
        factor = f"{max(gain, 1 / gain):.2g}"
        side = "narrower than" if gain > 1 else "wider than"
        change = "as wide as" if factor == "1" else f"{factor} times {side}"
        told.append(f"interval {change} unpaired")
    return ", ".join(told)


def _noise(metric: Metric) -> str:
    known = (
        (metric.noise.same_seed, "same seed"),
        (metric.noise.between_seeds, "between seeds"),
    )
    return ", ".join(f"{number(value)} {what}" for value, what in known if value is not None)


def _p(what: str, value: float | None) -> str:
    return "" if value is None else f"   p {what}: {value:.2g}"


def _trajectory(trajectory: Trajectory) -> RenderableType:
    if trajectory.bit_identical:
        return Text("Every step's loss, weight, slot and prediction is the same bits.")
    parts: list[RenderableType] = []
    first = trajectory.first_divergence
    if first is not None:
        where = "before training already" if first.step == 0 else f"at step {first.step}"
        parts.append(Text(f"The versions first differ {where}, in {first.what}."))
    parts += [Text(sentence) for sentence in path_sentences(trajectory)]
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("final tensor")
    table.add_column("max ULP", justify="right")
    table.add_column("relative L2", justify="right")
    table.add_column("cosine", justify="right")
    for tensor in trajectory.tensors[:_LISTED_TENSORS]:
        only = f" (only in {tensor.only_in})" if tensor.only_in else ""
        cosine = "1" if tensor.bit_identical else number(tensor.cosine)
        table.add_row(tensor.key + only, ulp_told(tensor), number(tensor.relative_l2), cosine)
    parts.append(table)
    hidden = len(trajectory.tensors) - _LISTED_TENSORS
    if hidden > 0:
        parts.append(Text(f"and {hidden} more in summary.json", style="dim"))
    return Group(*parts)


def _attribution(rows: list[Attribution], seeds: int) -> RenderableType:
    """Return the ladder; `seeds` are the verdict's, of which the ladder may have some only."""
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("held equal")
    for column in ("distance", "repeats", "mean difference", "explains"):
        table.add_column(column, justify="right")
    for row in rows:
        table.add_row(
            row.control,
            number(row.per_seed_rms),
            number(row.same_seed_floor),
            f"{number(row.difference)}\n{interval(row.interval)}".removesuffix("\n–"),
            _explains(row),
        )
    over = seeds_of_ladder(rows, seeds)
    return Group(Text(f"What explains the distance in {rows[0].metric}, over {over}:"), table)


def _explains(row: Attribution) -> str:
    """Return the share that a control takes away, as far as it is shown."""
    if row.evidence == "RuledOut":
        return "ruled out"
    if row.evidence == "NotProved":
        ends = _between(row.explains_interval)
        return f"not proved:\n{percent(row.explains)}{ends}" if ends else "not proved"
    return percent(row.explains) + _between(row.explains_interval)


def _between(ends: tuple[float, float] | None) -> str:
    """Return an interval of a share; nothing where there is none, or it has no width."""
    if ends is None or ends[0] == ends[1]:
        return ""
    return f" ({100 * ends[0]:.0f} to {100 * ends[1]:.0f})"


def trials_told(summary: Summary) -> Text:
    """Return how many trials succeeded, and those that did not."""
    trials = summary.trials
    line = Text(f"{trials.succeeded} of {trials.planned} trials succeeded", style="dim")
    if trials.diverged:
        line.append(f", {trials.diverged} diverged")
    for entry in trials.failed[:_LISTED_TRIALS]:
        line.append(f"\n  {entry.status}: {entry.trial}: {entry.reason}", style="red")
    hidden = len(trials.failed) - _LISTED_TRIALS
    if hidden > 0:
        line.append(f"\n  and {hidden} more in summary.json", style="red")
    if any(entry.status == "Failed" for entry in trials.failed):
        line.append("\nFailed trials are trained again only with --retry-failed.")
    return line
