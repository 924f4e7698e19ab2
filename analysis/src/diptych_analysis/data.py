"""Unequal data sets: which of their arrays differ, and in what."""

from collections.abc import Hashable
from dataclasses import dataclass, field

from diptych_analysis.records.outcome import Setup
from diptych_runner.contract import hashing

#: Of a data set without arrays.
_OF_NOTHING = hashing.sha256_of_json({})
#: In the name of an array that a fit after the first one was given.
_OF_A_LATER_FIT = " of fit "

#: Dtype, shape and sha256 of an array.
Part = tuple[str, tuple[int, ...], str]


@dataclass(frozen=True)
class DataSet:
    """A data set: equal when its sha256 is; its arrays, by what they are, say why it is not."""

    sha256: str
    parts: tuple[tuple[str, Part], ...] = field(default=(), compare=False)


def test_set(setup: Setup) -> DataSet:
    """Return what a trial was tested on."""
    return DataSet(setup.test_sha256, _of(setup, "test "))


def training_set(setup: Setup) -> DataSet:
    """Return what a trial was trained on first."""
    parts = _of(setup, "training ")
    return DataSet(setup.train_sha256, tuple(p for p in parts if _OF_A_LATER_FIT not in p[0]))


def has_training_set(setup: Setup) -> bool:
    """Say whether a trial tells what it was trained on; a loop of the code's own does not."""
    return setup.train_sha256 != _OF_NOTHING


def of_later_fits(setup: Setup) -> DataSet:
    """Return what the fits after the first one were given, which what was trained may compute."""
    parts = tuple(p for p in _of(setup, "training ") if _OF_A_LATER_FIT in p[0])
    return DataSet(hashing.sha256_of_json(parts), parts)


def parts_that_differ(left: Hashable, right: Hashable) -> str:
    """Return in words which arrays of two data sets differ; nothing where records do not tell."""
    if not isinstance(left, DataSet) or not isinstance(right, DataSet):
        return ""
    first, second = dict(left.parts), dict(right.parts)
    told = [
        f"the {name} ({_difference(first[name], second[name])})"
        for name in sorted({*first} & {*second})
        if first[name] != second[name]
    ]
    told += [f"the {name} (in one of them only)" for name in sorted({*first} ^ {*second})]
    return f" in {' and '.join(told)}" if told else ""


def _difference(left: Part, right: Part) -> str:
    """Say in what two arrays differ: content last, for another type or size changes it too."""
    found = []
    if left[0] != right[0]:
        found.append(f"dtype {left[0]} and {right[0]}")
    if left[1][:1] != right[1][:1]:
        found.append(f"{_rows(left)} and {_rows(right)} rows")
    if left[1][1:] != right[1][1:]:
        found.append(f"rows of shape {list(left[1][1:])} and {list(right[1][1:])}")
    return ", ".join(found) or "their values"


def _rows(part: Part) -> str:
    return f"{part[1][0]:,}" if part[1] else "no"


def _of(setup: Setup, start: str) -> tuple[tuple[str, Part], ...]:
    return tuple(
        (name, (dtype, shape, sha256))
        for name, dtype, shape, sha256 in setup.parts
        if name.startswith(start)
    )
