"""The table of changes.json, and which of it applies between two versions for a workload.

A row applies when it lies between the versions and touches something that the workload uses. That
is all it says: the cause comes from controls and the probe.
"""

import json
from collections.abc import Collection, Sequence
from functools import cache
from importlib import resources
from typing import Any

from diptych_analysis.known.uses import Uses
from diptych_analysis.summary import KnownChange
from diptych_analysis.summary.whole import Fit
from diptych_analysis.why import Why
from diptych_runner.contract.versions import numbers

Row = dict[str, Any]


def known_changes(
    framework: str, baseline: str, candidate: str, uses: Uses, found: Why | None = None
) -> list[KnownChange]:
    """Return the changes between two versions, either of them the newer, that touch a workload.

    Each with whether it fits what is known of why, `found`.
    """
    older, newer = sorted((baseline, candidate), key=numbers)
    return [
        _told(row, uses, fit_of(frozenset(row["moves"]), found))
        for row in rows(framework)
        if _between(row, older, newer) and uses.any_of(row["touches"])
    ]


def _between(row: Row, older: str, newer: str) -> bool:
    """Say whether a change lies between two versions, or may: some are known within bounds."""
    first = row["after"]
    ends_before = numbers(row["version"]) <= numbers(older)
    if first is not None:
        return not ends_before and numbers(first) < numbers(newer)
    return not ends_before and numbers(row["version"]) <= numbers(newer)


def fit_of(moves: frozenset[str], found: Why | None) -> Fit:
    """Say whether a change that moves these aspects fits what controls took away.

    Without aspects it is one that no control holds equal.
    """
    if found is None:
        return "Open"
    if moves and moves <= found.ruled_out:
        return "DoesNotFit"
    gone = found.gone
    if gone is None:
        return "Open"
    if moves & gone.aspects:
        return "Fits"
    return "DoesNotFit" if gone.is_whole and not moves & gone.held else "Open"


def _told(row: Row, uses: Uses, fit: Fit) -> KnownChange:
    return KnownChange(
        id=row["id"],
        version=row["version"],
        after=row["after"],
        area=row["area"],
        effect=row["effect"],
        certain=uses.certainly(row["touches"]),
        knob=row["knob"],
        fit=fit,
        source=row["source"],
    )


@cache
def rows(framework: str) -> Sequence[Row]:
    """Return a framework's rows, oldest first."""
    text = (resources.files(__package__) / "changes.json").read_text(encoding="utf-8")
    found: list[Row] = json.loads(text)["frameworks"].get(framework, [])
    return found


def touched(framework: str) -> Collection[str]:
    """Return everything that some row touches."""
    return {each for row in rows(framework) for each in row["touches"]}
