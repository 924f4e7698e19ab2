"""One step taken apart: from equal weights and an equal batch, what each version computes of it.

Outputs, loss and gradients of the first batch are asked for beside the training, which they leave
as it is; the update is what the first step really made of the weights. Gradients carry forward
whatever the outputs differ by, and an optimizer such as Adam turns the rounding of a tiny gradient
into a whole step: so the optimizer is tried on its own too, on gradients made by NumPy.

What rounding may do is measured on the spot: everything once more from weights that differ in
their last bit.
"""

from typing import Dict

import numpy as np

from diptych_runner import seeding
from diptych_runner.contract import names
from diptych_runner.frameworks.base import Batch, Program

Arrays = Dict[str, np.ndarray]


class Probe(object):
    """The probe of one trial: `before` its first step, `after` it."""

    def __init__(self, program: Program, seed: int) -> None:
        """Take a program whose weights are the shared ones."""
        self._program = program
        self._seed = seed
        self._weights = {}  # type: Arrays
        self._statistics = {}  # type: Arrays
        self.arrays = {}  # type: Arrays

    def before(self, batch: Batch) -> None:
        """Ask for outputs, loss and gradients, and for the optimizer's own answer."""
        program, shapes = self._program, self._program.weight_shapes()
        self._weights = _tensors(program, names.WEIGHTS_PREFIX)
        self._statistics = _tensors(program, names.STATISTICS_PREFIX)
        self.arrays.update(program.probe(batch))
        program.assign_weights(nudged(self._seed, self._weights))
        try:
            again = program.probe(batch)
        finally:
            program.assign_weights(self._weights)
        self.arrays.update({names.PERTURBED_PREFIX + key: array for key, array in again.items()})
        start, gradients = seeding.probe_updates(self._seed, shapes)
        for name, end in program.optimized(start, gradients).items():
            self.arrays[names.OPTIMIZED_PREFIX + name] = end - start[name]

    def after(self) -> None:
        """Note what the first step made of the weights, and of what follows the batches."""
        for name, end in _tensors(self._program, names.WEIGHTS_PREFIX).items():
            self.arrays[names.UPDATES_PREFIX + name] = end - self._weights[name]
        for name, end in _tensors(self._program, names.STATISTICS_PREFIX).items():
            self.arrays[names.STATISTICS_PREFIX + name] = end - self._statistics[name]


def nudged(seed: int, weights: Arrays) -> Arrays:
    """Return weights moved to the next float up or down, at random; zeros stay."""
    moved = {}
    for name, values in sorted(weights.items()):
        generator = np.random.RandomState(seeding.derived_seed(seed, "probe/nudge/" + name))
        away = np.where(generator.random_sample(values.shape) < 0.5, -np.inf, np.inf)
        near = np.nextafter(values, away.astype(values.dtype))
        moved[name] = np.where(values == 0, values, near).astype(values.dtype)
    return moved


def _tensors(program: Program, prefix: str) -> Arrays:
    """Return a program's tensors whose keys begin so, by the rest of their keys."""
    return {
        key[len(prefix) :]: np.array(array)
        for key, array in program.tensors().items()
        if key.startswith(prefix)
    }
