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


class ShapeError(ValueError):
    """Outputs and targets have shapes that the evaluator does not take."""


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


_REGISTRY: dict[str, Evaluator] = {"meanSquaredError": mean_squared_error}


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
