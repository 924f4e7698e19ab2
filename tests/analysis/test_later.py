"""Twin of later.py: what begins after the first step, and what is only rounding that grows."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.analysis.builder import B, Training, cell, plan, store, training
from tests.analysis.test_probe import CONTROL, arrays

from diptych_analysis import analyze_folder
from diptych_analysis.later import jump_of
from diptych_runner.contract.trials import Trial

STEPS = 8
LOSSES = np.linspace(2.0, 0.5, STEPS)


def apart(distances: list[float]) -> tuple[float, float, float] | None:
    """Return the jump of losses that are relatively so far apart."""
    other = LOSSES.copy()
    other[: len(distances)] *= 1 - np.array(distances)
    return jump_of(LOSSES, other)


@pytest.mark.parametrize(
    "distances",
    [
        [],
        [1e-7] * STEPS,
        [10.0 ** (-8 + place) for place in range(STEPS)],  # rounding that grows, tenfold a step
        [0, 0, 0, 6e-8, 6e-8, 9e-6],
        [0.3] * STEPS,  # apart from the first step on: that is the probe's
        [float("nan")] * STEPS,
        [0.0, 1e-8, float("nan")],
    ],
)
def test_what_is_no_jump(distances: list[float]) -> None:
    assert apart(distances) is None


@pytest.mark.parametrize(
    ("distances", "step"),
    [([0, 0, 0, 0.01], 4), ([0, 0.2, 0.3], 2), ([1e-7, 2e-7, 1e-7, 1e-7, 3e-5, 0.4], 5)],
)
def test_the_first_jump(distances: list[float], step: int) -> None:
    found = apart(distances)
    assert found is not None
    assert found[0] == step
    assert found[2] == pytest.approx(distances[step - 1], rel=1e-6)
    assert found[1] == pytest.approx(max(distances[: step - 1]), rel=1e-3)


def test_a_loss_that_is_almost_gone_does_not_jump_for_its_size() -> None:
    first, second = np.array([2.0, 1e-9, 1e-9]), np.array([2.0, 1e-9, 3e-9])
    assert jump_of(first, second) is None


def test_what_rounding_of_few_bits_gives_is_no_jump() -> None:
    other = LOSSES * (1 - np.array([0, 0, 0, 2e-3, 5e-3, 5e-3, 5e-3, 5e-3]))
    assert jump_of(LOSSES, other) is not None
    assert jump_of(LOSSES, other, 5e-4) is None


def test_losses_of_other_lengths_and_none_at_all() -> None:
    assert jump_of(LOSSES, LOSSES[:3]) is None
    assert jump_of(LOSSES, LOSSES[:0]) is None
    assert jump_of(LOSSES[:1], LOSSES[:1] * 2) is None


def told(root: Path, steps: list[int], *, outputs: float = 1.0, below: str | None = None) -> str:
    """Return the cause of a candidate of which each seed's losses jump at one of these steps.

    `below` is a control that was run too, weaker than the verdict's.
    """
    cells = [cell(control, seeds=len(steps)) for control in (CONTROL, below) if control]
    made = plan(seeds=len(steps), cells=cells, analysis={"control": CONTROL})

    def train(trial: Trial) -> Training:
        away = trial.version == B
        losses = LOSSES.copy()
        if away and (step := steps[trial.seed - 1]):
            losses[step - 1 :] *= 1.01
        done = training(10 + trial.seed + away, losses=tuple(losses))
        return replace(done, probe=arrays(trial.seed, **({"outputs": outputs} if away else {})))

    return str(analyze_folder(store(root, made, train)).candidates[0].cause)


def test_a_step_at_which_most_seeds_jump_is_told(tmp_path: Path) -> None:
    found = told(tmp_path, [5, 5, 5, 2, 0])
    assert "agrees bit by bit in outputs, loss, gradients and optimizer. The training" in found
    assert "jump apart at step 5 under SharedNumerics, in 3 of 5 seeds: 0.0099 of" in found


def test_a_weaker_control_beside_the_verdicts_hides_no_step(tmp_path: Path) -> None:
    assert "jump apart at step 5 under SharedNumerics" in told(
        tmp_path, [5, 5, 5], below="SharedInit"
    )


@pytest.mark.parametrize("steps", [[0, 0, 0], [2, 4, 6], [5, 5, 2, 3], [5]])
def test_steps_that_most_seeds_do_not_share_are_not_told(tmp_path: Path, steps: list[int]) -> None:
    assert "jump apart" not in told(tmp_path, steps)


def test_what_the_probe_places_needs_no_later_step(tmp_path: Path) -> None:
    assert "jump apart" not in told(tmp_path, [5, 5, 5], outputs=1.01)
