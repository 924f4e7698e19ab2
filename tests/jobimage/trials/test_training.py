import numpy as np
from tests.jobimage import fakes

from diptych_runner.contract import names
from diptych_runner.trials.batches import Batches, no_masks, straddling
from diptych_runner.trials.training import Hooks, Schedule, train
from diptych_runner.workloads.adam_linear_regression import data


def run(steps, every_steps, on_step=lambda: None, evaluate_every=None):
    checkpoints = []
    seen, begun = [0], []
    training = train(
        fakes.FakeProgram(on_step),
        Batches(data(64, 8), straddling(64, 8, np.arange), no_masks),
        Schedule(steps, every_steps, evaluate_every),
        Hooks(
            checkpoint=lambda step, tensors: checkpoints.append(
                (step, tensors["weights/kernel"].copy())
            ),
            evaluate=lambda: {"test_loss": 0.5},
            begin=lambda step, batch: begun.append((step, len(batch.inputs))),
            end=seen.append,
        ),
    )
    # Each step begins with its batch and ends before the next one begins.
    assert begun == [(step, 8) for step in seen[1:]]
    return training, checkpoints, seen[1:]


def test_the_state_before_any_update_and_after_the_last_is_kept():
    training, checkpoints, seen = run(steps=5, every_steps=None)
    assert [step for step, _ in checkpoints] == [0, 5]
    assert not checkpoints[0][1].any()
    assert checkpoints[1][1].any()
    assert seen == [1, 2, 3, 4, 5]
    assert len(training.losses) == len(training.step_seconds) == 5


def test_every_so_many_steps_and_the_last():
    _, checkpoints, _ = run(steps=5, every_steps=2)
    assert [step for step, _ in checkpoints] == [0, 2, 4, 5]


def test_training_ends_at_the_first_loss_that_is_not_finite():
    losses = iter([None, float("nan"), None])
    training, checkpoints, _ = run(steps=3, every_steps=None, on_step=lambda: next(losses))
    assert training.outcome == names.DIVERGED
    assert len(training.losses) == 2
    assert [step for step, _ in checkpoints] == [0, 2]


def test_evaluations_are_kept_by_the_step_that_they_follow():
    training, _, _ = run(steps=5, every_steps=None, evaluate_every=2)
    assert training.evaluations == {2: {"test_loss": 0.5}, 4: {"test_loss": 0.5}}
