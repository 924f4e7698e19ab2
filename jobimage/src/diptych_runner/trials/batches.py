"""Which examples make each batch: epochs of permutations, cut into batches of one size."""

from typing import Callable

import numpy as np

from diptych_runner.frameworks.base import Batch
from diptych_runner.workloads.task import Data

Permutation = Callable[[int], np.ndarray]


class Batches(object):
    """Endless batches of equal size; a batch may straddle two epochs, no example is left out."""

    def __init__(self, data: Data, size: int, permutation: Permutation) -> None:
        """Draw each epoch's order from `permutation(count)` when it is needed."""
        self._data = data
        self._size = size
        self._permutation = permutation
        self._pending = np.empty((0,), dtype=np.int64)

    def next(self) -> Batch:
        """Return the next batch."""
        while len(self._pending) < self._size:
            order = np.asarray(self._permutation(len(self._data.train_inputs)))
            self._pending = np.concatenate([self._pending, order.astype(np.int64)])
        chosen, self._pending = self._pending[: self._size], self._pending[self._size :]
        return Batch(self._data.train_inputs[chosen], self._data.train_targets[chosen])
