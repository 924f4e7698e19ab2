"""metrics.jsonl: one line a step."""

import math
from typing import List

from diptych_runner.contract import hashing


def number_as_json(value: float) -> object:
    """Return a number as a record carries it: non-finite ones as strings (RFC 8259 has none)."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def metrics_bytes(losses: List[float]) -> bytes:
    """Return metrics.jsonl for the losses of steps 1, 2, ...

    Python prints the shortest decimal that reads back to the same double, so no bit is lost.
    """
    lines = [
        hashing.canonical_json({"step": place + 1, "train_loss": number_as_json(loss)})
        for place, loss in enumerate(losses)
    ]
    return b"".join(line + b"\n" for line in lines)
