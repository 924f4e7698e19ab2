"""inputs.jsonl: digests of what each step was fed, so that equal batches and masks can be proved.

A digest stands for what NumPy handed to the framework. What a framework drew by itself, such as
the masks of its own dropout, nobody saw: null.
"""

from typing import Dict, Iterable, Optional

import numpy as np

from diptych_runner.contract import hashing
from diptych_runner.records import npz

Arrays = Dict[str, np.ndarray]

#: `batch`, `masks` and `augmentation` of one step.
Line = Dict[str, Optional[str]]

#: Hexadecimal digits of a digest: 64 bits tell a million steps apart.
DIGITS = 16


class InputLog(object):
    """Digests of the batches so far, in the order of the steps."""

    def __init__(self, lines: Iterable[Line] = ()) -> None:
        """Begin with these steps."""
        self._lines = list(lines)

    def add(
        self, examples: np.ndarray, masks: Arrays, augmentation: Optional[Arrays] = None
    ) -> None:
        """Note one step: its examples, by place or content, its masks and its augmentation."""
        batch = digest({"examples": examples})
        self._lines.append(
            {"batch": batch, "masks": _or_none(masks), "augmentation": _or_none(augmentation)}
        )

    def __len__(self) -> int:
        """Return how many steps were noted."""
        return len(self._lines)

    def to_bytes(self, steps: int) -> bytes:
        """Return inputs.jsonl for the first `steps` steps."""
        lines = [
            hashing.canonical_json(dict(line, step=step))
            for step, line in enumerate(self._lines[:steps], start=1)
        ]
        return b"".join(line + b"\n" for line in lines)


def _or_none(arrays: Optional[Arrays]) -> Optional[str]:
    return digest(arrays) if arrays else None


def digest(arrays: Dict[str, np.ndarray]) -> str:
    """Return a short digest over named arrays: their names, dtypes, shapes and bytes."""
    return npz.sha256_of_arrays(arrays)[:DIGITS]
