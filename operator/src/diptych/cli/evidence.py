"""What stands behind a metric's verdict, and what would settle an open one, as lines of text."""

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from diptych_analysis.percents import percent
from diptych_analysis.report import FRESH_FILE, LADDER_FILE
from diptych_analysis.summary import Candidate, Fresh, Ladder, Metric, Summary
from diptych_analysis.told import fresh_told, known_lead, known_told

#: A p so large stays without a verdict whatever corrects it.
ENOUGH = 0.2
_METHODS = {"SignFlips": "flips of signs", "Bca": "BCa bootstrap"}


def effect(metric: Metric, versions: tuple[str, str]) -> str:
    """Return the difference without its unit; empty where it is unknown."""
    found = metric.effect
    if found is None:
        return ""
    told = []
    if found.seed_sigmas is not None:
        told.append(f"{found.seed_sigmas:+.3g} seed sigmas")
    if found.same_seed_sigmas is not None:
        told.append(f"{found.same_seed_sigmas:+.3g} same-seed sigmas")
    if found.probability_better is not None:
        better = percent(found.probability_better)
        told.append(f"{versions[1]} beats {versions[0]} in {better}")
    return ", ".join(told)


def second_method(metric: Metric) -> str:
    """Return the p of the method beside Student's t; empty without one."""
    second = metric.second_method
    if second is None:
        return ""
    told = f"{_METHODS[second.name]}: p of a difference {second.p_difference:.2g}"
    if second.p_equivalence is not None:
        told += f", of equivalence {second.p_equivalence:.2g}"
    return told if second.decides else f"{told}; too few seeds for it to decide"


def correction(metric: Metric) -> str:
    """Return what all tests of the comparison leave of a p; empty where nothing changes."""
    if metric.p_adjusted is None or metric.p_difference is None:
        return ""
    if metric.primary:
        if metric.p_adjusted <= _uncorrected(metric) or metric.p_difference > ENOUGH:
            return ""
        return f"p of a difference over all tests {metric.p_adjusted:.2g} (Holm)"
    return f"a screen, it decides nothing: false-discovery rate {metric.p_adjusted:.2g}"


def _uncorrected(metric: Metric) -> float:
    """Return the p that was corrected: the larger of both methods where both have a say."""
    second = metric.second_method
    own = metric.p_difference or 0.0
    return max(own, second.p_difference) if second is not None and second.decides else own


def known_changes(candidate: Candidate) -> list[RenderableType]:
    """Return which changes of the release notes apply, in short; summary.json says them whole."""
    changes = candidate.known_changes
    if not changes:
        return []
    count = f"{known_lead(changes)} ({len(changes)}), none called the cause: "
    lead = Text(count, style="bold")
    return [lead.append(known_told(changes), "not bold"), Text("")]


def sweep(candidate: Candidate) -> list[RenderableType]:
    """Return what re-tuning does: a line for each setting, then the sentences about the closest."""
    found = candidate.sweep
    if found is None:
        return []
    lead = Text(f"Re-tuning: {found.metric} of {candidate.version} by setting, ", style="bold")
    lead.append("against the baseline as given", "not bold")
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim")
    for _ in range(2):
        grid.add_column(overflow="fold")
    for setting in found.settings:
        changed = ", ".join(f"{name} {value}" for name, value in setting.parameters.items())
        bounds = "" if setting.interval is None else "[{:.4g}, {:.4g}]".format(*setting.interval)
        difference = setting.problem if setting.difference is None else f"{setting.difference:.4g}"
        marks = ", closest" if setting.setting == found.closest else ""
        grid.add_row(f"  {changed or 'as given'}", f"{difference}", f"{bounds}{marks}")
    return [lead, grid, Text(found.told), Text("")]


def fresh(summary: Summary) -> RenderableType:
    """Return what the proposed fresh comparison costs, and where it lies ready to run."""
    if summary.fresh is None:
        return Text("")
    lead = Text(f"\nTo {fresh_told(summary.fresh)}, ", style="bold")
    lead.append(_where(summary.fresh, FRESH_FILE, "take a fresh comparison"))
    lead.append(f"{cost(summary.fresh)}. ", "not bold")
    lead.append("Adding seeds to those already looked at would inflate errors.", "not bold")
    return lead.append(_no_yaml(summary, summary.fresh), "not bold")


def ladder(summary: Summary) -> RenderableType:
    """Return what the comparison that would tell the cause costs, and where it lies."""
    if summary.ladder is None:
        return Text("")
    lead = Text("\nTo learn which change caused it, ", style="bold")
    controls = f"run {', '.join(summary.ladder.controls)}"
    lead.append(_where(summary.ladder, LADDER_FILE, controls))
    lead.append(f"{cost(summary.ladder)}.", "not bold")
    return lead.append(_no_yaml(summary, summary.ladder), "not bold")


def _where(asked: Fresh | Ladder, file: str, without: str) -> str:
    return f"{without}: " if asked.resource is None else f"run {file}, saved beside the report: "


def _no_yaml(summary: Summary, asked: Fresh | Ladder) -> str:
    return f" {summary.not_runnable}" if asked.resource is None and summary.not_runnable else ""


def cost(asked: Fresh | Ladder) -> str:
    """Return the size of a comparison, with its hours where they are known."""
    seeds = f"{asked.count} unused" if isinstance(asked, Fresh) else f"{asked.seeds}"
    told = f"{seeds} seeds, {asked.trials} trials"
    if asked.trial_hours is None:
        return f"{told}, of unknown duration"
    hours = asked.trial_hours
    shown = f"{hours:.2g}" if hours < 100 else f"{hours:,.0f}"
    return f"{told}, about {shown} trial-hours"
