"""A task: problem, optimizer, data and length of one training run."""

from typing import Any, Callable, Dict, NamedTuple, Optional

import numpy as np

from diptych_runner.contract import optimizers
from diptych_runner.frameworks.base import Optimizer, Problem

Data = NamedTuple(
    "Data",
    [
        ("source", str),
        ("train_inputs", np.ndarray),
        ("train_targets", np.ndarray),
        ("test_inputs", np.ndarray),
        ("test_targets", np.ndarray),
    ],
)

#: From outputs (n, ...) and targets of the test set to numbers by name.
Evaluate = Callable[[np.ndarray, np.ndarray], Dict[str, float]]

#: `epoch_steps` of a workload that trains by epochs: an epoch's last batch may be smaller, and
#: `evaluate` runs at its end. None of one that counts steps alone: its batches straddle epochs.
Task = NamedTuple(
    "Task",
    [
        ("problem", Problem),
        ("optimizer", Optimizer),
        ("data", Data),
        ("batch_size", int),
        ("steps", int),
        ("epoch_steps", Optional[int]),
        ("evaluate", Optional[Evaluate]),
        ("augmentation", str),
    ],
)

#: Images are trained on as they are.
NO_AUGMENTATION = "none"


def optimizer_of(parameters: Dict[str, Any], pinned: Dict[str, str]) -> Optimizer:
    """Return the optimizer that a plan's parameters ask for.

    `pinned` are values for those that they leave to the version.
    """
    name = optimizers.chosen(parameters)
    row = optimizers.OPTIMIZERS[name]
    asked = dict(row.own)
    asked.update({key: parameters[key] for key in row.parameters if parameters.get(key)})
    return Optimizer(
        name=name,
        given={key: float(value) for key, value in asked.items()},
        pinned={key: float(value) for key, value in pinned.items() if key not in asked},
    )
