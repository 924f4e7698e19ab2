"""Runs a plan's blocks side by side until every trial is committed or given up."""

import asyncio
import contextlib
import signal
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from diptych.local.blocks import Block, Machine, attempts_per_block, devices_of, ordered_blocks
from diptych.local.processes import Launch, run_block
from diptych.local.progress import Display, words
from diptych_runner.contract import names, trials
from diptych_runner.contract.plan import Plan
from diptych_runner.contract.trials import Trial, path_of

#: Waits before a block starts again that could not reach its store or its data: a quarter of an
#: hour in all, and again as much after every trial that it commits.
SECONDS_OF_OUTAGE = (5, 10, 20, 40, *[60] * 14)

#: How often in a row a block may end before it says anything: what fails so early stays.
SILENT_STARTS = 2


class Interrupted(Exception):
    """SIGINT or SIGTERM ended the run; what is committed stays."""


class DeadlineExceeded(Exception):
    """activeDeadlineSeconds passed; what is committed is analysed."""


@dataclass(frozen=True)
class Limits:
    """How many blocks at once, for how long, and on what."""

    workers: int
    seconds: int | None
    machine: Machine


def run_plan(
    plan: Plan, launch: Launch, limits: Limits, shown: Display, committed: frozenset[Trial]
) -> None:
    """Run every block of the plan that has a trial outside `committed`.

    Raises Interrupted on SIGINT or SIGTERM and DeadlineExceeded after `limits.seconds`, once all
    runners are stopped.
    """
    for trial in sorted(committed, key=plan.index):
        shown.already_committed(trial)
    pending = deque(
        block
        for block in ordered_blocks(plan)
        if not committed.issuperset(plan.block(block.version, block.index))
    )
    if pending:
        work = Work(plan, launch, shown, pending, {path_of(trial) for trial in committed})
        asyncio.run(_run_until_done_or_stopped(work, limits))


@dataclass
class Work:
    """What the workers share.

    `counted` are the trials that the display knows as committed, `ended` the attempts by trial that
    gave no result.
    """

    plan: Plan
    launch: Launch
    shown: Display
    pending: deque[Block]
    counted: set[str]
    ended: Counter[str] = field(default_factory=Counter)


async def _run_until_done_or_stopped(shared: Work, limits: Limits) -> None:
    work = asyncio.ensure_future(_workers(shared, limits))
    with _cancelled_by_signals(work):
        try:
            async with asyncio.timeout(limits.seconds):
                await work
        except TimeoutError:
            raise DeadlineExceeded from None
        except asyncio.CancelledError:
            raise Interrupted from None


async def _workers(shared: Work, limits: Limits) -> None:
    """Run all workers; however they end, none outlives this and neither does a runner of theirs."""
    gpus = shared.plan.axes["gpus"]
    try:
        async with asyncio.TaskGroup() as group:
            for number in range(limits.workers):
                group.create_task(_worker(shared, devices_of(number, gpus, limits.machine)))
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None


@contextlib.contextmanager
def _cancelled_by_signals(work: "asyncio.Future[Any]") -> Iterator[None]:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, work.cancel)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


async def _worker(work: Work, gpus: range) -> None:
    while work.pending:
        await _run_with_retries(work, work.pending.popleft(), gpus)


async def _run_with_retries(work: Work, block: Block, gpus: range) -> None:
    """Run a block until it is done or given up; a store that is away is no attempt of it."""
    log = work.launch.log_of(block)
    label = f"{block.version}: block {block.index}"
    attempts, outage, silent = attempts_per_block(work.plan), iter(SECONDS_OF_OUTAGE), 0
    while attempts > 0 and silent < SILENT_STARTS:
        heard = Heard(work)
        code = await run_block(work.launch, block, gpus, heard.event)
        if code == names.EXIT_COMMITTED:
            return
        if code == names.EXIT_IMPOSSIBLE:
            break
        if code == names.EXIT_UNREACHABLE:
            if heard.commits:
                outage = iter(SECONDS_OF_OUTAGE)
            wait = next(outage, None)
            if wait is None:
                break
            work.shown.note(f"{label} waits {wait} s to start again: {_last_line(log)}")
            await asyncio.sleep(wait)
            continue
        attempts -= 1
        silent = 0 if heard.events else silent + 1
        ended = f"signal {-code}" if code < 0 else f"exit code {code}"
        work.shown.note(f"{label} ended with {ended}: {_last_line(log)}")
    work.shown.note(f"{label} is given up: {_last_line(log)}; see {log}")


class Heard:
    """Passes the events of one start on, and knows whether there were any."""

    def __init__(self, work: Work) -> None:
        """Count into what the workers share."""
        self._work = work
        self.events = 0
        self.commits = 0

    def event(self, event: dict[str, Any]) -> None:
        """Show an event; a block that is started again must not count a trial twice."""
        if event.get("event") == names.EVENT_DATA:
            self.events += 1
            self._work.shown.data(str(event["source"]), int(event["bytes"]), event["length"])
            return
        path = str(event.get("trial", ""))
        try:
            trial = trials.trial_at_path(path)
        except ValueError:
            return
        self.events += 1
        kind, shown, counted = event.get("event"), self._work.shown, self._work.counted
        if kind == names.EVENT_STEP:
            shown.step(trial, int(event["step"]), int(event["steps"]))
        elif kind == names.EVENT_RETRY:
            self._work.ended[path] += 1
            number = self._work.ended[path]
            shown.note(f"{words(trial)}, attempt {number}: {event['reason']}")
        elif path not in counted and kind == names.EVENT_COMMITTED:
            counted.add(path)
            self.commits += 1
            shown.committed(trial, str(event["outcome"]))
        elif path not in counted and kind == names.EVENT_SKIPPED:
            # Committed by a start that was killed before it could say so.
            counted.add(path)
            shown.already_committed(trial)


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return next((line.strip() for line in reversed(lines) if line.strip()), "no reason given")
