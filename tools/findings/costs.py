"""Time and memory of versions: ratios within one seed's run, with intervals over seeds.

Trials of one seed run one after the other in every version, so what else the machine did falls on
all of them alike; a mean over seeds of log ratios then says more than two medians do.
"""

import math
import statistics
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from tools.findings.distances import LEVEL
from tools.findings.runs import Run

from diptych_analysis.records.outcome import Committed
from diptych_analysis.report.numbers import memory, seconds
from diptych_analysis.statistics import paired

Value = Callable[[Committed], float | None]


def step_seconds(record: Committed) -> float | None:
    """Return the median step of a trial: the first one, which traces the graph, has no weight."""
    return None if record.timing is None else record.timing.step_seconds


def wall_seconds(record: Committed) -> float | None:
    """Return the whole training, from the model to the predictions."""
    return None if record.timing is None else record.timing.wall_seconds


def peak_bytes(record: Committed) -> float | None:
    """Return the peak of host memory."""
    return None if record.timing is None else record.timing.peak_host_bytes


@dataclass(frozen=True)
class Ratio:
    """A version's cost over the baseline's: geometric mean over seeds, with its t interval."""

    value: float
    interval: tuple[float, float] | None


COSTS: tuple[tuple[str, Value, Callable[[float | None], str]], ...] = (
    ("a step", step_seconds, seconds),
    ("a training", wall_seconds, seconds),
    ("peak host memory", peak_bytes, memory),
)


def ratio(run: Run, version: str, value: Value, level: float = LEVEL) -> Ratio | None:
    """Return how many times a version costs what the baseline does, paired by seed."""
    sample = run.sample_of(version, value, (run.control, 0))
    if not sample.count:
        return None
    logs = np.log(sample.candidate / sample.baseline)
    spread = paired.spread_of(logs)
    ends = None if spread is None else paired.interval(spread, level)
    bounds = None if ends is None else (math.exp(ends[0]), math.exp(ends[1]))
    return Ratio(math.exp(float(np.mean(logs))), bounds)


def answer(runs: list[Run]) -> list[str]:
    """Answer "time and memory change from version to version", corrected for all that is asked."""
    run = runs[0]
    # Bonferroni: of many intervals of 95 % some leave out 1 by chance.
    level = 1 - (1 - LEVEL) / max(1, len(COSTS) * len(run.summary.candidates))
    told = []
    for name, value, _ in COSTS:
        found = [(c.version, ratio(run, c.version, value)) for c in run.summary.candidates]
        known = [(version, each) for version, each in found if each is not None]
        if not any(_differs(ratio(run, version, value, level)) for version, _ in known):
            told.append(f"{name}: no version is shown to differ from {run.summary.baseline}")
            continue
        least, most = (end(known, key=lambda e: e[1].value) for end in (min, max))
        told.append(
            f"{name}: from {_times(least[1])} times in {least[0]} to {_times(most[1])} times in "
            f"{most[0]} of what {run.summary.baseline} takes"
        )
    differ = any("no version" not in each for each in told)
    return [
        f"{'Yes' if differ else 'Not shown'}. {_capital('; '.join(told))}. Numbers in brackets "
        "are 95 % intervals; times are of one machine, on one day."
    ]


def _differs(found: Ratio | None) -> bool:
    if found is None or found.interval is None:
        return False
    return not found.interval[0] <= 1 <= found.interval[1]


def _times(found: Ratio) -> str:
    ends = found.interval
    return f"{found.value:.2f}" + ("" if ends is None else f" ({ends[0]:.2f} to {ends[1]:.2f})")


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def table(runs: list[Run]) -> list[str]:
    """Return each version's median cost, and its ratio to the baseline within one seed's run."""
    run = runs[0]
    baseline = run.summary.baseline
    head = ["version"]
    for name, _, _ in COSTS:
        head += [f"{name}, median", f"÷ {baseline} (95 %)"]
    versions = [baseline, *(candidate.version for candidate in run.summary.candidates)]
    rows = [[version, *_cells(run, version)] for version in versions]
    told = (
        "Medians over trials. The ratios are each of two trainings with the same seed, which ran "
        "next to each other: their geometric mean over seeds, with its interval."
    )
    lines = [f"| {' | '.join(cells)} |" for cells in (head, *rows)]
    return [told, "", lines[0], "|---" * len(head) + "|", *lines[1:], ""]


def _cells(run: Run, version: str) -> list[str]:
    cells = []
    for _, value, told in COSTS:
        records = run.table.succeeded(version, (run.control, 0))
        values = [number for record in records if (number := value(record)) is not None]
        cells.append(told(statistics.median(values) if values else None))
        found = None if version == run.summary.baseline else ratio(run, version, value)
        cells.append("1" if version == run.summary.baseline else _cell(found))
    return cells


def _cell(found: Ratio | None) -> str:
    return "–" if found is None else _times(found)
