"""What is read of the cluster, and for how long an Event counts."""

import asyncio
from datetime import timedelta
from typing import Any, cast

import pytest
from tests.operator.kubernetes.builders import START, UID, job

from diptych.kubernetes.api import Api
from diptych.kubernetes.jobs import children_of
from diptych.kubernetes.looks import Look
from diptych.kubernetes.observe import look
from diptych.kubernetes.times import spelled


class Events:
    """Answers every list with one Event about a refused pod."""

    def __init__(self, **when: object) -> None:
        self.event = {"reason": "FailedCreate", "message": "webhook is away", **when}

    async def list(self, _path: str, **_: Any) -> list[dict[str, Any]]:  # noqa: ANN401
        return [self.event]


def told(**when: object) -> list[str]:
    """Return what a look tells of an Event of these times."""
    there = children_of([job(0)], UID).current(0)
    assert there is not None
    api = cast("Api", Events(**when))
    seen = asyncio.run(look(api, "team", [Look(there, None)], START))
    return [stall.message for stall in seen[there.uid].events]


@pytest.mark.parametrize("field", ["lastTimestamp", "eventTime"])
def test_an_event_counts_for_six_minutes(field: str) -> None:
    assert told(**{field: spelled(START - timedelta(minutes=5))}) == ["webhook is away"]
    assert told(**{field: spelled(START - timedelta(minutes=7))}) == []


def test_an_event_that_goes_on_counts_from_its_last_time() -> None:
    series = {"lastObservedTime": spelled(START), "count": 9}
    assert told(lastTimestamp=spelled(START - timedelta(hours=1)), series=series) != []
    assert told() == []
