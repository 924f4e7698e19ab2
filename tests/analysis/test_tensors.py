"""Twin of tensors.py: every kept checkpoint, the worst tensor first, in little memory."""

import tracemalloc
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.analysis.builder import A, B, plan, store, training

from diptych_analysis import analyze_folder
from diptych_analysis import tensors as module
from diptych_analysis.divergence import pairs_of
from diptych_analysis.records.lazy import Loader
from diptych_analysis.records.npz import Entries
from diptych_analysis.records.outcome import Committed
from diptych_analysis.records.plans import read_plan
from diptych_analysis.records.reader import FolderReader
from diptych_analysis.records.table import read_table
from diptych_analysis.summary import Trajectory
from diptych_analysis.tensors import chosen, rank_tensors

Tensors = Mapping[str, Any]
CELL = ("Native", 0)


def stored(root: Path, left: Mapping[int, Tensors], right: Mapping[int, Tensors]) -> Path:
    done = training(1, losses=tuple(1.0 for _ in range(max(left))))
    return store(
        root,
        plan(seeds=1),
        lambda t: replace(done, checkpoints=left if t.version == A else right),
    )


def path_of(folder: Path) -> Trajectory:
    path = analyze_folder(folder).candidates[0].trajectory
    assert path is not None
    return path


def test_every_checkpoint_is_ranked_slots_included(tmp_path: Path) -> None:
    one = np.array([3.0, 4.0], dtype=np.float32)
    turned = np.array([4.0, -3.0], dtype=np.float32)
    left = {k: {"weights/w": one, "slots/w/m": one, "weights/v": one} for k in (0, 1, 2)}
    right = {
        0: left[0],
        1: {**left[1], "slots/w/m": 2 * one},
        2: {**left[2], "slots/w/m": 2 * one, "weights/w": turned},
    }
    path = path_of(stored(tmp_path, left, right))
    assert [(c.step, [t.key for t in c.tensors]) for c in path.checkpoints] == [
        (0, []),
        (1, ["slots/w/m"]),
        (2, ["weights/w", "slots/w/m"]),
    ]
    slot = path.checkpoints[1].tensors[0]
    assert (slot.max_ulp, slot.relative_l2, slot.cosine) == (1 << 23, 1.0, 1.0)
    assert not slot.other_sign
    turned_weights = path.checkpoints[2].weights
    assert turned_weights is not None
    assert turned_weights.other_sign
    assert path.checkpoints[2].tensors[0].other_sign
    assert path.tensors[0].cosine == pytest.approx(0)
    # The equal weights count in the length of all weights.
    weights = path.checkpoints[2].weights
    assert weights is not None
    assert weights.relative_l2 == pytest.approx(1.0)
    assert weights.cosine == pytest.approx(0.5)
    assert weights == path.final_weights
    assert path.checkpoints[0].weights is not None
    assert path.checkpoints[0].weights.relative_l2 == 0.0


def test_of_many_checkpoints_some_are_compared_both_ends_among_them() -> None:
    assert chosen([5, 0, 5]) == [0, 5]
    found = chosen(range(1000))
    assert len(found) == module.MOST_CHECKPOINTS
    assert (found[0], found[-1]) == (0, 999)
    assert found == sorted(set(found))


def test_of_many_tensors_the_worst_are_listed(tmp_path: Path) -> None:
    names = [f"weights/{k}" for k in range(12)]
    left = {k: {name: np.ones(2) for name in names} for k in (0, 1)}
    right = {k: {name: np.ones(2) * (2 + int(name[8:])) for name in names} for k in (0, 1)}
    first = path_of(stored(tmp_path, left, right)).checkpoints[0]
    assert [tensor.key for tensor in first.tensors][:2] == ["weights/11", "weights/10"]
    assert (len(first.tensors), first.tensors_left_out) == (8, 4)


class Counting(Loader):
    """Notes which arrays are read."""

    read: list[str]

    def arrays(self, record: Committed, path: str, entries: Entries) -> Any:  # noqa: ANN401
        self.read.extend(entries)
        return super().arrays(record, path, entries)


def ranked(folder: Path) -> list[str]:
    """Return the keys of the arrays that ranking reads."""
    reader = FolderReader(folder)
    table = read_table(reader, read_plan(reader))
    loader = Counting(reader)
    loader.read = []
    rank_tensors(loader, pairs_of(table.of(A, CELL), table.of(B, CELL)), (A, B))
    return loader.read


def test_only_what_differs_is_read_again(tmp_path: Path) -> None:
    tensors = {"weights/w": np.ones(2), "weights/v": np.ones(2), "slots/w/m": np.ones(2)}
    left = {0: tensors, 1: tensors}
    assert ranked(stored(tmp_path / "1", left, left)) == []
    slot = {**tensors, "slots/w/m": np.zeros(2)}
    assert ranked(stored(tmp_path / "2", left, {0: tensors, 1: slot})) == ["slots/w/m"] * 2
    weight = {**tensors, "weights/w": np.zeros(2)}
    read = ranked(stored(tmp_path / "3", left, {0: tensors, 1: weight}))
    assert read == ["weights/v", "weights/w"] * 2


def test_large_checkpoints_never_lie_in_memory_as_a_whole(tmp_path: Path) -> None:
    def tensors(seed: int) -> Tensors:
        rng = np.random.default_rng(seed)
        return {f"weights/{k}": rng.random((1 << 18, 4), dtype=np.float32) for k in range(24)}

    small = {"weights/0": np.ones(1)}
    folder = stored(tmp_path, {0: small, 1: tensors(1)}, {0: small, 1: tensors(2)})
    tracemalloc.start()
    path = path_of(folder)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(path.tensors) == 24
    # Each checkpoint has 100 MB, each tensor 4.2: two of them and the copies of their parts.
    assert peak < 40e6
