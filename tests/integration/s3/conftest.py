"""Real servers for the session, and an empty prefix of theirs for each test."""

import functools
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import boto3
import pytest
from tests.integration.s3 import servers
from tests.requirements import left_out_where_missing

from diptych_runner.stores.base import Store
from diptych_runner.stores.location import store_at

STARTERS: dict[str, Callable[[Path], AbstractContextManager[servers.Server]]] = {
    "minio": servers.minio,
    "seaweedfs": servers.seaweedfs,
}


def client_of(server: servers.Server) -> Any:  # noqa: ANN401 - boto3 makes its classes at run time
    """Return a client that asks the server itself."""
    return boto3.client(
        "s3",
        endpoint_url=server.endpoint,
        region_name=servers.REGION,
        aws_access_key_id=servers.KEY,
        aws_secret_access_key=servers.SECRET,
    )


def make_bucket(server: servers.Server) -> None:
    """Make the bucket that tests write to."""
    client_of(server).create_bucket(
        Bucket=servers.BUCKET,
        CreateBucketConfiguration={"LocationConstraint": servers.REGION},
    )


@pytest.fixture(scope="session", params=list(STARTERS))
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[servers.Server]:
    """Each of the servers in turn; one that cannot be made here is listed as not run."""
    yield from _started(request.param, tmp_path_factory)


@pytest.fixture(scope="session")
def minio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Server]:
    """MinIO alone, for what is no question of the server."""
    yield from _started("minio", tmp_path_factory)


def _started(name: str, factory: pytest.TempPathFactory) -> Iterator[servers.Server]:
    with left_out_where_missing(), STARTERS[name](factory.mktemp(name)) as server:
        make_bucket(server)
        yield server


@pytest.fixture
def prefix() -> str:
    """Return the address of an empty prefix."""
    return f"s3://{servers.BUCKET}/{uuid.uuid4().hex[:12]}"


@pytest.fixture
def as_user(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, str]], None]:
    """Return a function that sets a user's variables for this process."""
    return functools.partial(become, monkeypatch)


def become(patch: pytest.MonkeyPatch, variables: dict[str, str]) -> None:
    """Take a user's variables, and leave none of AWS from whoever runs the tests."""
    for name in os.environ:
        if name.startswith(("AWS_", "DIPTYCH_S3_")):
            patch.delenv(name)
    for name, value in variables.items():
        patch.setenv(name, value)


@pytest.fixture(scope="session")
def root(server: servers.Server) -> Store:
    """Return the store that each test's is below: a client is made once a server."""
    with pytest.MonkeyPatch.context() as patch:
        become(patch, server.environment())
        store = store_at(f"s3://{servers.BUCKET}/contract")
        assert store.check() == []
    return store


@pytest.fixture
def store(root: Store) -> Store:
    """Return an empty store on each of the servers."""
    return root.below(uuid.uuid4().hex[:12])
