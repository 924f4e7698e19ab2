import sys
from pathlib import Path

import pytest

from diptych.local.blocks import (
    Block,
    Machine,
    attempts_per_block,
    devices_of,
    ordered_blocks,
    workers,
)
from diptych_runner.contract.plan import Plan


def test_blocks_are_balanced_over_versions(small_plan: Plan) -> None:
    assert ordered_blocks(small_plan) == [
        Block("0", 0),
        Block("1", 0),
        Block("0", 1),
        Block("1", 1),
    ]


@pytest.mark.parametrize(
    ("parallelism", "threads", "cpus", "expected"),
    [(8, 1, 2, 2), (1, 1, 16, 1), (8, 4, 16, 4), (8, 4, 2, 1)],
)
def test_no_more_blocks_at_once_than_cores(
    parallelism: int, threads: int, cpus: int, expected: int
) -> None:
    assert workers(parallelism, threads, 0, Machine(cpus, gpus=4)) == expected


def test_no_two_trials_share_a_gpu() -> None:
    machine = Machine(cpus=64, gpus=5)
    assert workers(8, 1, 2, machine) == 2
    assert [list(devices_of(number, 2, machine)) for number in range(2)] == [[0, 1], [2, 3]]


def test_without_gpus_here_the_cores_decide() -> None:
    machine = Machine(cpus=3, gpus=0)
    assert workers(8, 1, 1, machine) == 3
    assert list(devices_of(0, 1, machine)) == []


def test_a_block_may_end_as_often_as_its_trials_may_be_tried(small_plan: Plan) -> None:
    assert attempts_per_block(small_plan) == (2 + 1) * 2 + 1


def test_modules_here_are_not_shadowed_by_the_folder_operator() -> None:
    root = Path(__file__).resolve().parents[3]
    assert not (root / "operator" / "__init__.py").exists()
    assert "operator" in sys.modules
    assert str(root) not in str(sys.modules["operator"].__file__)
