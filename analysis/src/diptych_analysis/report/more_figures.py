"""Figures of what lies behind a metric: checkpoints, predictions, classes."""

from diptych_analysis.percents import percent
from diptych_analysis.report.figures import Figure
from diptych_analysis.report.numbers import interval, number
from diptych_analysis.report.plots.checkpoints import weights_by_step
from diptych_analysis.report.plots.intervals import Row, intervals
from diptych_analysis.report.plots.svg import SIZES
from diptych_analysis.summary import Candidate, CheckpointDistance, FinalWeights, Predictions
from diptych_analysis.told import ulp_told

#: Classes drawn; the table has all that the summary has.
_MOST_CLASSES = 12
_FLOORS = {"SameSeed": "repeats of one seed", "BetweenSeeds": "seeds of one version"}


def weights_figure(candidate: Candidate) -> Figure | None:
    """Return the distance of the weights by checkpoint; None without three that are known."""
    checkpoints = [] if candidate.trajectory is None else candidate.trajectory.checkpoints
    points = [
        (each.step, each.weights.relative_l2)
        for each in checkpoints
        if each.weights is not None and each.weights.relative_l2 is not None
    ]
    if len(points) < 3 or not any(value for _, value in points):
        return None
    return Figure(
        title="Distance of the weights, checkpoint by checkpoint",
        drawings=tuple(weights_by_step(points, size) for size in SIZES),
        caption="Relative L2 distance of all trained weights together, the largest over seeds.",
        legend=(("swatch apart", "|candidate − baseline| / |baseline|"),),
        head=("step", "relative L2", "cosine", "largest ULP", "the worst tensors"),
        rows=tuple(_checkpoint(each) for each in checkpoints),
    )


def _checkpoint(each: CheckpointDistance) -> tuple[str, ...]:
    told = [f"{tensor.key} ({number(tensor.relative_l2, 3)})" for tensor in each.tensors[:3]]
    known = each.weights or FinalWeights(max_ulp=None, relative_l2=None)
    return (
        f"{each.step:,}",
        number(known.relative_l2, 3),
        number(known.cosine, 6),
        ulp_told(known),
        ", ".join(told) or "all equal",
    )


def churn_figure(predictions: Predictions) -> Figure | None:
    """Return how many predictions change, beside what one version changes; None if none does."""
    churn = predictions.churn
    if churn.largest == 0:
        return None
    rows = [_bar("the two versions", "", churn.mean, (churn.smallest, churn.largest))]
    said = {True: "exceeded", False: "not exceeded", None: "too few runs"}
    rows += [
        _bar(_FLOORS[floor.kind], said[floor.exceeded], floor.mean, (floor.mean, floor.largest))
        for floor in churn.floors
    ]
    shown = [_percents(row.interval) for row in rows]
    shown[1:] = [f"at most {percent(floor.largest)}" for floor in churn.floors]
    axis = "share of {}"
    return Figure(
        title="Examples that get another prediction",
        drawings=tuple(intervals(rows, "test examples", size, axis) for size in SIZES),
        caption="Mean over pairs of runs. Another seed alone changes predictions: only more than "
        "that is the versions’ doing.",
        legend=(
            ("swatch point", "mean"),
            ("swatch whisker", "range of the versions; of one version up to its largest"),
        ),
        head=("between", "", "mean", "range"),
        rows=tuple(
            (row.name, row.verdict, percent(row.difference), told)
            for row, told in zip(rows, shown, strict=True)
        ),
    )


def class_figure(predictions: Predictions) -> Figure | None:
    """Return the classes with the largest differences; None when no class differs at all."""
    shown = [each for each in predictions.classes if each.difference][:_MOST_CLASSES]
    if not shown:
        return None
    rows = [
        Row(
            name=f"class {each.label}",
            verdict="differs" if each.differs else "chance",
            difference=each.difference,
            interval=each.interval,
            equivalence=None,
            margin=None,
        )
        for each in shown
    ]
    axis = "difference in {} predicted rightly"
    return Figure(
        title="Class by class",
        drawings=tuple(intervals(rows, "a class’s share", size, axis) for size in SIZES),
        caption="A screen, no verdict: intervals are for each class alone; “differs” holds after "
        "correction by the false-discovery rate over all classes.",
        legend=(("swatch point", "mean difference"), ("swatch whisker", "its interval")),
        head=("class", "examples", "baseline", "candidate", "difference", "p, corrected"),
        rows=tuple(
            (
                str(each.label),
                str(each.examples),
                percent(each.baseline_mean),
                percent(each.candidate_mean),
                f"{number(each.difference, 3)} ({interval(each.interval)})",
                number(each.p_adjusted, 2),
            )
            for each in predictions.classes
        ),
    )


def _bar(name: str, verdict: str, mean: float, ends: tuple[float, float]) -> Row:
    return Row(name, verdict, mean, ends, None, None)


def _percents(ends: tuple[float, float] | None) -> str:
    return "–" if ends is None else f"{percent(ends[0])} to {percent(ends[1])}"
