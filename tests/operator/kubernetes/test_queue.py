import asyncio

import pytest

from diptych.kubernetes.errors import Foreseen
from diptych.kubernetes.queue import Queue


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def queue(clock: Clock) -> Queue[str]:
    return Queue(clock, spread=lambda: 0.5)


def test_a_key_is_due_after_its_delay_and_once_for_a_burst(queue: Queue[str], clock: Clock) -> None:
    queue.add("a", 5)
    queue.add("a", 1)
    queue.add("a", 9)
    assert queue.take() is None
    clock.now += 1
    assert queue.take() == "a"
    queue.done("a")
    clock.now += 100
    assert queue.take() is None
    assert len(queue) == 0


def test_a_busy_key_waits_for_itself_and_holds_up_nobody(queue: Queue[str], clock: Clock) -> None:
    queue.add("a")
    assert queue.take() == "a"
    queue.add("a")
    queue.add("b")
    assert queue.take() == "b"
    assert queue.take() is None
    queue.done("a")
    assert queue.take() == "a"


def test_what_fails_comes_back_later_each_time_and_events_do_not_hurry_it(
    queue: Queue[str], clock: Clock
) -> None:
    delays = []
    for _ in range(9):
        queue.add("a")
        clock.now += 1000
        assert queue.take() == "a"
        delays.append(queue.failed("a"))
        queue.add("a")
        assert queue.take() is None
    assert delays == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    clock.now += 60
    assert queue.take() == "a"
    queue.done("a")
    queue.add("a")
    assert queue.take() == "a"


def test_a_key_that_is_done_comes_back_when_it_asked_to(queue: Queue[str], clock: Clock) -> None:
    queue.add("a")
    assert queue.take() == "a"
    queue.done("a", again=30)
    clock.now += 29
    assert queue.take() is None
    clock.now += 1
    assert queue.take() == "a"


def test_a_forgotten_key_does_not_come_back(queue: Queue[str]) -> None:
    queue.add("a")
    queue.forget("a")
    assert queue.take() is None


def test_one_that_fails_stops_no_worker_and_no_other(caplog: pytest.LogCaptureFixture) -> None:
    async def scenario() -> list[str]:
        loop = asyncio.get_running_loop()
        queue: Queue[str] = Queue(loop.time)
        seen: list[str] = []

        async def look(key: str) -> float | None:
            seen.append(key)
            if key == "bad":
                raise Foreseen("the server is away")
            if key == "worse":
                raise ZeroDivisionError
            return None

        workers = [asyncio.create_task(queue.work(look)) for _ in range(2)]
        for key in ("bad", "worse", "good"):
            queue.add(key)
        await asyncio.sleep(0.05)
        queue.add("good")
        await asyncio.sleep(0.05)
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        return seen

    assert sorted(asyncio.run(scenario())) == ["bad", "good", "good", "worse"]
    # What is foreseen is a line; a mistake of ours has its traceback.
    texts = {record.levelname: record for record in caplog.records}
    assert texts["WARNING"].exc_info is None
    assert "the server is away" in texts["WARNING"].getMessage()
    assert texts["ERROR"].exc_info is not None
