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
from diptych_runner.contract.versions import numbers

Row = dict[str, Any]


def known_changes(framework: str, baseline: str, candidate: str, uses: Uses) -> list[KnownChange]:
    """Return the changes between two versions, either of them the newer, that touch a workload."""
    older, newer = sorted((baseline, candidate), key=numbers)
    return [
        _told(row)
        for row in _rows(framework)
        if _between(row, older, newer) and uses.any_of(row["touches"])
    ]


def _between(row: Row, older: str, newer: str) -> bool:
    """Say whether a change lies between two versions, or may: some are known within bounds."""
    first = row["after"]
    ends_before = numbers(row["version"]) <= numbers(older)
    if first is not None:
        return not ends_before and numbers(first) < numbers(newer)
    return not ends_before and numbers(row["version"]) <= numbers(newer)


def _told(row: Row) -> KnownChange:
    return KnownChange(
        id=row["id"],
        version=row["version"],
        after=row["after"],
        area=row["area"],
        effect=row["effect"],
        knob=row["knob"],
        source=row["source"],
    )


@cache
def _rows(framework: str) -> Sequence[Row]:
    text = (resources.files(__package__) / "changes.json").read_text(encoding="utf-8")
    rows: list[Row] = json.loads(text)["frameworks"].get(framework, [])
    return rows


def touched(framework: str) -> Collection[str]:
    """Return everything that some row touches."""
    return {each for row in _rows(framework) for each in row["touches"]}
