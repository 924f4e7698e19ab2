"""A linear regression with ten inputs on data that every NumPy makes alike.

Inputs are uniform on [-1, 1), targets their weighted sum plus uniform noise. Sums run in a fixed
order, one product at a time: a BLAS or a vectorised sum may round differently from build to
build, and then the versions would not be given the same data.
"""

from typing import Any, Dict, Optional, Tuple

import numpy as np

from diptych_runner.frameworks.base import LinearRegression
from diptych_runner.workloads.task import NO_AUGMENTATION, Data, Task, optimizer_of

INPUTS = 10
NOISE = 0.1
#: The data is part of the workload, not of a trial: every seed sees the same.
DATA_SEED = 20170614


def task(parameters: Dict[str, Any], pinned: Dict[str, str], _data: Optional[Data]) -> Task:
    """Return the task for a plan's parameters."""
    return Task(
        problem=LinearRegression(inputs=INPUTS, outputs=1),
        optimizer=optimizer_of(parameters, pinned),
        data=data(int(parameters["trainExamples"]), int(parameters["testExamples"])),
        batch_size=int(parameters["batchSize"]),
        steps=int(parameters["steps"]),
        epoch_steps=None,
        evaluate=None,
        augmentation=NO_AUGMENTATION,
    )


def data(train_examples: int, test_examples: int) -> Data:
    """Return training and test set, float32, of shapes (n, 10) and (n, 1)."""
    generator = np.random.RandomState(DATA_SEED)
    true_weights = 2.0 * generator.random_sample(INPUTS) - 1.0
    test = _examples(generator, true_weights, test_examples)
    train = _examples(generator, true_weights, train_examples)
    return Data("synthetic, seed {}".format(DATA_SEED), train[0], train[1], test[0], test[1])


def _examples(
    generator: "np.random.RandomState", weights: np.ndarray, count: int
) -> Tuple[np.ndarray, np.ndarray]:
    inputs = 2.0 * generator.random_sample((count, INPUTS)) - 1.0
    targets = NOISE * (2.0 * generator.random_sample(count) - 1.0)
    for place in range(INPUTS):
        targets = targets + inputs[:, place] * weights[place]
    return inputs.astype(np.float32), targets.astype(np.float32).reshape(count, 1)
