"""Which batches and masks a loop of the code's own was given: nobody sees what it does with them.

A loop may take batches ahead of its steps, several for one, or some that it never trains on. Only
where there are as many as steps is each the batch of its step; otherwise nothing is known.
"""

from typing import List, Optional  # noqa: F401 - in type comments

import numpy as np

from diptych_runner.contract import hashing
from diptych_runner.trials.inputs import DIGITS, InputLog, digest


class Handed(object):
    """Digests of what the run's helpers gave, by step."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._batches = []  # type: List[str]
        self._masks = []  # type: List[Optional[str]]
        self._drawn = []  # type: List[List[str]]

    def batch(self, places: np.ndarray) -> None:
        """Note the places of a batch."""
        self._batches.append(digest({"examples": places}))

    def mask(self, name: str, mask: np.ndarray) -> None:
        """Note a mask of the step under way."""
        self._drawn.append([name, digest({"mask": mask})])

    def step(self) -> None:
        """Note that a step was made, of what was handed before."""
        drawn = hashing.sha256_of_json(self._drawn)[:DIGITS] if self._drawn else None
        self._masks.append(drawn)
        self._drawn = []

    def log(self) -> InputLog:
        """Return what each step was fed; no line where that is not known of every one."""
        if len(self._batches) != len(self._masks):
            return InputLog()
        return InputLog(
            [
                {"batch": batch, "masks": masks, "augmentation": None}
                for batch, masks in zip(self._batches, self._masks)
            ]
        )
