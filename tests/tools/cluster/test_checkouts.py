"""Each checkout has folders of its own, and a deleted one leaves none behind."""

import os
from pathlib import Path

import pytest
from tools.cluster.checkouts import (
    build_lock,
    forget_deleted,
    holder_of,
    images_of,
    name_of,
    names,
    state,
)
from tools.cluster.watchdog import start_time


def lock_of(folder: Path) -> Path:
    return build_lock(f"localhost/{name_of(folder)}/diptych-operator:0.1.0")


def checkout(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Path:
    folder.mkdir()
    monkeypatch.setenv("DIPTYCH_CACHE_DIR", str(folder.parent / "cache"))
    monkeypatch.chdir(folder)
    images_of(state(2)).mkdir()
    lock_of(folder).touch()
    return state(2)


def test_folders_go_with_their_checkout(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    gone, kept = (checkout(monkeypatch, tmp_path / name) for name in ("gone", "kept"))
    assert gone != kept
    assert forget_deleted() == []
    assert names() == {name_of(tmp_path / "gone"), name_of(tmp_path / "kept")}
    (tmp_path / "gone").rmdir()
    assert forget_deleted() == [gone]
    assert names() == {name_of(tmp_path / "kept")}
    assert not gone.exists()
    assert not images_of(gone).exists()
    assert not lock_of(tmp_path / "gone").exists()
    assert images_of(kept).exists()
    assert lock_of(tmp_path / "kept").exists()


def test_a_cluster_that_runs_is_nobodys_to_remove(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = checkout(monkeypatch, tmp_path / "gone")
    (folder / "holder").write_text(f"{os.getpid()} {start_time(os.getpid())}")
    assert holder_of(folder) == os.getpid()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "gone").rmdir()
    assert forget_deleted() == []

    (folder / "holder").write_text(f"{os.getpid()} 1")  # another process had this pid
    assert holder_of(folder) is None
    assert forget_deleted() == [folder]
