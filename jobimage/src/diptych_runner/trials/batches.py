"""Which examples make each batch: epochs of permutations, cut into batches of one size."""

from typing import Callable

import numpy

from diptych_runner.frameworks.base import Batch
from diptych_runner.workloads.task import Data


class Batches(object):
    """Endless batches of equal size; a batch may straddle two epochs, no example is left out."""

    def __init__(self, data: Data, size: int, permutation: Callable[[int], numpy.ndarray]) -> None:
        """Draw each epoch's order from `permutation(count)` when it is needed."""
        self._data = data
        self._size = size
        self._permutation = permutation
        self._pending = numpy.empty((0,), dtype=numpy.int64)

    def next(self) -> Batch:
        """Return the next batch."""
        while len(self._pending) < self._size:
            order = numpy.asarray(self._permutation(len(self._data.train_inputs)))
            self._pending = numpy.concatenate([self._pending, order.astype(numpy.int64)])
        chosen, self._pending = self._pending[: self._size], self._pending[self._size :]
        return Batch(self._data.train_inputs[chosen], self._data.train_targets[chosen])
