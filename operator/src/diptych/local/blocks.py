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


def workers(parallelism: int, cpus: int, threads: int) -> int:
    """Return how many blocks run at once: as many as there are cores for, at least one."""
    return max(1, min(parallelism, cpus // threads))


def attempts_per_block(plan: Plan) -> int:
    """Return how often a block may end without a result before it is given up.

    The same number as an Indexed Job's backoffLimitPerIndex, plus the first attempt.
    """
    return (plan.retries_per_trial + 1) * plan.trials_per_pod + 1
