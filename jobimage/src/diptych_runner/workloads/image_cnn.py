"""Image classification by a small convolutional network whose parts can be switched.

On the digits that travel with the runner, on a data set of the plan's own, or on synthetic images
of any size, for tests of scale.
"""

from typing import Any, Dict, Optional

import numpy as np

from diptych_runner.frameworks.base import CROSSENTROPY, Cnn
from diptych_runner.workloads import evaluation, synthetic
from diptych_runner.workloads.task import Data, Task, optimizer_of

#: Channels of the first stage and blocks of each, before the multipliers.
WIDTH = 16


def task(parameters: Dict[str, Any], pinned: Dict[str, str], data: Optional[Data]) -> Task:
    """Return the task for a plan's parameters on images (n, h, w) or (n, h, w, c) with labels."""
    if parameters["dataset"] == "synthetic":
        data = synthetic.images(
            size=int(parameters["imageSize"]),
            channels=int(parameters["channels"]),
            classes=int(parameters["classes"]),
            train_examples=int(parameters["syntheticTrain"]),
            test_examples=int(parameters["syntheticTest"]),
        )
    if data is None:
        raise ValueError("image-cnn needs images and labels")
    data = _with_channels(data)
    batch_size = int(parameters["batchSize"])
    epoch_steps = -(-len(data.train_inputs) // batch_size)
    width = max(1, round(WIDTH * float(parameters["width"])))
    labels = np.concatenate([data.train_targets, data.test_targets])

    def evaluate(outputs: np.ndarray, targets: np.ndarray) -> Dict[str, float]:
        return evaluation.evaluate(outputs, targets, CROSSENTROPY)

    return Task(
        problem=Cnn(
            input_shape=tuple(data.train_inputs.shape[1:]),
            outputs=max(2, int(labels.max()) + 1),
            width=width,
            depth=int(parameters["depth"]),
            batch_norm=parameters["batchNorm"] == "on",
            batch_norm_momentum=float(parameters["batchNormMomentum"]),
            batch_norm_epsilon=float(parameters["batchNormEpsilon"]),
            residual=parameters["residual"] == "on",
            dropout=float(parameters["dropout"]),
            loss=CROSSENTROPY,
        ),
        optimizer=optimizer_of(parameters, pinned),
        data=data,
        batch_size=batch_size,
        steps=int(parameters["epochs"]) * epoch_steps,
        epoch_steps=epoch_steps,
        evaluate=evaluate,
        augmentation=str(parameters["augmentation"]),
    )


def _with_channels(data: Data) -> Data:
    """Return grey images (n, h, w) with the one channel that a convolution needs."""
    if data.train_inputs.ndim == 3:
        return data._replace(
            train_inputs=data.train_inputs[..., np.newaxis],
            test_inputs=data.test_inputs[..., np.newaxis],
        )
    if data.train_inputs.ndim != 4:
        raise ValueError(
            "image-cnn needs images of shape (n, height, width) or (n, height, width, channels), "
            "not {}".format(list(data.train_inputs.shape))
        )
    return data
