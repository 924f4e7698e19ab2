"""Twin of margins.py."""

import math

import numpy as np
import pytest
from tests.analysis.builder import metric

from diptych_analysis.errors import AnalysisError
from diptych_analysis.margins import margin_of, share_of

BASELINE = np.array([99.0, 101.0])


def test_an_absolute_margin_wins_over_a_relative_one() -> None:
    assert margin_of(metric(margin="0.5", relativeMargin="1%"), BASELINE) == 0.5
    assert margin_of(metric(margin="0"), np.array([])) == 0.0


def test_a_relative_margin_is_a_percentage_of_the_magnitude() -> None:
    assert margin_of(metric(relativeMargin="2%"), np.array([-40.0, -60.0])) == 1.0


def test_a_relative_margin_is_a_share_as_well() -> None:
    assert share_of(metric(relativeMargin="2%")) == 0.02


@pytest.mark.parametrize(
    "baseline", [[], [0.0, 0.0], [math.inf], [math.nan, 1.0], [-0.1, 0.3], [-1.0, 1.0]]
)
def test_of_nothing_there_is_no_percentage(baseline: list[float]) -> None:
    # Values on both sides of 0 do not tell even the sign of their mean.
    assert margin_of(metric(relativeMargin="2%"), np.array(baseline)) is None
    assert margin_of(metric(), np.array(baseline)) is None


@pytest.mark.parametrize("text", ["a lot", "-1", "NaN", "Infinity", "1e999"])
def test_what_is_not_a_margin_is_told(text: str) -> None:
    with pytest.raises(AnalysisError, match="margin"):
        margin_of(metric(margin=text), BASELINE)


def test_a_relative_margin_without_a_percent_sign_is_refused() -> None:
    # 0.05 might be meant as 5 %, and would be taken for 0.05 %.
    with pytest.raises(AnalysisError, match=r"relativeMargin '0\.05' of test_loss is not a percen"):
        margin_of(metric(relativeMargin="0.05"), np.ones(3))
