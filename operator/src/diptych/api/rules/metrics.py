"""A metric is one that the workload has, once, with one margin above 0 and inside its range."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from diptych.api.problems import Finding, Path, nearest
from diptych.api.raw import Document, at, list_at, names_in, text_at
from diptych.api.rules.builtin import table_of
from diptych.api.rules.unique import repeated
from diptych_runner.contract import tables

_HERE: Path = ("spec", "analysis", "metrics")
_ZERO = set("0.%")
#: The largest difference that there can be, by evaluator: shares lie between 0 and 1.
_LARGEST = {"accuracy": 1}


def check(document: Document) -> Iterator[Finding]:
    """Yield unknown and repeated metrics, margins that are two or 0, and what a module lacks."""
    metrics = list_at(document, "spec", "analysis", "metrics")
    for place, name, first in repeated(names_in(metrics)):
        yield Finding(
            (*_HERE, place, "name"),
            f'Duplicate value: "{name[:63]}" is metrics[{first}] too',
            "keep one of them",
        )
    workload = table_of(document)
    for place, metric in enumerate(metrics):
        yield from _margins((*_HERE, place), metric)
        yield from _range((*_HERE, place), metric, workload)
        yield from _evaluator((*_HERE, place), metric)
        if workload is not None:
            yield from _known((*_HERE, place, "name"), metric, workload)
    if isinstance(at(document, "spec", "workload", "module"), dict):
        yield from _of_module(document, metrics)


def _margins(path: Path, metric: object) -> Iterator[Finding]:
    given = [name for name in ("margin", "relativeMargin") if text_at(metric, name) is not None]
    if len(given) == 2:
        yield Finding(
            (*path, "relativeMargin"), "margin and relativeMargin are both given", "keep one"
        )
    for name in given:
        value = text_at(metric, name) or ""
        if value and set(value) <= _ZERO:
            message = f'must be more than 0, got "{value[:24]}"'
            yield Finding((*path, name), message, "say which difference does not matter")


def beyond_range(evaluator: str | None, margin: str) -> str | None:
    """Return why a margin, a decimal, is none: no difference of such a metric could reach it."""
    largest = _LARGEST.get(evaluator or "")
    try:
        if largest is None or Decimal(margin) < largest:
            return None
    except InvalidOperation:
        return None  # told by its pattern
    return (
        f'must be less than {largest}, got "{margin[:24]}": {evaluator} lies between 0 and '
        f"{largest}, so whatever is measured would be Equivalent"
    )


def _range(path: Path, metric: object, workload: tables.Workload | None) -> Iterator[Finding]:
    margin, evaluator = text_at(metric, "margin"), text_at(metric, "evaluator")
    if evaluator is None and workload is not None:
        rows = {row.name: row.evaluator for row in workload.metrics}
        evaluator = rows.get(text_at(metric, "name") or "")
    problem = None if margin is None else beyond_range(evaluator, margin)
    if problem is not None:
        fix = "give it as a share: 0.005 is half a percentage point"
        yield Finding((*path, "margin"), problem, fix)


def _evaluator(path: Path, metric: object) -> Iterator[Finding]:
    evaluator = text_at(metric, "evaluator")
    known = sorted({row.evaluator for w in tables.workloads().values() for row in w.metrics})
    if evaluator is not None and evaluator not in known:
        yield Finding(
            (*path, "evaluator"),
            f'"{evaluator[:40]}" is not an evaluator; there are: {", ".join(known)}',
            "take one of them",
            nearest(evaluator, known),
        )


def _known(path: Path, metric: object, workload: tables.Workload) -> Iterator[Finding]:
    name = text_at(metric, "name")
    known = [row.name for row in workload.metrics]
    if name is not None and name not in known:
        yield Finding(
            path,
            f'{workload.name} has no metric "{name[:63]}"; it has: {", ".join(known)}',
            "take one of them",
            nearest(name, known),
        )


def _of_module(document: Document, metrics: list[Any]) -> Iterator[Finding]:
    """Yield what no table can fill in for a module."""
    if at(document, "spec", "analysis", "metrics") in (None, []):
        yield Finding(
            _HERE,
            "a module has no metrics of its own accord",
            "add one, like {name: test_loss, evaluator: meanSquaredError, "
            "direction: LowerIsBetter}",
        )
    for place, metric in enumerate(metrics):
        missing = [name for name in ("evaluator", "direction") if at(metric, name) is None]
        if isinstance(metric, dict) and missing:
            yield Finding(
                (*_HERE, place),
                f"a module's metric needs {' and '.join(missing)}",
                f"add {' and '.join(missing)}",
            )
