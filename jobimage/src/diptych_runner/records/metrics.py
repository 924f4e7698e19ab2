"""metrics.jsonl: one line a step."""

import math
from typing import Dict, List, Mapping

from diptych_runner.contract import hashing


def number_as_json(value: float) -> object:
    """Return a number as a record carries it: non-finite ones as strings (RFC 8259 has none)."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def metrics_bytes(losses: List[float], evaluations: Mapping[int, Dict[str, float]]) -> bytes:
    """Return metrics.jsonl for the losses of steps 1, 2, ... and other numbers by step.

    Python prints the shortest decimal that reads back to the same double, so no bit is lost.
    """
    lines = []
    for step, loss in enumerate(losses, start=1):
        numbers = dict(evaluations.get(step, {}), train_loss=loss)
        line = {name: number_as_json(value) for name, value in numbers.items()}
        lines.append(hashing.canonical_json(dict(line, step=step)))
    return b"".join(line + b"\n" for line in lines)
