"""Outputs and targets of a test set, in the form that the plan's metrics are computed from.

What does not fit is told here, while the code that made it still has a traceback; the analysis
could only refuse the record.
"""

from typing import Any, List, Tuple

import numpy as np

from diptych_runner.module.errors import ModuleError

#: Evaluators of outputs (examples, classes) against one label each.
_OF_LABELS = ("absoluteErrorWithSquare", "accuracy", "sparseCategoricalCrossentropy")


def fitted(outputs: Any, targets: Any, evaluators: List[str]) -> Tuple[np.ndarray, np.ndarray]:
    """Return outputs and targets as arrays that every evaluator takes.

    Labels may come as (n,), as (n, 1) or one-hot. Raises ModuleError that names the shapes.
    """
    made, right = _array("outputs", outputs), _array("targets", targets)
    if made.ndim == 0 or right.ndim == 0 or len(made) != len(right) or len(made) == 0:
        raise ModuleError(
            "run.predictions: outputs have the shape {} and targets {}; one row an example is "
            "needed, as many in both".format(list(made.shape), list(right.shape))
        )
    labelled = [name for name in evaluators if name in _OF_LABELS]
    if labelled:
        right = _labels(made, right, labelled[0])
    elif right.shape != made.shape and right.size == made.size:
        right = right.reshape(made.shape)
    if "meanSquaredError" in evaluators and right.shape != made.shape:
        raise ModuleError(
            "run.predictions: meanSquaredError takes outputs and targets of one shape, not {} and "
            "{}".format(list(made.shape), list(right.shape))
        )
    return made, right


def _array(what: str, value: Any) -> np.ndarray:
    array = np.asarray(value.numpy() if hasattr(value, "numpy") else value)
    if array.dtype.kind not in "biuf":
        # bfloat16 is a type of its own to NumPy.
        try:
            array = array.astype(np.float32)
        except (TypeError, ValueError):
            raise ModuleError("run.predictions: {} hold {}, not numbers".format(what, array.dtype))
    return array


def _labels(outputs: np.ndarray, targets: np.ndarray, evaluator: str) -> np.ndarray:
    if outputs.ndim != 2 or outputs.shape[1] < 2:
        raise ModuleError(
            "run.predictions: {} takes outputs (examples, classes) with a column for each of at "
            "least two classes, not {}; one column of probabilities p becomes two by "
            "numpy.hstack([1 - p, p])".format(evaluator, list(outputs.shape))
        )
    if targets.shape == outputs.shape and _is_one_hot(targets):
        targets = np.argmax(targets, axis=1)
    labels = targets.reshape(len(targets), -1)
    if labels.shape[1] != 1 or not np.all(labels == np.floor(labels)):
        raise ModuleError(
            "run.predictions: {} takes one whole number each as target, or one-hot rows, not {} "
            "{}".format(evaluator, targets.dtype, list(targets.shape))
        )
    if labels.min() < 0 or labels.max() >= outputs.shape[1]:
        raise ModuleError(
            "run.predictions: outputs have {0} columns, so {1} takes targets from 0 to {2}, not "
            "from {3:.0f} to {4:.0f}; {5}".format(
                outputs.shape[1],
                evaluator,
                outputs.shape[1] - 1,
                labels.min(),
                labels.max(),
                (
                    "count classes from 0"
                    if labels.min() < 0
                    else "give the model's last layer {:.0f} outputs".format(labels.max() + 1)
                ),
            )
        )
    return labels.reshape(-1).astype(np.int64)


def _is_one_hot(targets: np.ndarray) -> bool:
    return bool(np.all((targets == 0) | (targets == 1)) and np.all(targets.sum(axis=1) == 1))
