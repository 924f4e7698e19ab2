"""Whatever the operator's own clock says, what the server wrote is aged by the server's."""

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
from tests.operator.kubernetes.builders import START, UID, job

from diptych.kubernetes.api import Api
from diptych.kubernetes.clock import ServerClock
from diptych.kubernetes.jobs import children_of
from diptych.kubernetes.looks import Look
from diptych.kubernetes.observe import look
from diptych.kubernetes.times import spelled


def own(minutes: float) -> Callable[[], datetime]:
    return lambda: START + timedelta(minutes=minutes)


class Client:
    """Answers every request with a fresh Event, at the time that the server has."""

    async def param_serialize(self, *_: object, **__: object) -> tuple[()]:
        return ()

    async def call_api(self, *_: object, **__: object) -> SimpleNamespace:
        event = {"reason": "FailedCreate", "message": "exceeded quota", "lastTimestamp": TOLD}

        async def read() -> bytes:
            return json.dumps({"items": [event]}).encode()

        headers = {"Date": format_datetime(START, usegmt=True)}
        return SimpleNamespace(status=200, headers=headers, read=read)


TOLD = spelled(START - timedelta(minutes=1))


@pytest.mark.parametrize("minutes", [0, 30, -30])
def test_a_fresh_event_is_fresh_whatever_our_own_clock_says(minutes: int) -> None:
    clock = ServerClock(own(minutes))
    api = Api(cast("Any", Client()), clock)
    there = children_of([job(0)], UID).current(0)
    assert there is not None

    async def seen() -> list[str]:
        # Each look reads the comparison before anything is aged.
        await api.get("/")
        found = await look(api, "team", [Look(there, None)], clock.now())
        return [stall.message for stall in found[there.uid].events]

    assert asyncio.run(seen()) == ["exceeded quota"]


def test_what_an_answer_takes_does_not_move_the_clock() -> None:
    clock = ServerClock(own(0))
    clock.heard(format_datetime(START - timedelta(seconds=9), usegmt=True))
    assert clock.now() == START
    clock.heard(format_datetime(START - timedelta(minutes=9), usegmt=True))
    clock.heard(format_datetime(START - timedelta(minutes=9, seconds=4), usegmt=True))
    assert clock.now() == START - timedelta(minutes=9)
    clock.heard(format_datetime(START, usegmt=True))
    assert clock.now() == START


@pytest.mark.parametrize("date", [None, "", "yesterday"])
def test_without_a_date_our_own_clock_is_as_good(date: str | None) -> None:
    clock = ServerClock(own(3))
    clock.heard(date)
    assert clock.now() == own(3)()
