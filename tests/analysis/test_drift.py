"""A metric whose name changed its meaning is told from a model that changed."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.analysis import builder
from tests.analysis.builder import A, B, Training

from diptych_analysis import Summary, analyze_folder
from diptych_runner.contract.trials import Trial


def compared(root: Path, reported: dict[str, dict[str, float]]) -> Summary:
    """Analyse two versions whose own `loss` says something; test_loss is 1 in both."""

    def train(trial: Trial) -> Training:
        return replace(builder.training(1.0), reported=reported[trial.version])

    made = builder.plan(seeds=3, cells=[builder.cell(seeds=3)])
    return analyze_folder(builder.store(root, made, train))


def test_a_changed_meaning_is_drift_and_no_regression(tmp_path: Path) -> None:
    summary = compared(tmp_path, {A: {"framework_loss": 1.0}, B: {"framework_loss": 0.25}})
    (candidate,) = summary.candidates
    (metric,) = candidate.metrics
    assert metric.framework_metric_drift == -0.75
    assert metric.difference == 0
    assert "a change of what is reported under that name" in candidate.reason
    # What a version calls its metric is no part of how it trains.
    assert summary.verdict == "Identical"


def test_equal_meanings_have_no_drift(tmp_path: Path) -> None:
    summary = compared(tmp_path, {A: {"framework_loss": 3.0}, B: {"framework_loss": 3.0}})
    assert summary.candidates[0].metrics[0].framework_metric_drift == 0
    assert "reported under" not in summary.candidates[0].reason


@pytest.mark.parametrize("reported", [{}, {"framework_accuracy": 0.5}])
def test_a_metric_that_a_version_does_not_report_has_none(
    tmp_path: Path, reported: dict[str, float]
) -> None:
    summary = compared(tmp_path, {A: {"framework_loss": 1.0}, B: reported})
    assert summary.candidates[0].metrics[0].framework_metric_drift is None
