"""What every store must do, as tests: a folder and each real S3 server run all of them.

A module that does `from tests.jobimage.stores.contract import *` and gives a fixture `store`, an
empty one, runs these.
"""

import pytest

from diptych_runner.contract.trials import Trial
from diptych_runner.records.store import Records

TRIAL = Trial("2.4.0", "Native", 0, 1, 0)


def test_check_finds_nothing_to_warn_of_and_leaves_nothing(store):
    assert store.check() == []
    assert list(store.walk("")) == []


def test_what_is_not_there_is_none(store):
    assert store.read("a/b") is None
    assert store.size("a/b") is None
    assert not store.exists("a/b")
    assert store.children("a") == []
    assert list(store.walk("a")) == []
    store.remove("a")


@pytest.mark.parametrize("content", [b"", b"x", b"\x00\xff" * 700000], ids=["empty", "x", "1.4MB"])
def test_a_file_reads_back(store, content):
    store.write("a/b.npz", content)
    assert store.read("a/b.npz") == content
    assert store.size("a/b.npz") == len(content)
    assert store.exists("a/b.npz")
    assert not store.exists("a/b")
    assert not store.exists("a")


def test_names_of_versions_and_tensors_are_no_trouble(store):
    path = "trials/2.16.0-rc0_x/a b+c=d@e,f:g(h)'!*.npz"
    store.write(path, b"x")
    assert store.read(path) == b"x"
    assert list(store.walk("")) == [path]


def test_the_second_write_replaces_the_first(store):
    store.write("plan.json", b"first")
    store.write("plan.json", b"second")
    assert store.read("plan.json") == b"second"


def test_of_two_creations_the_first_counts(store):
    assert store.create("COMMIT", b"first") is True
    assert store.create("COMMIT", b"second") is False
    assert store.read("COMMIT") == b"first"


def test_a_creation_whose_answer_got_lost_may_be_asked_again(store):
    assert store.create("COMMIT", b"first") is True
    assert store.create("COMMIT", b"first") is True


def test_children_and_walk_see_what_lies_below(store):
    for path in ("a/one", "a/b/two", "a/b/three", "ab/four"):
        store.write(path, b"x")
    assert store.children("a") == ["b", "one"]
    assert store.children("") == ["a", "ab"]
    assert sorted(store.walk("a")) == ["a/b/three", "a/b/two", "a/one"]
    assert sorted(store.below("a").walk("b")) == ["b/three", "b/two"]


def test_removing_takes_what_lies_below_and_nothing_else(store):
    for path in ("a/one", "a/b/two", "ab/three"):
        store.write(path, b"x")
    store.remove("a")
    assert list(store.walk("")) == ["ab/three"]


def test_what_is_begun_is_a_child_without_files(store):
    store.begin("attempts/000-a")
    assert store.children("attempts") == ["000-a"]
    assert store.children("attempts/000-a") == []
    store.remove("attempts/000-a")
    assert store.children("attempts") == []


def test_a_trial_is_committed_once(store):
    records = Records(store)
    assert records.commit_of(TRIAL) is None
    assert records.attempts(TRIAL) == []
    for name in ("001-b", "000-a"):
        records.begin(TRIAL, name).write("checkpoints/step-0.npz", name.encode("ascii"))
    assert records.attempts(TRIAL) == ["000-a", "001-b"]
    assert records.commit(TRIAL, b"first") is True
    assert records.commit(TRIAL, b"second") is False
    assert records.commit_of(TRIAL) == b"first"
    assert records.attempt(TRIAL, "000-a").read("checkpoints/step-0.npz") == b"000-a"
    assert records.attempt(TRIAL, "000-a").read("manifest.json") is None


def test_attempts_are_counted_until_withdrawn(store):
    records = Records(store)
    records.begin(TRIAL, "000-a").write("checkpoints/step-0.npz", b"x")
    records.begin(TRIAL, "001-b")
    records.withdraw(TRIAL, "000-a")
    assert records.attempts(TRIAL) == ["001-b"]
    records.commit(TRIAL, b"committed")
    records.withdraw(TRIAL, "001-b")
    assert records.attempts(TRIAL) == ["001-b"], "an attempt of a committed trial is part of it"
