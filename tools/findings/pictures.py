"""The plot of a section as an SVG file of its own, in the report's colours of both schemes."""

from collections.abc import Sequence
from pathlib import Path

import jinja2
from markupsafe import Markup
from tools.findings import costs
from tools.findings.runs import ROOT, Run

from diptych_analysis.report import figures
from diptych_analysis.report.plots.intervals import Row, intervals
from diptych_analysis.report.plots.svg import WIDE

IMAGES = ROOT / "docs" / "images"


def picture(section: str, plot: str, run: Run, *, alone: bool) -> str | None:
    """Write a run's plot; return its file's name, None where there is nothing to draw."""
    drawn = _drawing(plot, run)
    if drawn is None:
        return None
    start = str(drawn).index(">") + 1
    opening = str(drawn)[: start - 1]
    namespace = opening.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    name = f"finding-{section}.svg" if alone else f"finding-{section}-{run.name}.svg"
    IMAGES.mkdir(exist_ok=True)
    text = f"{namespace}><style>{_style()}</style>{str(drawn)[start:]}\n"
    (IMAGES / name).write_text(text, encoding="utf-8")
    return name


def remove_others(section: str, kept: Sequence[str], sections: Sequence[str]) -> None:
    """Delete pictures that a section had and has no more; those of `sections` are others'."""
    for path in sorted(Path(IMAGES).glob(f"finding-{section}*.svg")):
        owner = max((s for s in sections if path.name.startswith(f"finding-{s}")), key=len)
        if owner == section and path.name not in kept:
            path.unlink()


def _drawing(plot: str, run: Run) -> Markup | None:
    if plot == "cost":
        return _cost_drawing(run)
    figure = _figure(plot, run)
    return None if figure is None else figure.drawings[0]


def _figure(plot: str, run: Run) -> figures.Figure | None:
    if plot == "ladder":
        return figures.ladder_figure(run.candidate)
    if plot == "sweep":
        return figures.sweep_figure(run.report, run.candidate)
    found = figures.interval_figures(run.report)
    return found[0] if found else None


def _cost_drawing(run: Run) -> Markup | None:
    rows = []
    for candidate in run.summary.candidates:
        found = costs.ratio(run, candidate.version, costs.step_seconds)
        if found is not None and found.interval is not None:
            ends = (100 * (found.interval[0] - 1), 100 * (found.interval[1] - 1))
            told = f"{found.value:.2f} times"
            change = 100 * (found.value - 1)
            rows.append(Row(candidate.version, told, change, ends, None, None))
    if not rows:
        return None
    title = f"time of a step against {run.summary.baseline}, % more or less"
    return intervals(rows, "time of a step", WIDE, title)


def _style() -> Markup:
    """Return the report's own style: its colours follow the reader's scheme here too."""
    loader = jinja2.PackageLoader("diptych_analysis.report")
    environment = jinja2.Environment(loader=loader, autoescape=True)
    lines = environment.get_template("report.css").render().splitlines()
    # The colours of both schemes come first, before anything is laid out.
    schemes = lines[: next(place for place, line in enumerate(lines) if line.startswith("*"))]
    # What follows hides plots that are too wide for a page; here there is but one.
    end = next(place for place, line in enumerate(lines) if line.startswith("@media (max-width"))
    plots = [line for line in lines[:end] if line.startswith(".plot")]
    font = 'svg{background:var(--card);font-family:system-ui,"DejaVu Sans",sans-serif}'
    return Markup("\n".join([*schemes, font, *plots]))  # noqa: S704 - our own file
