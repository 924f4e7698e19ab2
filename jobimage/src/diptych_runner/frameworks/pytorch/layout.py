"""Names and axes of PyTorch's tensors in a record: those of the other frameworks.

A Linear keeps its weights as (outputs, inputs). They are recorded, and given, as `kernel` of
(inputs, outputs): so equal initial weights are the same bits in every framework. A slot of a
matrix lies as the matrix does.
"""

from typing import Any, List, NamedTuple

import numpy as np

#: `parameter` is a torch.nn.Parameter.
Weight = NamedTuple("Weight", [("name", str), ("parameter", Any)])


def of_linear(linear: Any, prefix: str = "") -> List[Weight]:
    """Return a Linear's parameters by name: kernel, then bias."""
    return [Weight(prefix + "kernel", linear.weight), Weight(prefix + "bias", linear.bias)]


def turned(array: np.ndarray) -> np.ndarray:
    """Return an array with a matrix's axes exchanged, in C order; anything else as it is."""
    return np.ascontiguousarray(array.T) if array.ndim == 2 else array


def to_numpy(tensor: Any) -> np.ndarray:
    """Return a copy of a tensor with its axes as they are."""
    return np.array(tensor.detach().cpu().numpy())


def to_array(tensor: Any) -> np.ndarray:
    """Return a copy of a weight, or of what goes with one, as it is recorded."""
    return turned(to_numpy(tensor))
