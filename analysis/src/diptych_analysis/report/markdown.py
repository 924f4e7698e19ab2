"""summary.md: the verdict and its numbers for a pull request, at most 4 KB.

What does not fit is left out from the end, and its number said; report.html has it all.
"""

import re
from collections.abc import Sequence

from diptych_analysis.percents import level
from diptych_analysis.report.numbers import count, interval, number
from diptych_analysis.sentences import post_hoc_sentence
from diptych_analysis.summary import Candidate, Metric, Shortfall, Summary
from diptych_analysis.told import why_label
from diptych_analysis.verdicts import PRECEDENCE

MOST_BYTES = 4000
_SIGNS = {
    "Identical": "🟰",
    "Equivalent": "✅",
    "Different": "🔶",
    "Inconclusive": "❔",
    "Invalid": "❌",
}
#: What Markdown reads as markup, a link or a table's line.
_MARKUP = re.compile(r"([\\`*_{}\[\]<>|~$!&]|(?<=http):|(?<=https):|(?<=www)\.)")
#: What GitHub makes a mention or a reference of, whatever is escaped.
_REFERENCES = re.compile(r"([@#])")
_LONGEST_CELL = 60
_HEAD = "| metric | verdict | difference | interval | margin | seeds |\n|---|---|--:|--:|--:|--:|"
_LONGEST_SENTENCE = 900


def rendered_markdown(summary: Summary) -> str:
    """Return summary.md."""
    worst_first = sorted(summary.candidates, key=lambda c: PRECEDENCE.index(c.verdict))
    rows = [row for candidate in worst_first for row in _rows(candidate, len(worst_first) > 1)]
    causes = [_cause(candidate, len(worst_first) > 1) for candidate in worst_first]
    return _document(summary, rows, [c for c in causes if c], summary.trials.failed)


def lead(summary: Summary) -> str:
    """Return the sentence that a reader sees first: of one candidate its whole reason."""
    if len(summary.candidates) == 1:
        return summary.candidates[0].reason
    return summary.reason.removeprefix(f"{summary.verdict}: ")


def escaped(text: str, most: int = _LONGEST_CELL) -> str:
    r"""Return text that GitHub shows as it is, on one line and not longer than `most`.

    A comment after @ and # keeps them from being mentions and references: an escape would not.

    >>> escaped("<b>|@me_2.4.0")
    '\\<b\\>\\|@<!-- -->me\\_2.4.0'
    """
    line = " ".join(text.split())
    line = line if len(line) <= most else line[: most - 1] + "…"
    line = _MARKUP.sub(r"\\\1", line)
    return _REFERENCES.sub(r"\1<!-- -->", line)


def _document(
    summary: Summary, rows: Sequence[str], causes: Sequence[str], failed: Sequence[Shortfall]
) -> str:
    """Return as much of everything as fits: rows before causes before trials."""
    versions = ", ".join(candidate.version for candidate in summary.candidates)
    trials = summary.trials
    parts = [
        f"### {_SIGNS[summary.verdict]} {summary.verdict}: {escaped(summary.comparison.name)}\n",
        f"{escaped(summary.baseline)} → {escaped(versions, 200)}\n",
        f"{escaped(lead(summary), _LONGEST_SENTENCE)}\n",
    ]
    if summary.post_hoc:
        parts.append(f"{escaped(post_hoc_sentence(summary.post_hoc), _LONGEST_SENTENCE)}\n")
    end = (
        f"\n{trials.succeeded} of {count(trials.planned, 'trial')} succeeded. "
        f"Everything is in report.html; results `{summary.results[:12]}`.\n"
    )
    room = MOST_BYTES - len("\n".join([*parts, _HEAD, end]).encode()) - 200
    table, room = _fitting(rows, room)
    told, room = _fitting(causes, room)
    listed, _ = _fitting([_trial(entry) for entry in failed], room)
    parts += [_HEAD, *table, *_left_out(rows, table, "| … {} more | | | | | |")]
    parts += ["", *told, *_left_out(causes, told, "… and {} more causes")] if causes else []
    parts += ["", *listed, *_left_out(failed, listed, "- … and {} more trials")] if failed else []
    return "\n".join(parts) + "\n" + end


def _rows(candidate: Candidate, several: bool) -> list[str]:  # noqa: FBT001 - one private use
    version = f"{escaped(candidate.version)}: " if several else ""
    return [
        f"| {version}{escaped(metric.name)}"
        + (f", setting {metric.setting}" if metric.setting else "")
        + f" | {_SIGNS[metric.verdict]} {metric.verdict} | {number(metric.difference)} "
        f"| {_interval(metric)} "
        f"| {_margin(metric)} | {metric.seeds} |"
        for metric in candidate.metrics
    ]


def _interval(metric: Metric) -> str:
    """Return the interval that the verdict rests on: of Equivalent the one at 1 - 2 alpha."""
    if metric.verdict == "Equivalent":
        return f"{interval(metric.equivalence_interval)} ({level(2 * (1 - metric.confidence))})"
    return f"{interval(metric.interval)} ({level(1 - metric.confidence)})"


def _margin(metric: Metric) -> str:
    if metric.margin is None:
        return "none declared" if metric.relative_margin is None else "none"
    sign = "not worse by " if metric.test == "NonInferiority" else "± "
    return sign + number(metric.margin)


def _cause(candidate: Candidate, several: bool) -> str | None:  # noqa: FBT001 - one private use
    if candidate.cause is None:
        return None
    version = f" ({escaped(candidate.version)})" if several else ""
    return f"**{why_label(candidate)}{version}:** {escaped(candidate.cause, _LONGEST_SENTENCE)}\n"


def _trial(entry: Shortfall) -> str:
    return f"- {entry.status}: {escaped(entry.trial, 120)}: {escaped(entry.reason, 160)}"


def _fitting(lines: Sequence[str], room: int) -> tuple[list[str], int]:
    """Return the first lines that fit into so many bytes, and the room that is left."""
    found = []
    for line in lines:
        size = len(line.encode()) + 1
        if size > room:
            break
        found.append(line)
        room -= size
    return found, room


def _left_out(lines: Sequence[object], shown: Sequence[str], words: str) -> list[str]:
    hidden = len(lines) - len(shown)
    return [words.format(hidden)] if hidden else []
