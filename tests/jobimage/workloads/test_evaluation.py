"""Twin of evaluation.py: hand-computed, and the same bits as Python's own arithmetic."""

import math

import numpy as np

from diptych_runner.workloads import evaluation


def test_accuracy_takes_the_first_of_equal_outputs():
    outputs = np.array([[0.5, 0.5], [0.2, 0.8], [0.9, 0.1]], dtype=np.float32)
    assert evaluation.accuracy(outputs, np.array([0, 1, 1])) == 2.0 / 3.0


def test_crossentropy_by_hand_and_clipped_as_keras_does():
    outputs = np.array([[0.25, 0.75], [0.0, 1.0]], dtype=np.float32)
    expected = (math.log(4) - math.log(1e-7)) / 2
    assert evaluation.crossentropy(outputs, np.array([0, 0])) == expected


def test_the_custom_loss_compares_each_label_with_every_output_of_its_row():
    outputs = np.array([[0.25, 0.75], [1.0, 0.0]], dtype=np.float32)
    expected = (0.75 + 0.25 + 1.0 + 0.0) / 4 + 0.001 * (0.0625 + 0.5625 + 1.0) / 4
    assert abs(evaluation.custom_loss(outputs, np.array([1, 0])) - expected) < 1e-15


def test_outputs_that_are_not_finite_give_nan():
    broken = np.array([[np.nan, 0.5]], dtype=np.float32)
    assert evaluation.accuracy(broken, np.array([0])) == 0.0
    assert math.isnan(evaluation.crossentropy(broken, np.array([0])))
    assert math.isnan(evaluation.custom_loss(broken, np.array([1])))


def test_the_loss_of_the_workload_is_the_one_evaluated():
    outputs = np.array([[0.25, 0.75]], dtype=np.float32)
    labels = np.array([1])
    own = evaluation.evaluate(outputs, labels, "sparse_categorical_crossentropy")
    custom = evaluation.evaluate(outputs, labels, "custom")
    assert own == {"test_loss": -math.log(0.75), "test_accuracy": 1.0}
    assert custom["test_loss"] == evaluation.custom_loss(outputs, labels)
