"""What happens to a store whose server fails, refuses, or does not know conditional writes."""

from collections.abc import Callable, Iterator

import pytest
from tests.integration.s3.conftest import client_of
from tests.integration.s3.proxy import CUT, CUT_ANSWER, IGNORE, Faults, proxy_before
from tests.integration.s3.servers import BUCKET, KEY, SECRET, Server, free_ports

from diptych_runner.stores.base import Store
from diptych_runner.stores.errors import StoreError, StoreUnreachable
from diptych_runner.stores.location import store_at

AsUser = Callable[[dict[str, str]], None]


@pytest.fixture
def faults(minio: Server) -> Iterator[Faults]:
    client = client_of(minio)

    def forget(path: str) -> None:
        bucket, key = path.lstrip("/").split("/", 1)
        client.delete_object(Bucket=bucket, Key=key)

    with proxy_before(minio.port, forget) as faults:
        yield faults


@pytest.fixture
def store(minio: Server, faults: Faults, prefix: str, as_user: AsUser) -> Store:
    """A store behind the proxy, with few retries so that tests end soon."""
    # The proxy forwards the Host header, so that signatures hold.
    as_user({**minio.environment(faults.endpoint), "AWS_MAX_ATTEMPTS": "2"})
    return store_at(prefix)


def fail_first(
    count: int, method: str, fate: str | tuple[int, str]
) -> Callable[[str, str], str | tuple[int, str] | None]:
    """Return a rule that hurts the first requests of a method."""
    left = [count]

    def rule(asked: str, _path: str) -> str | tuple[int, str] | None:
        if asked != method or left[0] == 0:
            return None
        left[0] -= 1
        return fate

    return rule


@pytest.mark.parametrize(
    "fate",
    [CUT, CUT_ANSWER, (500, "InternalError"), (503, "SlowDown"), (503, "ServiceUnavailable")],
    ids=str,
)
def test_an_upload_that_fails_is_sent_again(
    store: Store, faults: Faults, fate: str | tuple[int, str]
) -> None:
    faults.rule = fail_first(2, "PUT", fate)
    store.write("checkpoints/step-0.npz", b"x" * 300_000)
    assert store.read("checkpoints/step-0.npz") == b"x" * 300_000
    assert sum(method == "PUT" for method, _ in faults.seen) == 3


@pytest.mark.parametrize("fate", [CUT, CUT_ANSWER, (500, "InternalError")], ids=str)
def test_a_commit_that_fails_midway_is_still_made_exactly_once(
    store: Store, faults: Faults, fate: str | tuple[int, str]
) -> None:
    faults.rule = fail_first(1, "PUT", fate)
    assert store.create("COMMIT", b"mine") is True
    faults.rule = lambda _method, _path: None
    assert store.create("COMMIT", b"other") is False
    assert store.read("COMMIT") == b"mine"


def test_a_conflict_of_two_commits_is_tried_again(store: Store, faults: Faults) -> None:
    faults.rule = fail_first(1, "PUT", (409, "ConditionalRequestConflict"))
    assert store.create("COMMIT", b"mine") is True


def test_a_download_that_breaks_off_is_read_again(store: Store, faults: Faults) -> None:
    store.write("a", b"x" * 100_000)
    faults.rule = fail_first(2, "GET", CUT)
    assert store.read("a") == b"x" * 100_000


def test_a_server_without_conditions_is_warned_of_and_the_last_racing_commit_wins(
    store: Store, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults.rule = lambda _method, _path: IGNORE
    (warning,) = store.check()
    assert "no conditional writes" in warning
    assert "last COMMIT wins" in warning
    assert list(store.walk("")) == []
    # Where the first writer is done, looking first is enough.
    assert store.create("COMMIT", b"first") is True
    assert store.create("COMMIT", b"second") is False
    # Both look before either has written: this is the race that only the server could decide.
    read = store.read
    monkeypatch.setattr(store, "read", lambda _path: None)
    assert store.create("COMMIT", b"third") is True
    assert read("COMMIT") == b"third"


def test_a_server_that_refuses_conditions_is_written_to_without(
    store: Store, faults: Faults
) -> None:
    faults.rule = fail_first(3, "PUT", (501, "NotImplemented"))
    with pytest.raises(StoreUnreachable):
        store.write("a", b"x")
    faults.rule = fail_first(1, "PUT", (501, "NotImplemented"))
    assert store.create("COMMIT", b"mine") is True


@pytest.mark.parametrize(
    ("fate", "told"),
    [
        ((403, "AccessDenied"), "HTTP 403 AccessDenied: these credentials may not do this"),
        ((400, "ExpiredToken"), "HTTP 400 ExpiredToken: the credentials have expired"),
        ((403, "RequestTimeTooSkewed"), "RequestTimeTooSkewed: this machine's clock differs"),
        ((400, "AuthorizationHeaderMalformed"), "the bucket is in another region"),
        ((503, "SlowDown"), "HTTP 503 SlowDown: the server is overloaded"),
        ((418, "Odd<&"), "HTTP 418: the server did not say more"),
        (CUT, "the connection broke"),
    ],
    ids=str,
)
def test_what_a_server_says_becomes_advice(
    store: Store, faults: Faults, fate: str | tuple[int, str], told: str
) -> None:
    faults.rule = lambda _method, _path: fate
    with pytest.raises(StoreError) as caught:
        store.check()
    message = str(caught.value)
    assert message.startswith(store.uri)
    at = f" at {faults.endpoint}" if fate == CUT else ""
    assert f"ListObjectsV2{at} failed" in message
    assert told in message
    assert "the message" not in message
    assert SECRET not in message
    assert KEY not in message


@pytest.mark.parametrize(
    ("change", "address", "told"),
    [
        ({"AWS_SECRET_ACCESS_KEY": "wrong"}, None, "check the access key and its secret"),
        ({"AWS_ACCESS_KEY_ID": "UNKNOWNKEY"}, None, "check the access key and its secret"),
        ({}, "s3://no-such-bucket/x", "there is no such bucket"),
        ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, None, "no credentials were found"),
        ({"AWS_PROFILE": "nobody"}, None, "no such profile"),
        ({"AWS_ENDPOINT_URL_S3": "closed port"}, None, "is the server up, and the endpoint right"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_what_a_real_server_refuses_becomes_advice(
    minio: Server, as_user: AsUser, change: dict[str, str], address: str | None, told: str
) -> None:
    closed = f"http://127.0.0.1:{free_ports(1)[0]}"
    change = {name: closed if value == "closed port" else value for name, value in change.items()}
    variables = {**minio.environment(), "AWS_MAX_ATTEMPTS": "1", **change}
    as_user({name: value for name, value in variables.items() if value})
    with pytest.raises(StoreError) as caught:
        store_at(address or f"s3://{BUCKET}/x").check()
    message = str(caught.value)
    assert told in message
    assert (address or f"s3://{BUCKET}/x") in message
    assert (f" at {closed} failed" in message) is (closed in change.values())
    assert SECRET not in message
