"""A queue of keys with delays: each key is worked on by one worker at a time, as often as asked.

kopf drops what goes wrong in an event's handler; here a key comes back after a growing delay.
Adding a key that waits only brings its time forward, so a burst of events is one look.
"""

import asyncio
import heapq
import itertools
import logging
import random
from collections.abc import Awaitable, Callable
from typing import Generic, NamedTuple, TypeVar

from diptych.kubernetes.errors import Foreseen

logger = logging.getLogger(__name__)

Key = TypeVar("Key")

FIRST_RETRY, LAST_RETRY = 1.0, 60.0


class _Entry(NamedTuple):
    """A key's place in line; an entry whose time is no longer its key's is void."""

    due: float
    order: int
    key: object


class Queue(Generic[Key]):
    """Keys and the times at which they are due; `clock` and `spread` are the test's to choose."""

    def __init__(
        self, clock: Callable[[], float], spread: Callable[[], float] = random.random
    ) -> None:
        """Begin empty."""
        self._clock = clock
        self._spread = spread
        self._line: list[_Entry] = []
        self._due: dict[Key, float] = {}
        self._busy: set[Key] = set()
        self._failures: dict[Key, int] = {}
        self._not_before: dict[Key, float] = {}
        self._order = itertools.count()
        self._changed = asyncio.Event()

    def __len__(self) -> int:
        """Return how many keys wait."""
        return len(self._due)

    def add(self, key: Key, delay: float = 0.0) -> None:
        """Have a key worked on after a delay, or sooner if it was to be sooner."""
        due = max(self._clock() + delay, self._not_before.get(key, 0.0))
        if key in self._due and self._due[key] <= due:
            return
        self._due[key] = due
        heapq.heappush(self._line, _Entry(due, next(self._order), key))
        self._changed.set()

    def forget(self, key: Key) -> None:
        """Have a key worked on no more."""
        self._due.pop(key, None)
        self._succeeded(key)

    def take(self) -> Key | None:
        """Return a key that is due and mark it busy; None when there is none."""
        postponed = []
        try:
            while self._line and self._line[0].due <= self._clock():
                entry = heapq.heappop(self._line)
                key: Key = entry.key  # type: ignore[assignment]
                if self._due.get(key) != entry.due:
                    continue
                if key in self._busy:
                    postponed.append(entry)
                    continue
                del self._due[key]
                self._busy.add(key)
                return key
            return None
        finally:
            for entry in postponed:
                heapq.heappush(self._line, entry)

    def done(self, key: Key, again: float | None = None) -> None:
        """Let go of a key that was worked on well; have it back after `again` seconds."""
        self._succeeded(key)
        self._release(key)
        if again is not None:
            self.add(key, again)

    def failed(self, key: Key) -> float:
        """Let go of a key that went wrong, and have it back after a growing delay, returned."""
        count = self._failures.get(key, 0)
        self._failures[key] = count + 1
        self._release(key)
        delay: float = min(FIRST_RETRY * 2.0 ** min(count, 10), LAST_RETRY)
        delay *= 0.75 + self._spread() / 2
        # An event must not make a hot loop of what fails: the delay holds for it too.
        self._not_before[key] = self._clock() + delay
        self._due.pop(key, None)
        self.add(key, delay)
        return delay

    async def work(self, look: Callable[[Key], Awaitable[float | None]]) -> None:
        """Work on keys as they are due, for ever."""
        while True:
            key = self.take()
            if key is None:
                await self._wait()
                continue
            try:
                again = await look(key)
            except asyncio.CancelledError:
                raise
            except Exception as error:  # noqa: BLE001 - one bad comparison must not stop others
                _report(key, error, self.failed(key))
            else:
                self.done(key, again)

    async def _wait(self) -> None:
        """Wait until the next key is due or one is added."""
        self._changed.clear()
        ready = [entry.due for entry in self._line if entry.key not in self._busy]
        timeout = max(0.0, min(ready) - self._clock()) if ready else None
        try:
            async with asyncio.timeout(timeout):
                await self._changed.wait()
        except TimeoutError:
            pass

    def _succeeded(self, key: Key) -> None:
        self._failures.pop(key, None)
        self._not_before.pop(key, None)

    def _release(self, key: Key) -> None:
        self._busy.discard(key)
        self._changed.set()


def _report(key: object, error: Exception, delay: float) -> None:
    if isinstance(error, Foreseen):
        logger.warning("%s: %s; again in %.0f s", key, error, delay)
    else:
        logger.error("%s: again in %.0f s", key, delay, exc_info=error)
