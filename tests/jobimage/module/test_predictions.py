import numpy as np
import pytest

from diptych_runner.module.errors import ModuleError
from diptych_runner.module.predictions import fitted

OUTPUTS = np.array([[0.1, 0.9], [0.8, 0.2], [0.5, 0.5]])
LABELS = [1, 0, 1]


@pytest.mark.parametrize(
    "targets",
    [
        LABELS,
        np.array(LABELS, dtype=np.uint8),
        np.array(LABELS, dtype=np.float32).reshape(3, 1),
        np.array([[0.0, 1.0], [1.0, 0.0], [0.0, 1.0]]),
    ],
    ids=["list", "bytes", "column of fractions", "one-hot"],
)
def test_labels_may_come_in_every_form_that_keras_takes(targets):
    outputs, labels = fitted(OUTPUTS, targets, ["accuracy"])
    assert labels.dtype == np.int64
    assert labels.tolist() == LABELS
    assert outputs is OUTPUTS


def test_a_regression_keeps_its_numbers_and_gets_the_shape_of_its_outputs():
    outputs, targets = fitted(np.ones((3, 1)), [0.5, 1.5, 2.5], ["meanSquaredError"])
    assert outputs.shape == targets.shape == (3, 1)
    assert targets.ravel().tolist() == [0.5, 1.5, 2.5]


@pytest.mark.parametrize(
    ("outputs", "targets", "evaluator", "told"),
    [
        (OUTPUTS, LABELS[:2], "accuracy", "as many in both"),
        (np.float32(3), LABELS, "accuracy", "one row an example"),
        (np.zeros((0, 2)), [], "accuracy", "one row an example"),
        (OUTPUTS[:, 1:], LABELS, "accuracy", "at least two classes"),
        (OUTPUTS, [0, 1, 2], "accuracy", "from 0 to 1, not from 0 to 2; give the model's last"),
        (OUTPUTS, [0, 1, 2], "accuracy", "outputs have 2 columns"),
        (OUTPUTS, [0, 1, 2], "accuracy", "layer 3 outputs"),
        (OUTPUTS, [0, 1, -1], "accuracy", "from 0 to 1, not from -1 to 1; count classes from 0"),
        (OUTPUTS, [0.5, 1, 0], "sparseCategoricalCrossentropy", "one whole number each"),
        (OUTPUTS, np.zeros((3, 3)), "accuracy", "one whole number each"),
        (OUTPUTS, LABELS, "meanSquaredError", "one shape, not [3, 2] and [3]"),
        (np.array(["a", "b", "c"]), LABELS, "accuracy", "not numbers"),
    ],
)
def test_what_no_metric_could_be_computed_from_is_told_with_its_shapes(
    outputs, targets, evaluator, told
):
    with pytest.raises(ModuleError) as caught:
        fitted(outputs, targets, [evaluator])
    assert told in str(caught.value)
