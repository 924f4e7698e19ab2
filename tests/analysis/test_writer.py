"""Twin of writer.py."""

import json
from pathlib import Path

import pytest
from tests.analysis.builder import plan, store, training

from diptych_analysis import Summary, analyze_folder, write_summary
from diptych_runner.stores.errors import StoreError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return store(tmp_path, plan(seeds=2), lambda trial: training(trial.seed))


def test_writes_the_summary_whole_and_nothing_else(folder: Path) -> None:
    before = set(folder.iterdir())
    summary = analyze_folder(folder)
    path = Path(write_summary(folder, summary))
    assert path == folder / "summary.json"
    assert set(folder.iterdir()) == before | {path}
    assert path.read_text().startswith('{\n  "schemaVersion": 1,\n')
    assert Summary.model_validate(json.loads(path.read_text())) == summary


def test_a_failed_write_leaves_the_old_summary(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = analyze_folder(folder)
    path = Path(write_summary(folder, summary))
    before = path.read_bytes()
    names = set(folder.iterdir())

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StoreError, match="No space"):
        write_summary(folder, summary)
    assert path.read_bytes() == before
    assert set(folder.iterdir()) == names


def test_writing_twice_gives_the_same_bytes(folder: Path) -> None:
    path = Path(write_summary(folder, analyze_folder(folder)))
    first = path.read_bytes()
    write_summary(folder, analyze_folder(folder))
    assert path.read_bytes() == first
