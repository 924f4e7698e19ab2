import numpy as np
import pytest

from diptych_runner.module.errors import ModuleError
from diptych_runner.module.weights import weights_of

LABELS = np.array([0, 2, 1, 2])


def test_without_any_all_count_alike():
    assert weights_of(LABELS, None, None) is None


@pytest.mark.parametrize("targets", [LABELS, LABELS.reshape(-1, 1), np.eye(3)[LABELS]])
def test_weights_of_classes_become_weights_of_examples(targets):
    found = weights_of(targets, {0: 1.0, 1: 0.5, 2: 3}, None)
    assert found is not None
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, [1.0, 3.0, 0.5, 3.0])


def test_weights_of_examples_are_taken_as_they_are():
    np.testing.assert_array_equal(weights_of(LABELS, None, [1, 2, 3, 4]), [1.0, 2.0, 3.0, 4.0])


@pytest.mark.parametrize(
    ("by_class", "by_example", "told"),
    [
        ({0: 1.0}, [1, 2, 3, 4], "not both"),
        ({0: 1.0}, None, "no weight for the classes 1, 2"),
        ([1.0, 2.0, 3.0], None, "a dict of class to weight, not list"),
        (None, [1, 2, 3], "4 examples, not int64 of shape [3]"),
        (None, [[1.0], [1.0], [1.0], [1.0]], "of shape [4, 1]"),
    ],
)
def test_weights_that_fit_nothing_are_refused(by_class, by_example, told):
    with pytest.raises(ModuleError) as caught:
        weights_of(LABELS, by_class, by_example)
    assert told in str(caught.value)


def test_a_share_to_validate_on_has_no_weights_of_its_own():
    np.testing.assert_array_equal(weights_of(LABELS, {0: 1, 1: 1, 2: 1}, None, 0.5), [1.0] * 4)
    with pytest.raises(ModuleError) as caught:
        weights_of(LABELS, None, [1, 2, 3, 4], 0.5)
    assert "give validation_data" in str(caught.value)
