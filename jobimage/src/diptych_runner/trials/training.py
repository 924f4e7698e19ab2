"""The training loop: the same for every framework, workload and control."""

import math
import time
from typing import Callable, Dict, List, NamedTuple, Optional

import numpy as np

from diptych_runner.contract import names
from diptych_runner.frameworks.base import Batch, Program
from diptych_runner.trials.batches import Batches

#: `evaluations` are other numbers of a step, by step: metrics on the test set by epoch.
Training = NamedTuple(
    "Training",
    [
        ("outcome", str),
        ("losses", List[float]),
        ("step_seconds", List[float]),
        ("evaluations", Dict[int, Dict[str, float]]),
    ],
)

#: How often something happens beside the updates, in steps; None: never.
Schedule = NamedTuple(
    "Schedule",
    [("steps", int), ("checkpoint_every", Optional[int]), ("evaluate_every", Optional[int])],
)

Hooks = NamedTuple(
    "Hooks",
    [
        ("checkpoint", Callable[[int, Dict[str, np.ndarray]], None]),
        ("evaluate", Callable[[], Dict[str, float]]),
        ("begin", Callable[[int, Batch], None]),
        ("end", Callable[[int], None]),
    ],
)


def train(program: Program, batches: Batches, schedule: Schedule, hooks: Hooks) -> Training:
    """Make the scheduled updates, or fewer when a loss is not finite; return losses and times.

    The state is given to `hooks.checkpoint` at step 0 (before any update), at every
    `checkpoint_every`-th step and at the last. Checkpoints, evaluations, and what `hooks.begin` and
    `hooks.end` do around a step, are outside the step times.
    """
    hooks.checkpoint(0, program.tensors())
    losses = []  # type: List[float]
    seconds = []  # type: List[float]
    evaluations = {}  # type: Dict[int, Dict[str, float]]
    outcome = names.SUCCEEDED
    for step in range(1, schedule.steps + 1):
        batch = batches.next()
        hooks.begin(step, batch)
        begun = time.perf_counter()
        loss = program.step(batch)
        seconds.append(time.perf_counter() - begun)
        losses.append(loss)
        if not math.isfinite(loss):
            outcome = names.DIVERGED
        ends = outcome == names.DIVERGED or step == schedule.steps
        if ends or _due(schedule.checkpoint_every, step):
            hooks.checkpoint(step, program.tensors())
        if outcome != names.DIVERGED and _due(schedule.evaluate_every, step):
            evaluations[step] = hooks.evaluate()
        hooks.end(step)
        if ends:
            break
    return Training(outcome, losses, seconds, evaluations)


def _due(every: Optional[int], step: int) -> bool:
    return every is not None and step % every == 0
