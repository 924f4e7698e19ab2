"""Every figure of the page: its drawings, what they show in words, and the same as a table."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from diptych_analysis.percents import level
from diptych_analysis.report.curves import Band, Curve, Distance, Point
from diptych_analysis.report.data import Report
from diptych_analysis.report.numbers import count, interval, number
from diptych_analysis.report.plots.curves import curves
from diptych_analysis.report.plots.distance import distance_by_step
from diptych_analysis.report.plots.intervals import ABOVE, BELOW, BOTH, Row, intervals
from diptych_analysis.report.plots.ladder import Rung, ladder
from diptych_analysis.report.plots.svg import SIZES
from diptych_analysis.summary import Candidate, Metric, SweptSetting
from diptych_analysis.told import seeds_of_ladder, verdict_seeds
from diptych_analysis.verdicts import PRECEDENCE

#: Rows of an interval plot; of more the worst are drawn, every candidate's setting 0 before others.
MOST_ROWS = 40
#: Rows of a curve's table, spread evenly over its points.
_TABLE_POINTS = 10
_TITLES = {"train_loss": "training loss"}


@dataclass(frozen=True)
class Figure:
    """One figure: the drawings for each size, caption, and a table of its numbers.

    `legend` has (class, words): which marks the page explains beside the caption.
    """

    title: str
    drawings: tuple[Markup, ...]
    caption: str
    legend: tuple[tuple[str, str], ...]
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def interval_figures(report: Report) -> list[Figure]:
    """Return a figure for each metric, over all candidates and settings."""
    found = []
    for planned in report.plan.document["analysis"]["metrics"]:
        shown = [
            (candidate, metric)
            for candidate in report.summary.candidates
            for metric in candidate.metrics
            if metric.name == planned["name"]
        ]
        if shown:
            order = sorted(
                range(len(shown)),
                key=lambda place: (shown[place][1].setting > 0, _rank(shown[place][1]), place),
            )
            kept = [shown[place] for place in sorted(order[:MOST_ROWS])]
            rows = [_row(candidate, metric, _side(planned)) for candidate, metric in kept]
            left_out = len(shown) - len(kept)
            found.append(_interval_figure(planned["name"], rows, shown[0][1], left_out))
    return found


def sweep_figure(report: Report, candidate: Candidate) -> Figure | None:
    """Return how far a candidate is from the baseline as given, at each setting of the sweep."""
    sweep = candidate.sweep
    if sweep is None:
        return None
    rows = [
        Row(
            name=", ".join(f"{name} {value}" for name, value in setting.parameters.items())
            or "as given",
            verdict=_of_sweep(setting, sweep.closest),
            difference=setting.difference,
            interval=setting.interval,
            equivalence=setting.equivalence_interval,
            margin=sweep.margin,
        )
        for setting in sweep.settings
    ]
    title = f"{sweep.metric} of {candidate.version} by setting, against {report.summary.baseline}"
    first = next(metric for metric in candidate.metrics if metric.name == sweep.metric)
    figure = _interval_figure(sweep.metric, rows, first, 0)
    return replace(figure, title=f"{title} as given", caption=sweep.told)


def _of_sweep(setting: SweptSetting, closest: int | None) -> str:
    """Return a setting's word: which comes closest, and what is inside the margin."""
    if setting.problem is not None:
        return "no number"
    inside = "inside the margin" if setting.equivalent else ""
    nearest = "closest" if setting.setting == closest else ""
    return ", ".join(word for word in (nearest, inside) if word)


def _rank(metric: Metric) -> int:
    return PRECEDENCE.index(metric.verdict)


def _interval_figure(name: str, rows: Sequence[Row], metric: Metric, left_out: int) -> Figure:
    wide, narrow = level(1 - metric.confidence), level(2 * (1 - metric.confidence))
    return Figure(
        title=name,
        drawings=tuple(intervals(rows, name, size) for size in SIZES),
        caption=f"The worst of all; {count(left_out, 'more row')} in the data." if left_out else "",
        legend=(
            ("swatch margin", "margin: a difference that does not matter"),
            ("swatch inner", f"{narrow} interval"),
            ("swatch whisker", f"{wide} interval"),
            ("swatch point", "mean difference"),
        ),
        head=("against the baseline", "verdict", "difference", wide, narrow, "margin"),
        rows=tuple(
            (
                row.name,
                row.verdict,
                number(row.difference),
                interval(row.interval),
                interval(row.equivalence),
                number(row.margin),
            )
            for row in rows
        ),
    )


def _row(candidate: Candidate, metric: Metric, side: str) -> Row:
    setting = f", setting {metric.setting}" if metric.setting else ""
    return Row(
        name=candidate.version + setting,
        verdict=metric.verdict,
        difference=metric.difference,
        interval=metric.interval,
        equivalence=metric.equivalence_interval,
        margin=metric.margin,
        side=side,
    )


def _side(planned: dict[str, str]) -> str:
    """Return which side of 0 the margin bounds: non-inferiority leaves the better one open."""
    if planned["test"] == "Equivalence":
        return BOTH
    return BELOW if planned["direction"] == "HigherIsBetter" else ABOVE


def ladder_figure(candidate: Candidate) -> Figure | None:
    """Return the attribution ladder; None without a second control."""
    rows = candidate.attribution
    if len(rows) < 2:
        return None
    rungs = [
        Rung(
            r.control,
            r.per_seed_rms,
            r.same_seed_floor,
            r.explains,
            r.explains_interval,
            r.evidence,
        )
        for r in rows
    ]
    metric = rows[0].metric
    over = seeds_of_ladder(rows, verdict_seeds(candidate))
    return Figure(
        title=f"What is left of the distance in {metric} under each control",
        drawings=tuple(ladder(rungs, metric, size) for size in SIZES),
        caption=f"All over {over}. "
        "Distance per seed: the root mean square over seeds of candidate − baseline. Each "
        "control holds equal what those above it do, and more. A distance that disappears comes "
        "from what its control adds; where it may have shrunk by chance it is not proved, and "
        "ruled out where all that a control adds is equal without it, or not asked for.",
        legend=(("swatch bar", "distance per seed"), ("swatch floor", "what repeats alone give")),
        head=("held equal", "distance per seed", "same-seed floor", "mean difference", "explains"),
        rows=tuple(
            (
                row.control,
                number(row.per_seed_rms),
                number(row.same_seed_floor),
                f"{number(row.difference)} ({interval(row.interval)})",
                rung.share.removeprefix("explains "),
            )
            for row, rung in zip(rows, rungs, strict=True)
        ),
    )


def curve_figures(report: Report, candidate: Candidate) -> list[Figure]:
    """Return a figure for each number that both versions' trials recorded by step."""
    return [
        _curve_figure(report, candidate, curve)
        for curve in report.paths.curves[candidate.version]
        if curve.is_line
    ]


def recorded_once(report: Report, candidate: Candidate) -> list[tuple[str, str, str]]:
    """Return the numbers that have one point only: name, and both versions' median and range."""
    return [
        (curve.name, _told_first(curve.baseline), _told_first(curve.candidate))
        for curve in report.paths.curves[candidate.version]
        if not curve.is_line
    ]


def _curve_figure(report: Report, candidate: Candidate, curve: Curve) -> Figure:
    title = _TITLES.get(curve.name, curve.name)
    versions = (report.summary.baseline, candidate.version)
    return Figure(
        title=title,
        drawings=tuple(curves(curve, report.paths.steps, title, size) for size in SIZES),
        caption=f"Line: median over seeds. Band: from the smallest to the largest of all seeds "
        f"({_seeds(curve)}).{thinning(report.paths.thinned)}",
        legend=(("swatch baseline", versions[0]), ("swatch candidate", versions[1])),
        head=("step", f"{versions[0]}: median (range)", f"{versions[1]}: median (range)"),
        rows=_curve_rows(curve.baseline, curve.candidate),
    )


def distance_figure(report: Report, candidate: Candidate) -> Figure | None:
    """Return the distance of the training losses; None where every seed is equal or none ran."""
    found = report.paths.distances.get(candidate.version)
    if found is None or not found.between.points or found.equal_seeds == found.seeds:
        return None
    legend = [("swatch apart", f"|{candidate.version} − {report.summary.baseline}|")]
    if found.repeats is not None and any(point.high > 0 for point in found.repeats.points):
        legend.append(("swatch repeats", "up to the largest between repeats of one version"))
    if found.seeds_apart is not None:
        legend.append(("swatch seeds", "the largest between two seeds of one version"))
    return Figure(
        title="Distance of the training losses",
        drawings=tuple(distance_by_step(found, report.paths.steps, size) for size in SIZES),
        caption=f"Line: median over {count(found.seeds, 'seed')} of |candidate − baseline| of the "
        f"training loss. Band: smallest to largest. {repeats_told(found)}"
        f"{thinning(report.paths.thinned)}",
        legend=tuple(legend),
        head=("step", "median (range)"),
        rows=tuple((f"{p.step:g}", _told(found.between, p.step)) for p in _some(found.between)),
    )


def repeats_told(found: Distance) -> str:
    """Return what repeats of one version and seed say about its own noise."""
    if found.repeats is None:
        return "No seed was run twice, so a version's distance from itself is not known."
    pairs = f"{count(found.repeated_pairs, 'repeat')} of one version and seed"
    largest = max((point.high for point in found.repeats.points), default=0.0)
    if largest == 0:
        return f"{pairs} gave bit-identical losses: a version's distance from itself is 0."
    return f"{pairs} differ from the first run by up to {number(largest, 3)}."


def thinning(steps: int) -> str:
    """Return what a point of a thinned curve stands for; nothing when none was thinned."""
    if steps <= 1:
        return ""
    return (
        f" Each point stands for up to {steps} steps: the line is over each seed's median of them, "
        "the band over all their values, so that no extreme is left out."
    )


def _seeds(curve: Curve) -> str:
    left, right = curve.baseline.seeds, curve.candidate.seeds
    return count(left, "seed") if left == right else f"{left} and {count(right, 'seed')}"


def _curve_rows(left: Band, right: Band) -> tuple[tuple[str, ...], ...]:
    steps = [point.step for point in _some(left if left.points else right)]
    return tuple((f"{step:g}", _told(left, step), _told(right, step)) for step in steps)


def _some(band: Band) -> list[Point]:
    points = band.points
    places = {round(k * (len(points) - 1) / (_TABLE_POINTS - 1)) for k in range(_TABLE_POINTS)}
    return [points[place] for place in sorted(places)]


def _told_first(band: Band) -> str:
    return _told(band, band.points[0].step) if band.points else number(None)


def _told(band: Band, step: float) -> str:
    point = next((point for point in band.points if point.step == step), None)
    if point is None:
        return number(None)
    return f"{number(point.middle)} ({number(point.low)} to {number(point.high)})"
