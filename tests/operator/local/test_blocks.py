import sys
from pathlib import Path

import pytest

from diptych.local.blocks import Block, attempts_per_block, ordered_blocks, workers
from diptych_runner.contract.plan import Plan


def test_blocks_are_balanced_over_versions(small_plan: Plan) -> None:
    assert ordered_blocks(small_plan) == [
        Block("0", 0),
        Block("1", 0),
        Block("0", 1),
        Block("1", 1),
    ]


@pytest.mark.parametrize(
    ("parallelism", "cpus", "threads", "expected"),
    [(8, 2, 1, 2), (1, 16, 1, 1), (8, 16, 4, 4), (8, 2, 4, 1)],
)
def test_no_more_blocks_at_once_than_cores(
    parallelism: int, cpus: int, threads: int, expected: int
) -> None:
    assert workers(parallelism, cpus, threads) == expected


def test_a_block_may_end_as_often_as_its_trials_may_be_tried(small_plan: Plan) -> None:
    assert attempts_per_block(small_plan) == (2 + 1) * 2 + 1


def test_modules_here_are_not_shadowed_by_the_folder_operator() -> None:
    root = Path(__file__).resolve().parents[3]
    assert not (root / "operator" / "__init__.py").exists()
    assert "operator" in sys.modules
    assert str(root) not in str(sys.modules["operator"].__file__)
