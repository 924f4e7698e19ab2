"""environment.json of all versions side by side, leaf by leaf; pure."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

#: More different values than this inside one version are counted instead of listed.
_LISTED_VALUES = 4
#: Leaves that say the same as others, or nothing.
_LEFT_OUT = frozenset({"schemaVersion"})
ABSENT = "–"
_LONG_GROUP = "packages.versions"
#: The objects around a leaf, joined by dots, and its own name.
Key = tuple[str, str]


@dataclass(frozen=True)
class Row:
    """One leaf: its text for each version; `differs` when not all versions have the same."""

    key: str
    values: tuple[str, ...]
    differs: bool


@dataclass(frozen=True)
class Group:
    """The leaves of one part of environment.json."""

    name: str
    rows: tuple[Row, ...]


@dataclass
class Seen:
    """Every value that a version's trials had, by leaf; a list is one leaf of several items."""

    leaves: dict[Key, set[str | tuple[str, ...]]] = field(default_factory=dict)

    def add(self, document: Mapping[str, Any]) -> None:
        """Take one trial's environment.json."""
        for key, value in _leaves((), document):
            self.leaves.setdefault(key, set()).add(value)


def compared(versions: Sequence[Seen]) -> tuple[Group, ...]:
    """Return all leaves of several versions in groups, sorted by name; package by package last."""
    keys = sorted(
        {key for seen in versions for key in seen.leaves},
        key=lambda key: (key[0] == _LONG_GROUP, key),
    )
    groups: dict[str, list[Row]] = {}
    for key in keys:
        group, name = key
        groups.setdefault(group, []).append(_row(name, [s.leaves.get(key) for s in versions]))
    return tuple(Group(name, tuple(rows)) for name, rows in groups.items())


def _row(key: str, cells: Sequence[set[str | tuple[str, ...]] | None]) -> Row:
    differs = any(cell != cells[0] for cell in cells)
    lists = [next(iter(cell)) if cell is not None and len(cell) == 1 else None for cell in cells]
    if differs and all(isinstance(each, tuple) for each in lists):
        return Row(key, _told_apart([tuple(each or ()) for each in lists]), differs)
    return Row(key, tuple(_text(cell) for cell in cells), differs)


def _told_apart(lists: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return what each list has beyond those that all have."""
    common = set(lists[0]).intersection(*lists)
    return tuple(
        ", ".join([*(item for item in each if item not in common)] or ["nothing more"])
        + (f" (and {len(common)} in all)" if common else "")
        for each in lists
    )


def _text(cell: set[str | tuple[str, ...]] | None) -> str:
    if cell is None:
        return ABSENT
    texts = sorted((", ".join(v) or "none" if isinstance(v, tuple) else v for v in cell), key=_rank)
    if len(texts) <= _LISTED_VALUES:
        return " | ".join(texts)
    return f"{texts[0]} … {texts[-1]} ({len(texts)} values)"


def _rank(text: str) -> tuple[int, int, str]:
    return (0, int(text), "") if text.isdecimal() else (1, 0, text)


def _leaves(
    around: tuple[str, ...], value: Mapping[str, Any]
) -> Iterator[tuple[Key, str | tuple[str, ...]]]:
    for name, part in value.items():
        if not around and name in _LEFT_OUT:
            continue
        key = (".".join(around) or "trial", name)
        if isinstance(part, Mapping):
            yield from _leaves((*around, name), part)
        elif isinstance(part, list):
            yield key, tuple(_word(item) for item in part)
        else:
            yield key, _word(part)


def _word(value: object) -> str:
    if isinstance(value, str):
        return value
    return "none" if value is None else json.dumps(value, sort_keys=True, ensure_ascii=False)
