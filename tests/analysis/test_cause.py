"""Twin of cause.py: what the place of the first difference proves, and what it does not."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.analysis.builder import B, Training, cell, metric, plan, store, training

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


@pytest.mark.parametrize(
    ("margins", "start"),
    [
        (
            ("1", None),
            "Of test_loss, the first primary metric, and not of second, which is Different: seed "
            "by seed the values of test_loss lie 0.",
        ),
        ((None, "1"), "Seed by seed the values of test_loss lie 0."),
        (("1", "1"), "Seed by seed the values of test_loss lie 0."),
    ],
)
def test_a_cause_is_not_read_as_that_of_another_metric_which_differs(
    tmp_path: Path, margins: tuple[str | None, str | None], start: str
) -> None:
    def train(trial: Trial) -> Training:
        away = trial.version == B
        rng = np.random.default_rng([trial.seed, away])
        return training(1 + 0.1 * away + 0.01 * rng.random(), losses=(2.0, 1.0 + away))

    metrics = [metric(margin=margins[0]), metric(name="second", margin=margins[1])]
    made = plan(seeds=8, analysis={"metrics": metrics})
    (candidate,) = analyze_folder(store(tmp_path, made, train)).candidates
    assert str(candidate.cause).startswith(start)
