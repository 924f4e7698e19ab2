"""Twin of evaluators.py."""

import math

import numpy as np
import pytest
from tests.analysis.builder import metric

from diptych_analysis.errors import AnalysisError
from diptych_analysis.evaluators import (
    Evaluator,
    ShapeError,
    absolute_error_with_square,
    accuracy,
    evaluators_of,
    mean_squared_error,
    sparse_categorical_crossentropy,
)
from diptych_runner.contract import tables

CLASSIFIERS = [absolute_error_with_square, accuracy, sparse_categorical_crossentropy]


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
    with pytest.raises(AnalysisError, match=r"evaluator 'top7' is not one of .*meanSquaredError"):
        evaluators_of([metric(evaluator="top7")])


def test_accuracy_takes_the_first_of_equal_outputs() -> None:
    outputs = np.array([[0.5, 0.5], [0.2, 0.8], [0.6, 0.4], [np.nan, 0.4]], dtype=np.float32)
    assert accuracy(outputs, np.array([0, 1, 1, 0])) == 0.5


def test_crossentropy_by_hand_and_clipped_as_keras_does() -> None:
    outputs = np.array([[0.25, 0.75], [0.5, 0.5]])
    expected = (math.log(4) + math.log(2)) / 2
    assert sparse_categorical_crossentropy(outputs, np.array([0, 1])) == pytest.approx(expected)
    sure = np.array([[0.0, 1.0]], dtype=np.float32)
    wrong = sparse_categorical_crossentropy(sure, np.array([0]))
    right = sparse_categorical_crossentropy(sure, np.array([1]))
    assert wrong == pytest.approx(-math.log(1e-7))
    assert right == pytest.approx(1e-7, rel=1e-6)


def test_the_custom_loss_compares_each_label_with_every_output_of_its_row() -> None:
    outputs = np.array([[0.25, 0.75], [1.0, 0.0]])
    # Label 1 against 0.25 and 0.75, label 0 against 1 and 0.
    by_hand = (0.75 + 0.25 + 1.0 + 0.0) / 4 + 0.001 * (0.0625 + 0.5625 + 1.0 + 0.0) / 4
    assert absolute_error_with_square(outputs, np.array([1, 0])) == pytest.approx(by_hand)


@pytest.mark.parametrize("evaluator", CLASSIFIERS)
@pytest.mark.parametrize(
    ("targets", "message"),
    [
        (np.array([[0], [1]]), "takes outputs"),
        (np.array([0.0, 1.0]), "takes outputs"),
        (np.array([0]), "takes outputs"),
        (np.array([0, 2]), "targets from 0 to 1, not from 0 to 2"),
        (np.array([-1, 0]), "targets from 0 to 1, not from -1 to 0"),
    ],
)
def test_labels_that_do_not_fit_are_told(
    evaluator: Evaluator, targets: np.typing.NDArray[np.int64], message: str
) -> None:
    with pytest.raises(ShapeError, match=message):
        evaluator(np.full((2, 2), 0.5), targets)


def test_every_evaluator_of_the_workload_table_is_known() -> None:
    for workload in tables.workloads().values():
        for row in workload.metrics:
            named = [row.evaluator, *(variant.evaluator for variant in row.variants)]
            assert evaluators_of([metric(evaluator=name) for name in named])


@pytest.mark.parametrize("outputs", [[[-2.0, 3.0]], [[0.5, 1.5]], [[-1e-3, 0.5]]])
def test_crossentropy_refuses_logits(outputs: list[list[float]]) -> None:
    with pytest.raises(ShapeError, match="outputs that are probabilities, not values from"):
        sparse_categorical_crossentropy(np.array(outputs), np.array([0]))


def test_crossentropy_takes_a_softmax_that_was_rounded_up() -> None:
    outputs = np.array([[1.0000002, 0.0]], dtype=np.float32)
    assert sparse_categorical_crossentropy(outputs, np.array([0])) == pytest.approx(1e-7)
