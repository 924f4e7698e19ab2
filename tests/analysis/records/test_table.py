"""Twin of records/table.py and records/lazy.py."""

from pathlib import Path

import numpy as np
import pytest
from tests.analysis.builder import A, B, cell, plan, store, training

from diptych_analysis.errors import AnalysisError
from diptych_analysis.records.lazy import Loader
from diptych_analysis.records.reader import FolderReader
from diptych_analysis.records.table import read_table
from diptych_runner.contract import hashing
from diptych_runner.contract.trials import Trial, path_of

MADE = plan(seeds=2, cells=[cell(seeds=2), cell("SharedInit", seeds=1)])
LOST = Trial(B, "Native", 0, 2, 0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = store(tmp_path, MADE, lambda trial: training(trial.seed))
    (place / path_of(LOST) / "COMMIT").unlink()
    return place


def test_records_by_version_and_cell_in_the_plans_order(folder: Path) -> None:
    table = read_table(FolderReader(folder), MADE)
    assert list(table.records) == list(MADE.trials())
    assert [record.trial.seed for record in table.of(B, ("Native", 0))] == [1, 2]
    assert [record.trial.seed for record in table.succeeded(B, ("Native", 0))] == [1]
    assert len(list(table.committed())) == 5
    assert len(list(table.committed(B))) == 2


def test_the_hash_of_commits_is_over_sorted_paths_and_bytes(folder: Path) -> None:
    rows = sorted(
        [str(path.parent.relative_to(folder)), hashing.sha256_of_bytes(path.read_bytes())]
        for path in folder.rglob("COMMIT")
    )
    table = read_table(FolderReader(folder), MADE)
    assert table.commits_sha256 == hashing.sha256_of_json(rows)


def test_loading_later_gives_what_was_verified(folder: Path) -> None:
    reader = FolderReader(folder)
    record = read_table(reader, MADE).succeeded(A, ("Native", 0))[0]
    assert Loader(reader).losses(record).tolist() == [2.0, 1.0]
    path = "checkpoints/step-2.npz"
    entries = Loader(reader).entries(record)[path]
    arrays = dict(Loader(reader).arrays(record, path, entries))
    assert set(arrays) == {"weights/w", "slots/w/m", "optimizer/step"}
    assert np.array_equal(arrays["weights/w"], np.array([1, 2], dtype=np.float32))
    some = {"weights/w": entries["weights/w"]}
    assert [key for key, _ in Loader(reader).arrays(record, path, some)] == ["weights/w"]


@pytest.mark.parametrize("path", ["manifest.json", "checkpoints/step-2.npz"])
def test_loading_later_what_was_changed_ends_the_analysis(folder: Path, path: str) -> None:
    reader = FolderReader(folder)
    record = read_table(reader, MADE).succeeded(A, ("Native", 0))[0]
    entries = Loader(reader).entries(record)["checkpoints/step-2.npz"]
    (folder / record.attempt_path / path).write_bytes(b"{}")
    loader = Loader(reader)
    with pytest.raises(AnalysisError, match="changed while it was analysed"):
        loader.entries(record) if path == "manifest.json" else list(
            loader.arrays(record, path, entries)
        )
