"""The seam between workloads and frameworks: plain classes that adapters fill in.

(Python 3.5 knows no Protocol.)
"""

from typing import Any, Dict, List, NamedTuple, Optional, Tuple, Union

import numpy as np

Shape = Tuple[int, ...]

#: Minimise the mean of (x - y)^2 over a single variable x.
Quadratic = NamedTuple("Quadratic", [("x", float), ("y", float)])

#: One dense layer without activation, mean squared error.
LinearRegression = NamedTuple("LinearRegression", [("inputs", int), ("outputs", int)])

#: Adam's arguments; None leaves the framework version its own default.
Adam = NamedTuple(
    "Adam",
    [
        ("learning_rate", float),
        ("beta1", Optional[float]),
        ("beta2", Optional[float]),
        ("epsilon", Optional[float]),
    ],
)

Problem = Union[Quadratic, LinearRegression]

Batch = NamedTuple("Batch", [("inputs", np.ndarray), ("targets", np.ndarray)])


def as_set(value: float) -> float:
    """Return a parameter as a float32 kernel gets it, in its shortest decimal spelling.

    One version reports the double that was asked for, another the float32 that it became.
    """
    return float(str(np.float32(value)))


class Program(object):
    """A problem built in one framework version, with its optimizer, ready to be stepped."""

    def weight_shapes(self) -> List[Tuple[str, Shape]]:
        """Return the names and shapes of the trainable weights, in the model's order."""
        raise NotImplementedError

    def assign_weights(self, weights: Dict[str, np.ndarray]) -> None:
        """Replace the initial weights."""
        raise NotImplementedError

    def step(self, batch: Batch) -> float:
        """Make one update; return the batch's loss under the weights before it."""
        raise NotImplementedError

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Return the outputs, one row per example."""
        raise NotImplementedError

    def tensors(self) -> Dict[str, np.ndarray]:
        """Return weights, slots and optimizer scalars by their checkpoint keys."""
        raise NotImplementedError

    def permutation(self, count: int) -> np.ndarray:
        """Return the next epoch's order of `count` examples from the framework's generator."""
        raise NotImplementedError

    def effective_parameters(self) -> Dict[str, Any]:
        """Return the optimizer's parameters as the framework's own object reports them."""
        raise NotImplementedError


class Framework(object):
    """One imported framework version. Nothing here may run before `begin` but the import."""

    name = ""
    version = ""

    def begin(self, seed: int, threads: int) -> Dict[str, int]:
        """Set threads, devices and the framework's global seed; return the seeds set."""
        raise NotImplementedError

    def describe(self) -> Dict[str, Any]:
        """Return gpus, driver, cuda, cudnn and numerics for environment.json."""
        raise NotImplementedError

    def build(self, problem: Problem, optimizer: Adam) -> Program:
        """Build a problem as a user of this version would."""
        raise NotImplementedError

    def device_peak(self) -> Tuple[Optional[int], Optional[str]]:
        """Return peak device memory in bytes, or None and why it is not known."""
        raise NotImplementedError
