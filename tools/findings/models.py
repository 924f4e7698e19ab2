"""Answers that compare models: batch normalisation on and off, larger and smaller."""

import math

from tools.findings.answers import ACCURACY, LOSS, also, times, two_seeds_apart, verdict_told
from tools.findings.digits import with_interval
from tools.findings.distances import Distance, Ratio, ratio_of
from tools.findings.runs import Run

from diptych_analysis.report.numbers import number


def normalised(runs: list[Run]) -> list[str]:
    """Answer "batch normalisation makes versions differ": with it, and against without it."""
    run, other = runs
    return [
        verdict_told(run),
        _growth(run, other, "with batch normalisation", "without it"),
    ]


def larger(runs: list[Run]) -> list[str]:
    """Answer "larger models show it more": how many times the distance is of the smaller's."""
    run, other = runs
    ratios = [ratio for _, ratio in _ratios(run, other) if ratio is not None]
    word = _word(ratios)
    sizes = f"with {_size(run)} weights", _size(other)
    return [f"{word}. {_growth(run, other, *sizes)}", also(run)]


def _word(ratios: list[Ratio]) -> str:
    growing = [ratio.grows for ratio in ratios]
    if any(growing):
        return "Yes" if all(growing) else "Partly"
    shrinking = ratios and all(ratio.shrinks for ratio in ratios)
    return "No, they show it less" if shrinking else "Not shown"


def _growth(run: Run, other: Run, this: str, that: str) -> str:
    """Return how many times as far apart the versions lie in one run as in another."""
    told = [_grown(where, ratio) for where, ratio in _ratios(run, other)]
    return (
        f"How far the two versions lie apart, seed by seed, {this} against {that}: "
        f"{'; '.join(told)}."
    )


def _ratios(run: Run, other: Run) -> list[tuple[str, Ratio | None]]:
    """Return where, and how many times: in accuracy, in loss, in loss with all held equal."""
    found = [(f"in {name}", _ratio(run, other, name)) for name in (ACCURACY, LOSS)]
    strictest = run.candidate.attribution[-1].control
    if strictest != run.control:
        found.append((f"under {strictest}, in {LOSS}", _ratio(run, other, LOSS, strictest)))
    return found


def _grown(where: str, ratio: Ratio | None) -> str:
    if ratio is None:
        return f"{where} one of the two distances is 0, so there is no ratio"
    judged = "farther" if ratio.grows else "less far" if ratio.shrinks else "chance explains that"
    return f"{where} {times(ratio)}, {judged}"


def _ratio(run: Run, other: Run, name: str, control: str = "") -> Ratio | None:
    first, second = run.share(name, control), other.share(name, control)
    return None if first is None or second is None else ratio_of(first, second)


def distances(runs: list[Run]) -> list[str]:
    """Return how far apart the versions lie in each model, by what is held equal."""
    controls = [row.control for row in runs[0].candidate.attribution]
    head = ["model", "weights", "two seeds of one version", *controls]
    rows = [[run.name, _size(run), _seeds_cell(run), *_cells(run, controls)] for run in runs]
    told = (
        "Distance of the versions in test_loss, seed by seed, as a share of the loss, with its "
        "95 % interval, by what is held equal:"
    )
    return [told, "", row(head), "|---" * len(head) + "|", *map(row, rows), ""]


def _cells(run: Run, controls: list[str]) -> list[str]:
    found = [run.share(LOSS, control) for control in controls]
    return ["–" if each is None else _percents(each) for each in found]


def _percents(distance: Distance) -> str:
    ends = distance.interval
    scaled = None if ends is None else (100 * ends[0], 100 * ends[1])
    return with_interval(100 * distance.rms, scaled, " %")


def _seeds_cell(run: Run) -> str:
    metric = run.metric(LOSS)
    apart = two_seeds_apart(metric)
    if apart is None or not metric.baseline_mean:
        return "–"
    return f"{number(100 * apart / metric.baseline_mean, 2)} %"


def row(cells: list[str]) -> str:
    """Return a row of a table."""
    return f"| {' | '.join(cells)} |"


def _size(run: Run) -> str:
    trajectory = run.candidate.trajectory
    tensors = [] if trajectory is None else trajectory.tensors
    weights = [tensor for tensor in tensors if tensor.key.startswith("weights/")]
    return f"{sum(math.prod(tensor.shape) for tensor in weights):,}"
