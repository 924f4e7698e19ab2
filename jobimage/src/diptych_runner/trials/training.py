"""The training loop: the same for every framework, workload and control."""

import math
import time
from typing import Callable, Dict, List, NamedTuple, Optional

import numpy as np

from diptych_runner.contract import names
from diptych_runner.frameworks.base import Program
from diptych_runner.trials.batches import Batches

Training = NamedTuple(
    "Training", [("outcome", str), ("losses", List[float]), ("step_seconds", List[float])]
)

Checkpoint = Callable[[int, Dict[str, np.ndarray]], None]


def train(
    program: Program,
    batches: Batches,
    steps: int,
    every_steps: Optional[int],
    on_checkpoint: Checkpoint,
    on_step: Callable[[int], None],
) -> Training:
    """Make `steps` updates, or fewer when a loss is not finite; return losses and times.

    `on_checkpoint` gets the state after step 0 (before any update), after every `every_steps`-th
    and after the last. Checkpoints are outside the step times.
    """
    on_checkpoint(0, program.tensors())
    losses = []  # type: List[float]
    seconds = []  # type: List[float]
    outcome = names.SUCCEEDED
    for step in range(1, steps + 1):
        batch = batches.next()
        begun = time.perf_counter()
        loss = program.step(batch)
        seconds.append(time.perf_counter() - begun)
        losses.append(loss)
        if not math.isfinite(loss):
            outcome = names.DIVERGED
        ends = outcome == names.DIVERGED or step == steps
        if ends or (every_steps is not None and step % every_steps == 0):
            on_checkpoint(step, program.tensors())
        on_step(step)
        if ends:
            break
    return Training(outcome, losses, seconds)
