"""The contract of stores on a real S3 server that somebody else started.

Not collected by its name: tests/integration/s3/test_old_pythons.py runs it in old interpreters,
with the server's address in the environment.
"""

import os
import time
import uuid

import pytest
from tests.jobimage.stores.contract import *  # noqa: F403 - the tests that every store runs

from diptych_runner.data.sources import open_source
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


def test_an_empty_object_does_not_hold_up_the_next_one(store):
    begun = time.monotonic()
    store.write("empty", b"")
    store.write("next", b"x")
    assert time.monotonic() - begun < 10
