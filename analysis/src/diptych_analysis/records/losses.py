"""metrics.jsonl: one line a step, strictly from step 1 on."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from diptych_analysis.errors import RefusalError
from diptych_analysis.records import documents
from diptych_runner.contract import hashing, names

TRAIN_LOSS = "train_loss"
Losses = npt.NDArray[np.float64]


def read_lines(path: str, data: bytes) -> list[dict[str, float]]:
    """Return the lines of metrics.jsonl with non-finite strings as floats.

    Raises RefusalError when a line is not valid or the steps are not 1, 2, 3, ...
    """
    lines = [_line(path, number, text) for number, text in enumerate(_texts(data), start=1)]
    for number, line in enumerate(lines, start=1):
        if line["step"] != number:
            raise RefusalError(path, f"line {number} is of step {line['step']:g}")
    return lines


def losses_of(lines: list[dict[str, float]]) -> Losses:
    """Return train_loss by step, float64 of shape (steps,)."""
    return np.array([line[TRAIN_LOSS] for line in lines], dtype=np.float64)


def rates_of(lines: list[dict[str, float]]) -> Losses:
    """Return the learning rate by step, NaN where none is known, float64 of shape (steps,)."""
    own, framework = names.LEARNING_RATE, names.FRAMEWORK_PREFIX + names.LEARNING_RATE
    found = [line.get(framework, line.get(own, math.nan)) for line in lines]
    return np.array(found, dtype=np.float64)


def reported_of(lines: list[dict[str, float]]) -> dict[str, float]:
    """Return the framework's own metrics of the last step, by their name in the framework."""
    last = lines[-1] if lines else {}
    return {
        key.removeprefix(names.FRAMEWORK_PREFIX): value
        for key, value in last.items()
        if key.startswith(names.FRAMEWORK_PREFIX)
    }


def digest(lines: list[dict[str, float]]) -> str:
    """Return the sha256 over names and float64 bits of every line; spelling does not count.

    The framework's own metrics are left out: what a version calls accuracy is no part of how it
    trains.
    """
    keys = sorted(
        {key for line in lines for key in line if not key.startswith(names.FRAMEWORK_PREFIX)}
    )
    rows = [[line[key].hex() if key in line else None for key in keys] for line in lines]
    return hashing.sha256_of_json([keys, rows])


def first_non_finite(lines: list[dict[str, float]]) -> int | None:
    """Return the first step whose train_loss is not finite."""
    for line in lines:
        if not math.isfinite(line[TRAIN_LOSS]):
            return int(line["step"])
    return None


def _texts(data: bytes) -> list[bytes]:
    return data.removesuffix(b"\n").split(b"\n") if data else []


def _line(path: str, number: int, text: bytes) -> dict[str, float]:
    value = documents.parse(f"{path} line {number}", text)
    # A line of plain numbers is valid; anything else goes to the schema, which is slower.
    if not _plain(value):
        documents.check("metrics", f"{path} line {number}", value)
    try:
        return {key: float(entry) for key, entry in value.items()}
    except OverflowError as error:
        raise RefusalError(path, f"line {number} has a number beyond float64") from error


def _plain(value: Any) -> bool:  # noqa: ANN401 - not validated yet
    return (
        isinstance(value, dict)
        and type(value.get("step")) is int
        and value["step"] >= 1
        and TRAIN_LOSS in value
        and all(type(entry) in (int, float) for entry in value.values())
    )
