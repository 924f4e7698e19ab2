"""Metrics recomputed from predictions, in float64, by the evaluators that a plan names.

The frameworks' own metrics change their meaning between versions; these do not.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from diptych_analysis.errors import AnalysisError

Array = npt.NDArray[Any]
Evaluator = Callable[[Array, Array], float]

#: What Keras clips probabilities to before their logarithm.
KERAS_EPSILON = 1e-7
#: Of a softmax of few bits, rounded up.
_LARGEST_PROBABILITY = 1.001


class ShapeError(ValueError):
    """Outputs and targets have shapes, or values, that the evaluator does not take."""


def mean_squared_error(outputs: Array, targets: Array) -> float:
    """Return the mean of (outputs - targets)^2 over all elements, in float64.

    `outputs` and `targets` have one shape (examples, ...) with at least one element, else
    ShapeError. Too large values give infinity.
    """
    if outputs.shape != targets.shape or outputs.size == 0:
        raise ShapeError(
            f"meanSquaredError takes outputs and targets of one shape, not "
            f"{list(outputs.shape)} and {list(targets.shape)}"
        )
    with np.errstate(over="ignore"):
        errors = outputs.astype(np.float64) - targets.astype(np.float64)
        return float(np.mean(np.square(errors)))


def accuracy(outputs: Array, targets: Array) -> float:
    """Return the share of rows whose largest output, the first of equals, is the target's.

    `outputs` (examples, classes), `targets` (examples,) whole numbers, else ShapeError. A row
    with a NaN counts as wrong.
    """
    _labelled("accuracy", outputs, targets)
    right = (np.argmax(outputs, axis=1) == targets) & ~np.isnan(outputs).any(axis=1)
    return float(np.mean(right))


def sparse_categorical_crossentropy(outputs: Array, targets: Array) -> float:
    """Return the mean of -ln(probability of the target), in float64.

    `outputs` (examples, classes) are probabilities, `targets` (examples,) class numbers, else
    ShapeError. Probabilities are clipped to [1e-7, 1 - 1e-7] as Keras does (its epsilon): a
    confident mistake costs 16.1, not infinity. Logits are refused: clipped, they would be a loss
    that nobody trained for.
    """
    _labelled("sparseCategoricalCrossentropy", outputs, targets)
    if outputs.min() < 0 or outputs.max() > _LARGEST_PROBABILITY:
        raise ShapeError(
            "sparseCategoricalCrossentropy takes outputs that are probabilities, not values from "
            f"{float(outputs.min()):.4g} to {float(outputs.max()):.4g}; record logits through a "
            "softmax"
        )
    chosen = outputs[np.arange(len(targets)), targets].astype(np.float64)
    return float(np.mean(-np.log(np.clip(chosen, KERAS_EPSILON, 1.0 - KERAS_EPSILON))))


def absolute_error_with_square(outputs: Array, targets: Array) -> float:
    """Return the mean of |y - yhat| + 0.001 yhat^2, in float64: mnist-mlp's custom loss.

    Each target of `targets` (examples,) is compared with every output of its row of `outputs`
    (examples, classes), else ShapeError.
    """
    _labelled("absoluteErrorWithSquare", outputs, targets)
    wide = outputs.astype(np.float64)
    errors = np.abs(targets.astype(np.float64)[:, np.newaxis] - wide)
    return float(np.mean(errors + 0.001 * np.square(wide)))


def _labelled(evaluator: str, outputs: Array, targets: Array) -> None:
    """Refuse anything but one whole number from 0 to classes - 1 per row of outputs."""
    if (
        outputs.ndim != 2
        or outputs.size == 0
        or targets.shape != outputs.shape[:1]
        or targets.dtype.kind not in "iu"
    ):
        raise ShapeError(
            f"{evaluator} takes outputs (examples, classes) and one whole number each as target, "
            f"not {list(outputs.shape)} and {targets.dtype} {list(targets.shape)}"
        )
    if targets.min() < 0 or targets.max() >= outputs.shape[1]:
        raise ShapeError(
            f"{evaluator} takes targets from 0 to {outputs.shape[1] - 1}, "
            f"not from {targets.min()} to {targets.max()}"
        )


_REGISTRY: dict[str, Evaluator] = {
    "absoluteErrorWithSquare": absolute_error_with_square,
    "accuracy": accuracy,
    "meanSquaredError": mean_squared_error,
    "sparseCategoricalCrossentropy": sparse_categorical_crossentropy,
}


def evaluators_of(metrics: list[Mapping[str, Any]]) -> dict[str, Evaluator]:
    """Return the evaluator of each metric of a plan, by the metric's name.

    Raises AnalysisError for an evaluator that this version does not have.
    """
    unknown = sorted({entry["evaluator"] for entry in metrics} - set(_REGISTRY))
    if unknown:
        raise AnalysisError(
            f"plan.json: evaluator {unknown[0]!r} is not one of {', '.join(sorted(_REGISTRY))}; "
            "a newer analysis may have it"
        )
    return {entry["name"]: _REGISTRY[entry["evaluator"]] for entry in metrics}
