import errno
import os

import pytest
from tests.jobimage.stores.contract import *  # noqa: F403 - the tests that every store runs

from diptych_runner.stores.errors import StoreError
from diptych_runner.stores.folder import Folder


@pytest.fixture
def store(tmp_path):
    return Folder(str(tmp_path / "comparison"))


def test_a_creation_leaves_nothing_of_its_making(store):
    store.create("COMMIT", b"first")
    store.create("COMMIT", b"second")
    assert os.listdir(store.uri) == ["COMMIT"]


def test_a_file_system_without_hard_links_is_named(store, monkeypatch):
    def refuse(_source, _target):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    for act in (lambda: store.create("COMMIT", b"first"), store.check):
        with pytest.raises(StoreError) as caught:
            act()
        assert "hard links are needed" in str(caught.value)
    assert not store.exists("COMMIT")
    assert list(store.walk("")) == []


def test_a_full_disk_is_the_stores_failure_and_leaves_the_old_file(store, monkeypatch):
    store.write("plan.json", b"old")

    def refuse(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(StoreError) as caught:
        store.write("plan.json", b"new")
    assert "No space left on device" in str(caught.value)
    assert store.read("plan.json") == b"old"
    assert os.listdir(store.uri) == ["plan.json"]


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreError) as caught:
        Folder(str(tmp_path / "file" / "below")).check()
    assert str(tmp_path / "file" / "below") in str(caught.value)
