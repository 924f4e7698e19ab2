"""Runs a plan's blocks side by side until every trial is committed or given up."""

import asyncio
import contextlib
import signal
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diptych.local.blocks import Block, attempts_per_block, ordered_blocks
from diptych.local.processes import Launch, run_block
from diptych.local.progress import Display, words
from diptych_runner.contract import names, trials
from diptych_runner.contract.plan import Plan
from diptych_runner.contract.trials import Trial

#: Waits before a block starts again that could not reach its store or its data: a quarter of an
#: hour in all, and again as much after every trial that it commits.
SECONDS_OF_OUTAGE = (5, 10, 20, 40, *[60] * 14)


class Interrupted(Exception):
    """SIGINT or SIGTERM ended the run; what is committed stays."""


class DeadlineExceeded(Exception):
    """activeDeadlineSeconds passed; what is committed is analysed."""


@dataclass(frozen=True)
class Limits:
    """How many blocks at once, and for how long."""

    workers: int
    seconds: int | None


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
        asyncio.run(_run_until_done_or_stopped(plan, launch, limits, shown, pending))


async def _run_until_done_or_stopped(
    plan: Plan, launch: Launch, limits: Limits, shown: Display, pending: deque[Block]
) -> None:
    work = asyncio.gather(*(_worker(plan, launch, pending, shown) for _ in range(limits.workers)))
    with _cancelled_by_signals(work):
        try:
            async with asyncio.timeout(limits.seconds):
                await work
        except TimeoutError:
            raise DeadlineExceeded from None
        except asyncio.CancelledError:
            raise Interrupted from None


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


async def _worker(plan: Plan, launch: Launch, pending: deque[Block], shown: Display) -> None:
    while pending:
        await _run_with_retries(plan, launch, pending.popleft(), shown)


async def _run_with_retries(plan: Plan, launch: Launch, block: Block, shown: Display) -> None:
    """Run a block until it is done or given up; a store that is away is no attempt of it."""
    counted: set[str] = set()
    log = launch.log_of(block)
    label = f"{block.version}: block {block.index}"
    attempts, outage = attempts_per_block(plan), iter(SECONDS_OF_OUTAGE)
    while attempts > 0:
        before = len(counted)
        code = await run_block(launch, block, lambda event: _show(event, counted, shown))
        if code == names.EXIT_COMMITTED:
            return
        if code == names.EXIT_IMPOSSIBLE:
            shown.note(f"{label} cannot run here; see {log}")
            return
        if code == names.EXIT_UNREACHABLE:
            if len(counted) > before:
                outage = iter(SECONDS_OF_OUTAGE)
            wait = next(outage, None)
            if wait is None:
                break
            shown.note(f"{label} waits {wait} s to start again: {_last_line(log)}")
            await asyncio.sleep(wait)
            continue
        attempts -= 1
        ended = f"signal {-code}" if code < 0 else f"exit code {code}"
        shown.note(f"{label} ended with {ended}; starting it again")
    shown.note(f"{label} is given up; see {log}")


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return next((line for line in reversed(lines) if line.strip()), "no reason given")


def _show(event: dict[str, Any], counted: set[str], shown: Display) -> None:
    """Pass an event on; a block that is started again must not count a trial twice."""
    path = str(event.get("trial", ""))
    try:
        trial = trials.trial_at_path(path)
    except ValueError:
        return
    kind = event.get("event")
    if kind == names.EVENT_STEP:
        shown.step(trial, int(event["step"]), int(event["steps"]))
    elif kind == names.EVENT_RETRY:
        shown.note(f"{words(trial)}: {event['reason']}; trying again")
    elif path not in counted and kind == names.EVENT_COMMITTED:
        counted.add(path)
        shown.committed(trial, str(event["outcome"]))
