"""A task: problem, optimizer, data and length of one training run."""

from typing import Any, Dict, NamedTuple, Optional

import numpy as np

from diptych_runner.frameworks.base import Adam, Problem

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

Task = NamedTuple(
    "Task",
    [
        ("problem", Problem),
        ("optimizer", Adam),
        ("data", Data),
        ("batch_size", int),
        ("steps", int),
    ],
)


def adam_of(parameters: Dict[str, Any]) -> Adam:
    """Return Adam's arguments from a plan's parameters."""
    return Adam(
        learning_rate=float(parameters["learningRate"]),
        beta1=_number_or_none(parameters["beta1"]),
        beta2=_number_or_none(parameters["beta2"]),
        epsilon=_number_or_none(parameters["epsilon"]),
    )


def _number_or_none(value: Any) -> Optional[float]:
    return None if value is None else float(value)
