"""Twin of cause.py: what the place of the first difference proves, and what it does not."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.analysis.builder import B, Training, cell, plan, store, training

from diptych_analysis import analyze_folder
from diptych_runner.contract.trials import Trial


@pytest.mark.parametrize(
    ("has_slots", "told"),
    [
        (True, "with equal loss and slots: the update"),
        (False, "from equal weights and with an equal loss: the gradient or the update"),
    ],
)
def test_equal_slots_prove_an_equal_gradient_where_there_are_any(
    tmp_path: Path, *, has_slots: bool, told: str
) -> None:
    """Without momentum nothing that is recorded takes in the gradient."""
    slots = {"slots/w/m": np.ones(2, dtype=np.float32)} if has_slots else {}

    def train(trial: Trial) -> Training:
        away = trial.version == B
        done = training(9 + trial.seed + away, losses=(2.0, 1.0 + away))
        weights = [np.full(2, value, dtype=np.float32) for value in (1.0, 2.0 + away, 3.0 + away)]
        checkpoints = {step: {"weights/w": w, **slots} for step, w in enumerate(weights)}
        return replace(done, checkpoints=checkpoints)

    made = plan(seeds=6, cells=[cell("SharedInit", seeds=6)], analysis={"control": "SharedInit"})
    (candidate,) = analyze_folder(store(tmp_path, made, train)).candidates
    assert told in str(candidate.cause)
