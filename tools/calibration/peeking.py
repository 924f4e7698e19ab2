"""What looking twice does: why more seeds are only ever proposed as a fresh comparison."""

from dataclasses import dataclass

import numpy as np
from tools.calibration.judge import ALPHA

from diptych_analysis.statistics import paired
from diptych_analysis.statistics.sample import Floats

SEEDS, STEP, MOST_SEEDS = 5, 5, 60
#: In standard deviations of a difference.
MARGIN = 0.5


@dataclass(frozen=True)
class Peeking:
    """How many of `comparisons` of equal versions were called Different."""

    comparisons: int
    once: int
    again: int


def peeking(comparisons: int) -> Peeking:
    """Judge equal versions once, and again and again with more seeds while the verdict is open."""
    rng = np.random.default_rng(5)
    once = again = 0
    for _ in range(comparisons):
        differences = rng.normal(size=MOST_SEEDS)
        verdicts = (_look(differences[:n]) for n in range(SEEDS, MOST_SEEDS + 1, STEP))
        first = next(verdicts)
        once += first == "Different"
        settled = (
            first if first != "Inconclusive" else next((v for v in verdicts if v != first), "")
        )
        again += settled == "Different"
    return Peeking(comparisons, once, again)


def told(found: Peeking) -> str:
    """Return the sentence for docs/calibration.md."""
    once, again = (100 * count / found.comparisons for count in (found.once, found.again))
    return (
        f"Of {found.comparisons:,} comparisons of equal versions over {SEEDS} seeds, margin half a "
        f"standard deviation of a difference, Student's t calls {once:.1f} % Different. Adding "
        f"{STEP} seeds while the verdict is open, up to {MOST_SEEDS}, and looking again each time: "
        f"{again:.1f} %."
    )


def _look(differences: Floats) -> str:
    """Return Student's verdict."""
    spread = paired.spread_of(differences)
    if spread is None:
        raise ValueError("five normal numbers have a spread")
    if paired.p_equivalence(spread, MARGIN) < ALPHA:
        return "Equivalent"
    return "Different" if paired.p_difference(spread) < ALPHA else "Inconclusive"
