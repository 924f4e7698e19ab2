"""What the slow look at all comparisons finds, and what it must not forget."""

import asyncio
from collections.abc import Callable
from typing import Any

from tests.operator.kubernetes.builders import CONFIGURATION, UID, Body, item

from diptych.kubernetes.freshness import Freshness
from diptych.kubernetes.keys import Key
from diptych.kubernetes.queue import Queue
from diptych.kubernetes.resync import resync

KEY = Key("team", "mlp")


class Server:
    """Answers a list, and has something happen before the answer is read."""

    def __init__(self, *items: Body, meanwhile: Callable[[], None] = lambda: None) -> None:
        self.items, self.meanwhile = items, meanwhile

    async def list(self, _path: str) -> list[Body]:
        self.meanwhile()
        return list(self.items)


class Operator:
    """What a resync works on."""

    def __init__(self) -> None:
        self.forgotten: list[Key] = []
        self.freshness = Freshness(0, silence=70)
        self.queue: Queue[Key] = Queue(lambda: 0.0)

    def forget(self, key: Key) -> None:
        self.forgotten.append(key)
        self.freshness.forget(key)

    def resync(self, api: Any) -> None:  # noqa: ANN401 - a server or the reconciler's part
        reconciler: Any = self
        parts = (self.queue, reconciler, self.freshness, lambda: 0.0)
        asyncio.run(resync(api, CONFIGURATION, *parts))


def test_what_no_watch_told_is_looked_at_and_the_rest_is_not() -> None:
    operator = Operator()
    operator.resync(Server(item()))
    assert operator.queue.take() == KEY
    operator.queue.done(KEY)
    operator.freshness.told(KEY, UID, "7")
    operator.resync(Server(item()))
    assert operator.queue.take() is None
    assert operator.forgotten == []


def test_what_is_gone_is_forgotten() -> None:
    operator = Operator()
    operator.freshness.told(KEY, UID, "7")
    operator.queue.add(KEY)
    operator.resync(Server())
    assert operator.forgotten == [KEY]
    assert operator.queue.take() is None


def test_one_that_came_under_the_same_name_meanwhile_is_not_forgotten() -> None:
    operator = Operator()
    operator.freshness.told(KEY, UID, "7")

    def come_again() -> None:
        operator.freshness.told(KEY, "another", "9")
        operator.queue.add(KEY)

    operator.resync(Server(meanwhile=come_again))
    assert operator.forgotten == []
    assert operator.queue.take() == KEY
