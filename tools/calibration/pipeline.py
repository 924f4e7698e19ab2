"""Whole comparisons, from records in the store's layout to the verdict, with a known truth."""

import tempfile
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tests.analysis.builder import B, Training, cell, metric, plan, store, training

from diptych_analysis import analyze_folder
from diptych_runner.contract.trials import Trial

#: Of the metric over seeds; margin and difference of a case are in units of it.
SEED_SD, MARGIN = 0.02, 1.5
VERDICTS = ("Different", "Equivalent", "Inconclusive")


@dataclass(frozen=True)
class Case:
    """A truth: how many seed sds the candidate's mean lies from the baseline's."""

    truth: str
    seeds: int
    apart: float


@dataclass(frozen=True)
class Said:
    """How many comparisons of a case got which verdict."""

    case: Case
    counts: Counter[str]


CASES = (
    Case("equal versions", 5, 0.0),
    Case("equal versions", 10, 0.0),
    Case("apart by the margin", 10, MARGIN),
    Case("apart by twice the margin", 10, 2 * MARGIN),
)


def verdicts(case: Case, comparisons: int) -> Said:
    """Write, read and judge so many comparisons of a case; none may be Invalid or Identical."""
    said: Counter[str] = Counter()
    for number in range(comparisons):
        made = plan(
            seeds=case.seeds,
            cells=[cell(seeds=case.seeds), cell(repeat=1, seeds=2)],
            analysis={"metrics": [metric(margin=str(MARGIN * SEED_SD))]},
        )
        with tempfile.TemporaryDirectory() as root:
            stream = [zlib.crc32(f"{case.seeds}/{case.apart}".encode()), number]
            said[analyze_folder(store(Path(root), made, _trained(stream, case.apart))).verdict] += 1
    if not set(said) <= set(VERDICTS):
        raise ValueError(f"{case}: a comparison came out as none of {VERDICTS}: {said}")
    return Said(case, said)


def table(found: Sequence[Said]) -> list[str]:
    """Return the lines of a table of verdicts by truth."""
    lines = [
        f"| truth | n | comparisons | {' | '.join(VERDICTS)} |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for said in found:
        total = said.counts.total()
        shares = (f"{100 * said.counts[name] / total:.1f} %" for name in VERDICTS)
        lines.append(f"| {said.case.truth} | {said.case.seeds} | {total} | {' | '.join(shares)} |")
    return lines


def _trained(stream: list[int], apart: float) -> Callable[[Trial], Training]:
    def train(trial: Trial) -> Training:
        candidate = trial.version == B
        rng = np.random.default_rng([*stream, trial.seed, candidate])
        again = np.random.default_rng([*stream, trial.seed, candidate, trial.repeat])
        noise = rng.normal() + 0.1 * again.normal()
        return training(1 + SEED_SD * (noise + apart * candidate), float(rng.random()))

    return train
