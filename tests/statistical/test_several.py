"""Several metrics, versions and outcomes, from records to verdict: the short form of the table."""

import math

import numpy as np
import pytest
from tools.calibration import several
from tools.calibration.several import TRUTHS, Tally, Truth, outputs_of, tally, targets

from diptych_analysis.evaluators import (
    absolute_error_with_square,
    accuracy,
    sparse_categorical_crossentropy,
)

ALPHA, COMPARISONS = 0.05, 20
EQUAL, BEYOND = (0.0, 0.0, 0.0), (3.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("right", "loss", "other"), [(160, 0.55, 1.38), (140, 0.6, 1.35), (178, 0.7, 1.41)]
)
def test_predictions_have_the_metrics_that_were_drawn(
    right: int, loss: float, other: float
) -> None:
    outputs = outputs_of(right, loss, other)
    assert accuracy(outputs, targets()) == right / 200
    assert sparse_categorical_crossentropy(outputs, targets()) == pytest.approx(loss, abs=1e-12)
    assert absolute_error_with_square(outputs, targets()) == pytest.approx(other, abs=1e-12)


def test_predictions_that_cannot_have_them_are_told() -> None:
    with pytest.raises(ValueError, match="no outputs have 20 right"):
        outputs_of(20, 0.1, 1.38)


def at_most(count: int, total: int) -> None:
    """Hold a count to alpha, but for chance: 1 in 1,000."""
    assert count <= ALPHA * total + 3.1 * math.sqrt(ALPHA * (1 - ALPHA) * total) + 1


@pytest.mark.parametrize(("correlation", "diverging"), [(0.0, 0.1), (0.95, 0.0)])
def test_equal_versions_raise_an_alarm_anywhere_in_at_most_alpha(
    correlation: float, diverging: float
) -> None:
    truth = Truth("equal", 6, (EQUAL,) * 2, correlation, diverging, declared=False)
    found = tally(truth, COMPARISONS)
    assert found.equal_rows == COMPARISONS * 6
    at_most(found.false_different, COMPARISONS)
    assert found.equivalent_candidates == 0


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_version_at_a_margin_of_one_metric_is_equivalent_in_at_most_alpha(place: int) -> None:
    shift = tuple(float(place == k) for k in range(3))
    found = tally(Truth("at", 6, ((shift[0], shift[1], shift[2]),), 0.5), COMPARISONS)
    assert (found.apart_rows, found.equal_rows) == (COMPARISONS, 2 * COMPARISONS)
    at_most(found.false_equivalent_rows, COMPARISONS)
    assert found.false_equivalent_candidates <= found.false_equivalent_rows


def test_what_is_far_apart_is_found_beside_what_is_not() -> None:
    found = tally(Truth("one of two", 8, (EQUAL, BEYOND), failing=0.05), COMPARISONS)
    assert found.different_candidates >= 0.8 * COMPARISONS
    assert found.equivalent_candidates > 0
    at_most(found.false_different, COMPARISONS)


def test_a_table_has_a_row_for_each_truth_and_a_dash_for_what_cannot_be() -> None:
    found = [Tally(truth, 4, equal_rows=8, false_different=1) for truth in TRUTHS[:2]]
    lines = several.table(found)
    assert len(lines) == 4
    assert lines[2] == (
        "| three equal candidates | 5 | 0 | 4 | 0.0 % | 25.0 % | – | – | – | – | – |"
    )
    assert len({line.count("|") for line in lines}) == 1


def test_margins_are_what_differences_are_planted_by() -> None:
    truth = Truth("at", 5, ((1.0, -1.0, 1.0),), 0.95)
    examples = truth.margins[0] * 200
    assert examples == round(examples) > 0
    assert np.all(np.array(truth.margins) > 0)
