"""Twin of records/predicted.py."""

import numpy as np
import pytest

from diptych_analysis.records import predicted
from diptych_analysis.records.predicted import NO_CLASS, predicted_of

OUTPUTS = np.array([[0.1, 0.9, 0.0], [0.5, 0.5, 0.0], [np.nan, 1.0, 0.0], [0.0, 0.2, 0.8]])


def test_the_largest_output_is_the_class_and_nan_is_none() -> None:
    found = predicted_of(OUTPUTS, np.array([1, 1, 1, 2], dtype=np.uint8), "0" * 64)
    assert found is not None
    assert found.labels.tolist() == [1, 0, NO_CLASS, 2]
    assert found.recall.tolist()[1:] == [pytest.approx(1 / 3), 1.0]
    assert np.isnan(found.recall[0])  # no example of class 0


def test_rows_are_looked_at_part_by_part(monkeypatch: pytest.MonkeyPatch) -> None:
    outputs, targets = np.random.default_rng(1).random((100, 5)), np.arange(100) % 5
    whole = predicted_of(outputs, targets, "")
    monkeypatch.setattr(predicted, "_ROWS", 7)
    parts = predicted_of(outputs, targets, "")
    assert whole is not None
    assert parts is not None
    assert np.array_equal(whole.labels, parts.labels)


@pytest.mark.parametrize(
    ("outputs", "targets"),
    [
        (np.ones((4, 1)), np.zeros(4, dtype=int)),
        (np.ones((4, 2)), np.zeros((4, 2))),
        (np.ones((4, 2)), np.zeros(4)),
        (np.ones((4, 2)), np.full(4, 2)),
        (np.ones((4, 2)), np.full(4, -1)),
        (np.ones((4, 2), dtype=int), np.zeros(4, dtype=int)),
        (np.ones((0, 2)), np.zeros(0, dtype=int)),
        (np.ones(4), np.zeros(4, dtype=int)),
    ],
)
def test_other_outputs_are_of_no_classifier(outputs: object, targets: object) -> None:
    assert predicted_of(outputs, targets, "") is None  # type: ignore[arg-type]
