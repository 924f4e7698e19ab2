"""Twin of evaluators.py."""

import math

import numpy as np
import pytest
from tests.analysis.builder import metric

from diptych_analysis.errors import AnalysisError
from diptych_analysis.evaluators import ShapeError, evaluators_of, mean_squared_error


def test_mean_squared_error_by_hand_in_float64() -> None:
    outputs, targets = np.array([[1.0], [3.0]], dtype=np.float32), np.zeros((2, 1), np.float32)
    assert mean_squared_error(outputs, targets) == 5.0
    # 1e-30 squared is 0 in float32.
    tiny = np.full((2, 1), 1e-30, dtype=np.float32)
    assert mean_squared_error(tiny, targets) == pytest.approx(1e-60, rel=1e-6)


def test_too_large_values_are_infinite_without_a_warning() -> None:
    assert mean_squared_error(np.full(2, 1e200), np.zeros(2)) == math.inf
    assert mean_squared_error(np.full(2, 1.7e308), np.full(2, -1.7e308)) == math.inf


@pytest.mark.parametrize("shapes", [((2, 1), (2,)), ((0, 1), (0, 1)), ((3, 1), (2, 1))])
def test_other_shapes_are_told(shapes: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    with pytest.raises(ShapeError, match="of one shape"):
        mean_squared_error(np.zeros(shapes[0]), np.zeros(shapes[1]))


def test_an_unknown_evaluator_is_named() -> None:
    with pytest.raises(AnalysisError, match="evaluator 'top7' is not one of meanSquaredError"):
        evaluators_of([metric(evaluator="top7")])
