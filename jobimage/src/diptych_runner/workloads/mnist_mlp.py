"""The multilayer perceptron that every Keras tutorial trains on handwritten digits.

Flatten, Dense 128 ReLU, Dropout, Dense 10 softmax; on the digits that travel with the runner, or
on a data set of the plan's own.
"""

from typing import Any, Dict, Optional

import numpy as np

from diptych_runner.frameworks.base import Mlp
from diptych_runner.workloads import evaluation
from diptych_runner.workloads.task import NO_AUGMENTATION, Data, Task, optimizer_of

HIDDEN = 128
CLASSES = 10


def task(parameters: Dict[str, Any], pinned: Dict[str, str], data: Optional[Data]) -> Task:
    """Return the task for a plan's parameters on images (n, ...) with labels (n,)."""
    if data is None:
        raise ValueError("mnist-mlp needs images and labels")
    loss = str(parameters["loss"])
    batch_size = int(parameters["batchSize"])
    epoch_steps = -(-len(data.train_inputs) // batch_size)

    def evaluate(outputs: np.ndarray, labels: np.ndarray) -> Dict[str, float]:
        return evaluation.evaluate(outputs, labels, loss)

    return Task(
        problem=Mlp(
            input_shape=tuple(data.train_inputs.shape[1:]),
            hidden=HIDDEN,
            outputs=CLASSES,
            dropout=float(parameters["dropout"]),
            loss=loss,
        ),
        optimizer=optimizer_of(parameters, pinned),
        data=data,
        batch_size=batch_size,
        steps=int(parameters["epochs"]) * epoch_steps,
        epoch_steps=epoch_steps,
        evaluate=evaluate,
        augmentation=NO_AUGMENTATION,
    )
