"""An API server that is overloaded is asked again, and not sooner than it wants to be."""

import asyncio
from typing import Any, cast

import pytest
from tests.operator.kubernetes.builders import Body

from diptych.kubernetes.api import Api
from diptych.kubernetes.clock import ServerClock


class Response:
    """An answer as the Kubernetes client gives it."""

    def __init__(self, status: int, **headers: str) -> None:
        self.status = status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    async def read(self) -> bytes:
        return b"{}"


class Client:
    """Gives the answers one after the other."""

    def __init__(self, *answers: Response) -> None:
        self.answers = list(answers)

    async def param_serialize(self, method: str, path: str, **_: object) -> tuple[str, str]:
        return method, path

    async def call_api(self, *_: object, **__: object) -> Response:
        return self.answers.pop(0)


def waits(monkeypatch: pytest.MonkeyPatch, *answers: Response) -> list[float]:
    """Return the seconds between the tries until the last of these answers."""
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    client = Client(*answers)
    found: Body | None = asyncio.run(Api(cast("Any", client), ServerClock()).get("/api/v1/x"))
    assert found == {}
    assert client.answers == []
    return waited


def test_an_overloaded_server_is_asked_again_sooner_and_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert waits(monkeypatch, Response(503), Response(500), Response(200)) == [0.2, 0.5]


@pytest.mark.parametrize(
    ("asked", "wait"),
    [("7", 7), ("0", 0.2), ("3600", 60), ("-5", 0.2), ("Sun, 29 Nov 2026 16:00:00 GMT", 0.2)],
)
@pytest.mark.parametrize("code", [429, 503])
def test_a_server_that_asks_for_patience_gets_it(
    monkeypatch: pytest.MonkeyPatch, code: int, asked: str, wait: float
) -> None:
    assert waits(monkeypatch, Response(code, Retry_After=asked), Response(200)) == [wait]


def test_what_was_answered_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    assert waits(monkeypatch, Response(200, Retry_After="9")) == []
