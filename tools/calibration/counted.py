"""What the simulations from records have in common: comparisons judged, and counts as a row."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.analysis.builder import Train, store

from diptych_analysis import analyze_folder
from diptych_analysis.summary import Summary
from diptych_runner.contract.plan import Plan


def summaries(made: Plan, trained: Callable[[int], Train], comparisons: int) -> Iterator[Summary]:
    """Write, read and judge so many comparisons of a plan; `trained` takes their numbers."""
    with tempfile.TemporaryDirectory() as root:
        for number in range(comparisons):
            yield analyze_folder(store(Path(root) / str(number), made, trained(number)))


def share(count: int, total: int) -> str:
    """Return a count as a percentage; a dash where nothing could be counted."""
    return f"{100 * count / total:.1f} %" if total else "–"


def line(cells: Sequence[str]) -> str:
    """Return a row of a table."""
    return f"| {' | '.join(cells)} |"
