"""A task: problem, optimizer, data and length of one training run."""

from typing import Any, Callable, Dict, NamedTuple, Optional

import numpy as np

from diptych_runner.frameworks.base import Adam, Optimizer, Problem

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
    ],
)


def number_or_none(value: Any) -> Optional[float]:
    """Return a decimal string as a number; None stays: the version's own default."""
    return None if value is None else float(value)


def adam_of(parameters: Dict[str, Any]) -> Adam:
    """Return Adam's arguments from a plan's parameters."""
    return Adam(
        learning_rate=number_or_none(parameters["learningRate"]),
        beta1=number_or_none(parameters["beta1"]),
        beta2=number_or_none(parameters["beta2"]),
        epsilon=number_or_none(parameters["epsilon"]),
    )
