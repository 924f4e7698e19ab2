"""(x - y)^2 from x = 1 to y = 2: the smallest run that shows an optimizer's whole state.

There is no data: one example stands for it, whose output is x and whose target is y.
"""

from typing import Any, Dict, Optional

import numpy as np

from diptych_runner.frameworks.base import Quadratic
from diptych_runner.workloads.task import NO_AUGMENTATION, Data, Task, optimizer_of


def task(parameters: Dict[str, Any], pinned: Dict[str, str], _data: Optional[Data]) -> Task:
    """Return the task for a plan's parameters."""
    problem = Quadratic(x=float(parameters["x"]), y=float(parameters["y"]))
    inputs = np.zeros((1, 1), dtype=np.float32)
    targets = np.full((1, 1), problem.y, dtype=np.float32)
    return Task(
        problem=problem,
        optimizer=optimizer_of(parameters, pinned),
        data=Data("none", inputs, targets, inputs, targets),
        batch_size=1,
        steps=int(parameters["steps"]),
        epoch_steps=None,
        evaluate=None,
        augmentation=NO_AUGMENTATION,
    )
