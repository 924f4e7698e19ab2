"""A section as Markdown, and the document of all: what is not made again stays as it is."""

import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tools.findings import sizes
from tools.findings.digits import between, decimals_of, margin_of, rounded
from tools.findings.pictures import picture, remove_others
from tools.findings.runs import ROOT, Run
from tools.findings.sections import SECTIONS, Section

from diptych_analysis.report.numbers import count, seconds
from diptych_analysis.summary import Candidate, Metric
from diptych_analysis.told import known_lead, known_told

DOCUMENT = ROOT / "docs" / "findings.md"
INTRODUCTION = f"""# Findings

What two articles on upgrades of TensorFlow claim, asked again with this tool. Each section has
the claim, the answer, the YAML that asks it, the verdict, its numbers with intervals, a plot, and
what is known of the cause. Every sentence, number and plot here was written by `make findings` from
records of real runs on one CPU thread (handwritten digits of 8 by 8 pixels, trainings of seconds):
they answer what a version changes, and nothing about other data or a GPU. `make findings
SECTION=name` makes one section again, and trains only what is not committed yet.

{textwrap.fill(sizes.RULE, 100)}
"""
_ANSWER = re.compile(r"^\*\*Answer\.\*\* (.*?)[.:](?: |$)", re.MULTILINE)


@dataclass(frozen=True)
class Made:
    """A section's runs, those that it is answered beside, and its pilots by comparison."""

    runs: list[Run]
    beside: list[Run]
    pilots: Mapping[str, Run]


def section_text(section: Section, made: Made) -> str:
    """Return a section, and write its pictures."""
    start, end = marks(section.name)
    answer, *more = section.answer([*made.runs, *made.beside])
    lines = [
        start,
        f"## {section.title}",
        "",
        f"**Claim.** {section.claim}",
        "",
        f"**Answer.** {answer}",
        "",
    ]
    for paragraph in more:
        lines += [paragraph, ""]
    if section.table is not None:
        lines += section.table([*made.runs, *made.beside])
    names = []
    for run in made.runs:
        name = picture(section.name, section.plot, run, alone=len(made.runs) == 1)
        lines += _compared(section, run, made.pilots.get(run.name), name)
        names += [name] if name else []
    remove_others(section.name, names, [each.name for each in SECTIONS])
    lines += [f"Again: `make findings SECTION={section.name}`", "", end]
    return "\n" + "\n".join(lines) + "\n"


def _compared(section: Section, run: Run, pilot: Run | None, drawn: str | None) -> list[str]:
    summary = run.summary
    done = f"{summary.trials.succeeded} of {count(summary.trials.planned, 'trial')} succeeded"
    lines = [
        f"### {run.name}" if len(section.files) > 1 else "### The comparison",
        "",
        f"[manifests/findings/{run.name}.yaml](../manifests/findings/{run.name}.yaml): "
        f"**{summary.verdict}**. {done}; {seconds(run.training_seconds)} of training.",
        "",
    ]
    if pilot is not None:
        lines += [sizes.told(run, pilot), ""]
    if not section.by_verdict:
        lines += [
            "The claim is of time and memory; the verdict is of what is learnt, and not asked for.",
            "",
        ]
    many = len(summary.candidates) > 1
    for candidate in summary.candidates if section.by_verdict else ():
        lead = f"{summary.baseline} → {candidate.version}: " if many else ""
        lines += [lead + candidate.reason, ""]
    lines += _table(run)
    if drawn is not None:
        lines += [f"![{section.title}: {run.name}](images/{drawn})", ""]
    if not section.by_verdict:
        return [*lines, "**Cause.** No control holds a cost equal, so none is named.", ""]
    for candidate in summary.candidates:
        lines += _why(candidate, alone=not many)
    return lines


def _table(run: Run) -> list[str]:
    """Return the metrics at setting 0 as a table."""
    level = f"{run.candidate.metrics[0].confidence:.0%}".replace("%", " %")
    head = (
        f"| version | metric | {run.summary.baseline} | the version | difference "
        f"| {level} interval | margin | verdict |"
    )
    rows = [
        _row(candidate, metric)
        for candidate in run.summary.candidates
        for metric in candidate.metrics
        if metric.setting == 0
    ]
    return [head, "|---|---|---|---|---|---|---|---|", *rows, ""]


def _row(candidate: Candidate, metric: Metric) -> str:
    decimals = decimals_of(metric.interval)
    cells = (
        candidate.version,
        metric.name,
        rounded(metric.baseline_mean, decimals),
        rounded(metric.candidate_mean, decimals),
        rounded(metric.difference, decimals),
        between(metric.interval, decimals),
        "–" if metric.margin is None else margin_of(metric.margin),
        metric.verdict,
    )
    return f"| {' | '.join(cells)} |"


def _why(candidate: Candidate, *, alone: bool) -> list[str]:
    whose = "" if alone else f" of {candidate.version}"
    lines = []
    if candidate.cause is not None:
        lines += [f"**Cause{whose}.** {candidate.cause}", ""]
    elif candidate.verdict == "Identical":
        lines += [f"**Cause{whose}.** Nothing differs, so there is none.", ""]
    if candidate.known_changes:
        told = known_told(candidate.known_changes)
        lead = known_lead(candidate.known_changes)
        lines += [f"{lead}{whose}, none called the cause: {told}.", ""]
    return lines


def marks(name: str) -> tuple[str, str]:
    """Return the comments that a section lies between."""
    return f"<!-- finding: {name} -->", f"<!-- end: {name} -->"


def parts_of(text: str) -> dict[str, str]:
    """Return the sections that a document has, by name."""
    parts = {}
    for section in SECTIONS:
        start, end = marks(section.name)
        if start in text and end in text:
            body = text[text.index(start) : text.index(end) + len(end)]
            parts[section.name] = f"\n{body}\n"
    return parts


def document(parts: Mapping[str, str]) -> str:
    """Return the document: introduction, every claim with its answer in short, the sections."""
    known = [section for section in SECTIONS if section.name in parts]
    return INTRODUCTION + _short(known, parts) + "".join(parts[each.name] for each in known)


def _short(sections: Sequence[Section], parts: Mapping[str, str]) -> str:
    rows = []
    for section in sections:
        found = _ANSWER.search(parts[section.name])
        if found is not None:
            link = f"[{section.claim}](#{_anchor(section.title)})"
            rows.append(f"| {link} | {found[1]} |")
    lines = ["| claim | answer |", "|---|---|", *rows]
    return "\n" + "\n".join(lines) + "\n" if rows else ""


def _anchor(title: str) -> str:
    """Return the anchor that GitHub gives a heading.

    >>> _anchor("Adam's first state, 1.2.1 and 1.4.0")
    'adams-first-state-121-and-140'
    """
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
