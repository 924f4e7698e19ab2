"""Which blocks there are, in which order, and how many at once: pure."""

from dataclasses import dataclass

from diptych_runner.contract.plan import Plan


@dataclass(frozen=True)
class Block:
    """Consecutive trials of one version, run by one process of the runner."""

    version: str
    index: int


def ordered_blocks(plan: Plan) -> list[Block]:
    """Return all blocks, version innermost: what is done early is balanced over versions."""
    return [
        Block(version, index)
        for index in range(plan.blocks_per_version)
        for version in plan.versions
    ]


@dataclass(frozen=True)
class Machine:
    """What this machine has for trials."""

    cpus: int
    gpus: int


def workers(parallelism: int, threads: int, gpus: int, machine: Machine) -> int:
    """Return how many blocks run at once: as many as there are cores and GPUs for, at least one.

    `threads` and `gpus` are what one trial takes.
    """
    most = min(parallelism, machine.cpus // threads)
    if gpus and machine.gpus:
        most = min(most, machine.gpus // gpus)
    return max(1, most)


def devices_of(worker: int, gpus: int, machine: Machine) -> range:
    """Return the GPUs of one worker, so that no two trials share one; none without GPUs."""
    return range(worker * gpus, (worker + 1) * gpus) if machine.gpus else range(0)


def attempts_per_block(plan: Plan) -> int:
    """Return how often a block may end without a result before it is given up.

    The same number as an Indexed Job's backoffLimitPerIndex, plus the first attempt.
    """
    return (plan.retries_per_trial + 1) * plan.trials_per_pod + 1
