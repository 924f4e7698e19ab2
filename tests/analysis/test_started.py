"""Twin of started.py: weights that began otherwise under a control that shares them are told."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.analysis.builder import OWN_CODE, A, Training, begun, cell, plan, store, training

from diptych_analysis import analyze_folder
from diptych_runner.contract.trials import Trial


@pytest.mark.parametrize(
    ("away", "shared", "is_told"),
    [(True, ["initialWeights"], True), (True, [], False), (False, ["initialWeights"], False)],
)
def test_weights_that_begin_otherwise_under_a_control_that_shares_them_are_told(
    tmp_path: Path,
    away: bool,  # noqa: FBT001 - a parameter of the test
    shared: list[str],
    is_told: bool,  # noqa: FBT001
) -> None:
    made = plan(
        seeds=2,
        cells=[cell("SharedInit", seeds=2)],
        axes=OWN_CODE,
        analysis={"control": "SharedInit"},
    )

    def train(trial: Trial) -> Training:
        done = begun(training(1.0), away=away and trial.version != A)
        return replace(done, environment={"shared": shared})

    (candidate,) = analyze_folder(store(tmp_path, made, train)).candidates
    told = "SharedInit shares initial weights that were drawn, but w began otherwise"
    assert (told in candidate.reason) == is_told
