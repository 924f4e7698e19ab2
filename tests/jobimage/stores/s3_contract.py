"""The contract of stores on a real S3 server that somebody else started.

Not collected by its name: tests/integration/s3/test_old_pythons.py runs it in old interpreters,
with the server's address in the environment.
"""

import json
import os
import time
import uuid

import pytest
from tests.jobimage.stores.contract import *  # noqa: F403 - the tests that every store runs

from diptych_runner.contract import hashing
from diptych_runner.data import cache, images
from diptych_runner.data.load import load
from diptych_runner.data.sources import open_source
from diptych_runner.records import npz
from diptych_runner.stores.location import store_at

ADDRESS = os.environ["DIPTYCH_TEST_STORE"]


@pytest.fixture
def store():
    return store_at("{}/{}".format(ADDRESS, uuid.uuid4().hex[:12]))


def test_data_comes_as_a_stream_of_known_length(store):
    store.write("data/mnist.npz", b"x" * 100000)
    source = open_source(store.uri + "/data/mnist.npz")
    try:
        assert source.length == 100000
        assert source.stream.read(10) == b"x" * 10
        assert len(source.stream.read(1 << 20)) == 99990
        assert source.stream.read(1 << 20) == b""
    finally:
        source.stream.close()


def test_a_data_set_of_several_files_is_read_by_its_index(store, tmp_path, monkeypatch):
    monkeypatch.setenv(cache.CACHE_VARIABLE, str(tmp_path))
    digits = images.digits()
    files = {
        "train-0.npz": {"x_train": digits.train_inputs[:7], "y_train": digits.train_targets[:7]},
        "train-1.npz": {"x_train": digits.train_inputs[7:], "y_train": digits.train_targets[7:]},
        "test.npz": {"x_test": digits.test_inputs, "y_test": digits.test_targets},
    }
    contents = [(name, npz.npz_bytes(files[name])) for name in sorted(files)]
    entries = [
        {"file": name, "sha256": hashing.sha256_of_bytes(content)} for name, content in contents
    ]
    contents.append(("index.json", json.dumps({"shards": entries}).encode("utf-8")))
    for name, content in contents:
        store.write("data/" + name, content)
    asked = {
        "uri": store.uri + "/data/index.json",
        "sha256": hashing.sha256_of_bytes(contents[-1][1]),
    }
    data = load({"builtin": "image-cnn", "data": asked}, lambda _source, _done, _length: None)
    assert data is not None
    assert (data.train_inputs == digits.train_inputs).all()
    assert (data.train_targets == digits.train_targets).all()
    assert (data.test_inputs == digits.test_inputs).all()


def test_an_empty_object_does_not_hold_up_the_next_one(store):
    begun = time.monotonic()
    store.write("empty", b"")
    store.write("next", b"x")
    assert time.monotonic() - begun < 10
