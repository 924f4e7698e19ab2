"""Makes docs/findings.md: what the two articles claim, answered by real runs of committed YAMLs.

`make findings` trains what is missing and writes every section; `make findings SECTION=adam` one.
Both go on where they were stopped: a committed trial is never trained twice. A section's numbers,
sentences and plot come from its comparisons' records and from nothing else.
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import jinja2
from markupsafe import Markup

from diptych.cli.files import read_comparison
from diptych_analysis import analyze_folder
from diptych_analysis.report import figures, prepare
from diptych_analysis.report.data import Report
from diptych_analysis.report.numbers import interval, memory, number, seconds
from diptych_analysis.source import source_at
from diptych_analysis.summary import Candidate, Metric, Summary, Usage

ROOT = Path(__file__).resolve().parents[1]
YAMLS = ROOT / "manifests" / "findings"
DOCUMENT = ROOT / "docs" / "findings.md"
IMAGES = ROOT / "docs" / "images"
INTRODUCTION = """# Findings

What two articles on upgrades of TensorFlow claim, asked again with this tool. Each section has
the claim, the YAML that asks it, the verdict, its numbers with intervals, a plot, and what is
known of the cause. Everything here is written by `make findings` from the records of real runs on
one CPU thread; `make findings SECTION=name` makes one section again.
"""


@dataclass(frozen=True)
class Section:
    """One claim, the comparisons that ask it, and which plot shows the answer."""

    name: str
    title: str
    claim: str
    files: tuple[str, ...]
    plot: str = "intervals"


SECTIONS = (
    Section(
        "adam",
        "Adam on the perceptron, 2.1.0 and 2.4.0",
        "An upgrade from 2.1.0 to 2.4.0 changes what a perceptron with Adam learns.",
        ("adam",),
        "ladder",
    ),
    Section(
        "sgd",
        "Gradient descent on the perceptron, 2.1.0 and 2.4.0",
        "With plain gradient descent the two versions agree better than with Adam.",
        ("sgd",),
        "ladder",
    ),
    Section(
        "custom-loss",
        "A custom loss, and the metric that changed its meaning",
        "Under a custom loss the accuracy falls apart between 2.1.0 and 2.4.0.",
        ("custom-loss",),
    ),
    Section(
        "adam-state",
        "Adam's first state, 1.2.1 and 1.4.0",
        "Adam begins from another state in 1.4.0 than in 1.2.1.",
        ("adam-state",),
    ),
    Section(
        "linear-regression",
        "A linear regression, 1.2.1 and 1.4.0",
        "A linear regression with Adam trains otherwise in 1.4.0 than in 1.2.1.",
        ("linear-regression",),
    ),
    Section(
        "batch-normalisation",
        "Batch normalisation, 2.1.0 and 2.4.0",
        "Changes of batch normalisation make versions differ.",
        ("batch-normalisation", "without-normalisation"),
        "ladder",
    ),
    Section(
        "model-size",
        "The size of a model, 2.1.0 and 2.4.0",
        "Larger models show the differences between versions more.",
        ("batch-normalisation", "larger-model"),
        "ladder",
    ),
    Section(
        "cost",
        "Time and memory of five versions",
        "Memory and graph execution change from version to version.",
        ("cost",),
    ),
    Section(
        "fixed-seeds",
        "What a fixed seed gives",
        "With fixed seeds one version repeats itself, so a difference between versions is real.",
        ("fixed-seeds",),
    ),
    Section(
        "re-tuning",
        "Re-tuning",
        "After an upgrade hyper-parameters have to be tuned again.",
        ("re-tuning",),
        "sweep",
    ),
)


def main() -> int:
    """Train what is missing and write the document; return 0, or 1 when a run failed."""
    options = _parser().parse_args()
    known = {section.name: section for section in SECTIONS}
    wanted = [known[options.section]] if options.section else list(SECTIONS)
    written = _parts()
    failed = 0
    for section in wanted:
        if not options.no_run:
            failed += sum(_run(name, options.output) for name in section.files)
        part = _section(section, options.output)
        if part is not None:
            written[section.name] = part
    order = [section.name for section in SECTIONS]
    parts = [written[name] for name in order if name in written]
    DOCUMENT.write_text(INTRODUCTION + "".join(parts), encoding="utf-8")
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    names = [section.name for section in SECTIONS]
    parser.add_argument("--section", choices=names, help="make this section alone")
    parser.add_argument("--output", default="diptych-results", help="where comparisons are kept")
    parser.add_argument("--no-run", action="store_true", help="write from what is committed")
    return parser


def _run(name: str, output: str) -> int:
    """Run one comparison; return 1 when it could not be run, whatever its verdict is."""
    command = [sys.executable, "-m", "diptych", "run", str(YAMLS / f"{name}.yaml")]
    code = subprocess.run([*command, "--output", output], cwd=ROOT, check=False).returncode
    return int(code not in (0, 3))


def _parts() -> dict[str, str]:
    """Return the sections that the document has now, by name."""
    text = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.exists() else ""
    parts = {}
    for section in SECTIONS:
        start, end = _marks(section.name)
        if start in text and end in text:
            body = text[text.index(start) : text.index(end) + len(end)]
            parts[section.name] = f"\n{body}\n"
    return parts


def _marks(name: str) -> tuple[str, str]:
    return f"<!-- finding: {name} -->", f"<!-- end: {name} -->"


def _section(section: Section, output: str) -> str | None:
    """Return a section, None when a comparison of it is not run to its end."""
    reports = [_report(name, output) for name in section.files]
    if any(report is None for report in reports):
        print(f"{section.name}: not run to its end, its section is left as it is")
        return None
    start, end = _marks(section.name)
    lines = [start, f"## {section.title}", "", f"**Claim.** {section.claim}", ""]
    for name, report in zip(section.files, reports, strict=True):
        if report is not None:
            lines += _answer(section, name, report)
    lines += [f"Again: `make findings SECTION={section.name}`", "", end]
    return "\n" + "\n".join(lines) + "\n"


def _report(name: str, output: str) -> Report | None:
    folder = Path(output) / read_comparison(YAMLS / f"{name}.yaml").plan.folder
    if not (folder / "plan.json").exists():
        return None
    summary = analyze_folder(folder)
    if summary.trials.committed < summary.trials.planned:
        return None
    return prepare(source_at(folder), summary)


def _answer(section: Section, name: str, report: Report) -> list[str]:
    summary = report.summary
    done = f"{summary.trials.succeeded} of {summary.trials.planned} trials succeeded"
    lines = [
        f"[manifests/findings/{name}.yaml](../manifests/findings/{name}.yaml), {done}: "
        f"**{summary.verdict}**.",
        "",
    ]
    for candidate in summary.candidates:
        if len(summary.candidates) > 1:
            lines += [f"{summary.baseline} → {candidate.version}: {candidate.reason}", ""]
        else:
            lines += [candidate.reason, ""]
    lines += _table(summary)
    if section.plot == "sweep":
        lines += [candidate.sweep.told for candidate in summary.candidates if candidate.sweep]
        lines.append("")
    if section.name == "cost":
        lines += _costs(summary)
    if (picture := _picture(section, name, report)) is not None:
        lines += [f"![{section.title}](images/{picture})", ""]
    for candidate in summary.candidates:
        lines += _why(candidate, alone=len(summary.candidates) == 1)
    return lines


def _table(summary: Summary) -> list[str]:
    """Return the metrics at setting 0 as a table."""
    head = "| version | metric | baseline | candidate | difference | interval | margin | verdict |"
    rows = [
        _row(candidate, metric)
        for candidate in summary.candidates
        for metric in candidate.metrics
        if metric.setting == 0
    ]
    return [head, "|---|---|---|---|---|---|---|---|", *rows, ""]


def _row(candidate: Candidate, metric: Metric) -> str:
    cells = (
        candidate.version,
        metric.name,
        number(metric.baseline_mean),
        number(metric.candidate_mean),
        number(metric.difference),
        interval(metric.interval),
        number(metric.margin),
        metric.verdict,
    )
    return f"| {' | '.join(cells)} |"


def _costs(summary: Summary) -> list[str]:
    """Return time and memory of each version; timings are of one machine and one day."""
    first = summary.candidates[0].resources.baseline
    usages = [first, *(candidate.resources.candidate for candidate in summary.candidates)]
    head = "| version | a step, median | a training, median | peak host memory |"
    told = "Times are of one machine that had other work too, and no part of a verdict:"
    return [told, "", head, "|---|---|---|---|", *map(_cost, usages), ""]


def _cost(usage: Usage) -> str:
    cells = (
        usage.version,
        seconds(usage.median_step_seconds),
        seconds(usage.median_wall_seconds),
        memory(usage.peak_host_bytes),
    )
    return f"| {' | '.join(cells)} |"


def _why(candidate: Candidate, *, alone: bool) -> list[str]:
    whose = "" if alone else f" of {candidate.version}"
    lines = []
    if candidate.cause is not None:
        lines += [f"**Cause{whose}.** {candidate.cause}", ""]
    drift = [m for m in candidate.metrics if abs(m.framework_metric_drift or 0.0) > 1e-4]
    lines += [
        f"**The framework's own {metric.name.removeprefix('test_')}{whose}** moved by "
        f"{number(metric.framework_metric_drift)} more than ours, which is computed from the "
        "predictions alike in every version: `frameworkMetricDrift`, a changed meaning and no "
        "regression."
        for metric in drift
        if metric.setting == 0
    ]
    if drift:
        lines.append("")
    if candidate.known_changes:
        told = "; ".join(f"{each.version} {each.area}" for each in candidate.known_changes)
        lines += [f"Known changes that apply{whose}, none called the cause: {told}.", ""]
    return lines


def _picture(section: Section, name: str, report: Report) -> str | None:
    """Write the section's plot as a file of its own; return its name."""
    figure = _figure(section.plot, report)
    if figure is None:
        return None
    drawn = str(figure.drawings[0])
    start = drawn.index(">") + 1
    namespace = drawn[: start - 1].replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    file = f"finding-{section.name}-{name}.svg" if len(section.files) > 1 else f"finding-{name}.svg"
    IMAGES.mkdir(exist_ok=True)
    text = f"{namespace}><style>{_style()}</style>{drawn[start:]}\n"
    (IMAGES / file).write_text(text, encoding="utf-8")
    return file


def _figure(plot: str, report: Report) -> figures.Figure | None:
    candidate = report.summary.candidates[0]
    if plot == "ladder":
        return figures.ladder_figure(candidate)
    if plot == "sweep":
        return figures.sweep_figure(report, candidate)
    found: Sequence[figures.Figure] = figures.interval_figures(report)
    return found[0] if found else None


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


if __name__ == "__main__":
    sys.exit(main())
