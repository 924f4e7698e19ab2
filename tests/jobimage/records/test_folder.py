import errno
import os

import pytest

from diptych_runner.contract.trials import Trial, path_of
from diptych_runner.records.folder import FolderStore, StoreError

TRIAL = Trial("2.4.0", "Native", 0, 1, 0)


@pytest.fixture
def store(tmp_path):
    return FolderStore(str(tmp_path / "comparison"))


def test_a_new_trial_has_neither_commit_nor_attempts(store):
    assert store.commit_of(TRIAL) is None
    assert store.attempts(TRIAL) == []


def test_the_first_commit_wins_and_stays(store):
    for name in ("000-a", "001-b"):
        store.begin(TRIAL, name)
    assert store.commit(TRIAL, "000-a", b"first") is True
    assert store.commit(TRIAL, "001-b", b"second") is False
    assert store.commit_of(TRIAL) == b"first"


def test_a_commit_leaves_nothing_of_its_making(store):
    attempt = store.begin(TRIAL, "000-a")
    store.commit(TRIAL, "000-a", b"first")
    assert os.listdir(attempt.folder) == []
    assert sorted(os.listdir(os.path.join(store.root, *path_of(TRIAL).split("/")))) == [
        "COMMIT",
        "attempts",
    ]


def test_attempts_are_counted_until_withdrawn(store):
    store.begin(TRIAL, "001-b")
    store.begin(TRIAL, "000-a").write("checkpoints/step-0.npz", b"x")
    assert store.attempts(TRIAL) == ["000-a", "001-b"]
    store.withdraw(TRIAL, "000-a")
    assert store.attempts(TRIAL) == ["001-b"]


def test_an_attempts_files_read_back(store):
    attempt = store.begin(TRIAL, "000-a")
    attempt.write("checkpoints/step-0.npz", b"x")
    assert attempt.read("checkpoints/step-0.npz") == b"x"
    assert attempt.read("manifest.json") is None


def test_a_file_system_without_hard_links_is_named(store, monkeypatch):
    def refuse(_source, _target):
        raise OSError(errno.EPERM, "Operation not permitted")

    store.begin(TRIAL, "000-a")
    monkeypatch.setattr(os, "link", refuse)
    with pytest.raises(StoreError) as caught:
        store.commit(TRIAL, "000-a", b"first")
    assert "hard links are needed" in str(caught.value)
    assert store.commit_of(TRIAL) is None
