"""The contract of stores on real S3 servers, with today's boto3."""

import uuid

import pytest
from tests.integration.s3.servers import SECRET
from tests.jobimage.stores.contract import *  # noqa: F403 - the tests that every store runs

from diptych_runner.stores.base import Store


def test_a_listing_of_more_than_one_page_is_whole(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from diptych_runner.stores import s3

    paths = {f"trials/{place:02d}/COMMIT" for place in range(12)}
    for path in paths:
        store.write(path, b"x")
    page = s3.Bucket._page
    monkeypatch.setattr(
        s3.Bucket, "_page", lambda bucket, asked: page(bucket, {**asked, "MaxKeys": 5})
    )
    assert set(store.walk("trials")) == paths
    assert store.children("trials") == [f"{place:02d}" for place in range(12)]
    store.remove("trials")
    assert list(store.walk("")) == []


def test_nothing_about_a_store_shows_its_secret(store: Store) -> None:
    store.write("a", b"x")
    assert SECRET not in repr(store) + str(vars(store)) + store.uri


def test_a_store_works_in_a_fork_and_in_its_parent(store: Store) -> None:
    from diptych_runner import processes

    store.write("before", b"x")
    name = uuid.uuid4().hex

    def child() -> int:
        store.write(name, b"from the fork")
        return 0

    ending = processes.run_in_fork(child)
    assert ending.exit_code == 0
    assert store.read(name) == b"from the fork"
