"""Which examples make each batch: permutations of the training set, cut into batches."""

from typing import Callable, Iterator

import numpy as np

from diptych_runner.frameworks.base import Batch, Masks
from diptych_runner.trials.augmentation import Augment, unchanged
from diptych_runner.trials.inputs import InputLog
from diptych_runner.workloads.task import Data

Permutation = Callable[[int], np.ndarray]


def straddling(count: int, size: int, permutation: Permutation) -> Iterator[np.ndarray]:
    """Yield indices of batches that all have `size` examples.

    A batch may straddle two epochs; no example is left out. `permutation(count)` is asked for
    an epoch's order when it is needed, not before.
    """
    pending = np.empty((0,), dtype=np.int64)
    while True:
        while len(pending) < size:
            order = np.asarray(permutation(count))
            pending = np.concatenate([pending, order.astype(np.int64)])
        yield pending[:size]
        pending = pending[size:]


def by_epoch(count: int, size: int, permutation: Permutation) -> Iterator[np.ndarray]:
    """Yield indices of batches as Keras's fit cuts them: an epoch's last one may be smaller."""
    while True:
        order = np.asarray(permutation(count)).astype(np.int64)
        for first in range(0, count, size):
            yield order[first : first + size]


def no_masks(_rows: int) -> Masks:
    """Return no masks: the framework draws its own."""
    return {}


class Batches(object):
    """Batches of a training set, in the order that `indices` gives."""

    def __init__(
        self,
        data: Data,
        indices: Iterator[np.ndarray],
        masks: Callable[[int], Masks],
        augment: Augment = unchanged,
    ) -> None:
        """Take rows by `indices`; `masks(rows)` gives each batch's masks."""
        self._data = data
        self._indices = indices
        self._masks = masks
        self._augment = augment
        self.log = InputLog()

    def next(self) -> Batch:
        """Return the next batch."""
        chosen = next(self._indices)
        masks = self._masks(len(chosen))
        inputs, drawn = self._augment(self._data.train_inputs[chosen])
        self.log.add(chosen, masks, drawn)
        return Batch(inputs, self._data.train_targets[chosen], masks, None)
