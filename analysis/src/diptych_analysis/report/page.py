"""report.html: one file that needs nothing else, and asks for nothing.

The page's own Content-Security-Policy forbids every request and every script but the one below,
so a hostile name in a record could not do anything even if it got past the escaping.
"""

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

import jinja2
from markupsafe import Markup

from diptych_analysis.percents import percent
from diptych_analysis.report import figures, more_figures, numbers
from diptych_analysis.report.curves import Distance
from diptych_analysis.report.data import Report
from diptych_analysis.report.figures import Figure
from diptych_analysis.report.markdown import lead
from diptych_analysis.report.plots.badge import TONES, badge
from diptych_analysis.report.plots.bar import bar
from diptych_analysis.sentences import post_hoc_sentence
from diptych_analysis.summary import Candidate, Metric, Summary, Tensor
from diptych_analysis.told import (
    fits_told,
    fresh_told,
    known_lead,
    no_margin,
    path_sentences,
    prediction_sentences,
    ulp_told,
    why_heading,
    why_label,
)
from diptych_analysis.verdicts import PRECEDENCE

#: Tensors in a candidate's table; summary.json has them all.
_MOST_TENSORS = 60
#: Rows of the tables of metrics, over all candidates, and the fewest that each has.
MOST_ROWS, _FEWEST_ROWS = 240, 12
#: Rows of metrics in the inline data; of 16 versions by 64 settings summary.json alone has all.
MOST_INLINE_ROWS = 960
#: A list of more trials than this is folded.
FOLDED_TRIALS = 24
#: What each control holds equal, in words.
_HELD = {
    "Native": "seeds and data only",
    "SharedInit": "initial weights",
    "SharedOrder": "initial weights, order of batches",
    "SharedMasks": "initial weights, order of batches, masks of random layers",
    "SharedParameters": "as SharedMasks, and every typed parameter",
    "SharedNumerics": "as SharedParameters, and numeric switches",
}


@dataclass(frozen=True)
class Part:
    """What the page shows of one candidate."""

    candidate: Candidate
    metrics: list[Metric]
    ladder: Figure | None
    sweep: Figure | None
    curves: list[Figure]
    once: list[tuple[str, str, str]]
    distance: Figure | None
    distance_told: str
    path_told: list[str]
    weights: Figure | None
    predictions_told: list[str]
    churn: Figure | None
    classes: Figure | None
    tensors: list[Tensor]
    tensors_left_out: int
    l2_range: tuple[float, float]


def rendered_page(report: Report) -> str:
    """Return report.html; the same report gives the same bytes."""
    templates = _templates()
    style = templates.get_template("report.css").render()
    script = templates.get_template("report.js").render()
    return templates.get_template("report.html").render(
        report=report,
        summary=report.summary,
        intervals=figures.interval_figures(report),
        parts=[_part(report, candidate) for candidate in report.summary.candidates],
        style=Markup(style),  # noqa: S704 - our own file, no value of a record in it
        script=Markup(script),  # noqa: S704 - our own file, no value of a record in it
        policy=_policy(style, script),
        data=_inline_json(report.summary),
        whole=sum(len(c.metrics) for c in report.summary.candidates) <= MOST_INLINE_ROWS,
        new_controls=_new_controls(report),
        made_by=version("diptych-analysis"),
        folded_trials=FOLDED_TRIALS,
    )


def _templates() -> jinja2.Environment:
    templates = jinja2.Environment(
        loader=jinja2.PackageLoader("diptych_analysis.report"),
        autoescape=jinja2.select_autoescape(("html",)),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    for name in ("number", "interval", "seconds", "memory", "factor", "count"):
        templates.filters[name] = getattr(numbers, name)
    templates.filters["percent"] = percent
    templates.globals.update(
        badge=badge,
        bar=bar,
        tones=TONES,
        many=_many,
        fits_told=fits_told,
        known_lead=known_lead,
        held=_HELD,
        lead=lead,
        no_margin=no_margin,
        post_hoc=post_hoc_sentence,
        split=_split,
        typeset=_typeset,
        ulp_told=ulp_told,
        fresh_told=fresh_told,
        why_heading=why_heading,
        why_label=why_label,
    )
    return templates


def _part(report: Report, candidate: Candidate) -> Part:
    tensors = [] if candidate.trajectory is None else list(candidate.trajectory.tensors)
    predictions = candidate.predictions
    many = len(report.summary.candidates)
    return Part(
        candidate=candidate,
        sweep=figures.sweep_figure(report, candidate),
        metrics=worst_rows(candidate.metrics, max(_FEWEST_ROWS, MOST_ROWS // many)),
        ladder=figures.ladder_figure(candidate),
        curves=figures.curve_figures(report, candidate),
        once=figures.recorded_once(report, candidate),
        distance=figures.distance_figure(report, candidate),
        distance_told=_told(report.paths.distances.get(candidate.version)),
        path_told=[] if candidate.trajectory is None else path_sentences(candidate.trajectory),
        weights=more_figures.weights_figure(candidate),
        predictions_told=[] if predictions is None else prediction_sentences(predictions),
        churn=None if predictions is None else more_figures.churn_figure(predictions),
        classes=None if predictions is None else more_figures.class_figure(predictions),
        tensors=tensors[:_MOST_TENSORS],
        tensors_left_out=max(0, len(tensors) - _MOST_TENSORS),
        l2_range=_range([t.relative_l2 for t in tensors[:_MOST_TENSORS] if t.relative_l2]),
    )


def _range(values: Sequence[float]) -> tuple[float, float]:
    """Return the smallest and the largest value; zeros of none."""
    return (min(values), max(values)) if values else (0.0, 0.0)


def _told(distance: Distance | None) -> str:
    """Return in words how many seeds have bit-identical losses."""
    if distance is None:
        return "No seed trained in both versions."
    if distance.equal_seeds == distance.seeds:
        return (
            f"The training losses are bit-identical at every step for all "
            f"{numbers.count(distance.seeds, 'seed')}. {figures.repeats_told(distance)}"
        )
    if distance.equal_seeds:
        return (
            f"{distance.equal_seeds} of {numbers.count(distance.seeds, 'seed')} have bit-identical "
            "training losses at every step."
        )
    return "The training losses differ for every seed."


def _split(text: str) -> tuple[str, str]:
    """Return a text's first sentence and the others.

    >>> _split("It is 2.4.0. And more. Yes.")
    ('It is 2.4.0.', 'And more. Yes.')
    >>> _split("test_accuracy is lower. test_loss is within 0.1.")
    ('test_accuracy is lower.', 'test_loss is within 0.1.')
    """
    parts = re.split(r"(?<=[.!?]) (?=\w)", text, maxsplit=1)
    return parts[0], parts[1] if len(parts) > 1 else ""


def _typeset(text: str) -> str:
    """Return a text with a minus sign before its negative numbers, and no % on a line of its own.

    >>> _typeset("-0.5 to 1e-07 of 2.1.0-rc1, 95 %")
    '−0.5 to 1e-07 of 2.1.0-rc1, 95\\xa0%'
    """
    return re.sub(r"(?<![\w.-])-(?=\d)", "−", text).replace(" %", "\N{NO-BREAK SPACE}%")


def _new_controls(report: Report) -> list[str]:
    """Return the controls of the ladder to run that were not run yet."""
    run = {cell.control for cell in report.plan.cells}
    wanted = [] if report.summary.ladder is None else report.summary.ladder.controls
    return [control for control in wanted if control not in run]


def _many(report: Report) -> bool:
    return len(report.summary.candidates) > 1


def _policy(style: str, script: str) -> str:
    """Return a policy that allows this style and this script and nothing else."""
    hashes = [
        base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
        for text in (style, script)
    ]
    return (
        f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; "
        "base-uri 'none'; form-action 'none'"
    )


def worst_rows(metrics: Sequence[Metric], most: int) -> list[Metric]:
    """Return all rows, or of too many those of setting 0 and then the worst, in their order."""
    places = sorted(
        range(len(metrics)),
        key=lambda k: (metrics[k].setting > 0, PRECEDENCE.index(metrics[k].verdict), k),
    )
    return [metrics[place] for place in sorted(places[:most])]


def _inline_json(summary: Summary) -> Markup:
    """Return summary.json for a script element: no name in it can end the element."""
    rows = sum(len(candidate.metrics) for candidate in summary.candidates)
    most = rows if rows <= MOST_INLINE_ROWS else MOST_INLINE_ROWS // len(summary.candidates)
    candidates = [
        candidate.model_copy(update={"metrics": worst_rows(candidate.metrics, most)})
        for candidate in summary.candidates
    ]
    document = json.loads(summary.model_copy(update={"candidates": candidates}).to_json())
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - what HTML could read was replaced above
