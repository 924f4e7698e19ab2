"""What the engine does with blocks that end in every way; real ones are in tests/integration."""

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from diptych.local import engine
from diptych.local.blocks import Block, Machine
from diptych.local.engine import DeadlineExceeded, Interrupted, Limits, run_plan
from diptych.local.processes import Launch
from diptych_runner.contract import names
from diptych_runner.contract.plan import Plan
from diptych_runner.contract.trials import Trial, path_of

OnEvent = Callable[[dict[str, Any]], None]


class Shown:
    """A display that remembers."""

    def __init__(self) -> None:
        self.before: list[Trial] = []
        self.done: list[Trial] = []
        self.notes: list[str] = []

    def __enter__(self) -> "Shown":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def already_committed(self, trial: Trial) -> None:
        self.before.append(trial)

    def step(self, trial: Trial, step: int, steps: int) -> None:
        pass

    def committed(self, trial: Trial, outcome: str) -> None:  # noqa: ARG002
        self.done.append(trial)

    def data(self, source: str, done: int, length: int | None) -> None:
        self.notes.append(f"{source} {done}/{length}")

    def note(self, message: str) -> None:
        self.notes.append(message)


class Fake:
    """Stands in for the runner; `script` gives the exit codes of a block's starts in turn."""

    def __init__(self, plan: Plan, script: dict[Block, list[int]]) -> None:
        self.plan = plan
        self.script = script
        self.starts: list[Block] = []
        self.gpus: list[list[int]] = []
        self.seconds = 0.0
        self.stopped: list[Block] = []

    async def run_block(self, _: Launch, block: Block, gpus: range, on_event: OnEvent) -> int:
        self.starts.append(block)
        self.gpus.append(list(gpus))
        try:
            await asyncio.sleep(self.seconds)
        except asyncio.CancelledError:
            # The later one takes longer to withdraw its attempt.
            await asyncio.sleep(0.2 * self.starts.index(block))
            self.stopped.append(block)
            raise
        codes = self.script.get(block, [])
        code = codes.pop(0) if codes else names.EXIT_COMMITTED
        for trial in self.plan.block(block.version, block.index):
            path = path_of(trial)
            if code == names.EXIT_COMMITTED:
                on_event({"event": names.EVENT_COMMITTED, "trial": path, "outcome": "Succeeded"})
            elif code != SILENT:
                on_event({"event": names.EVENT_STARTED, "trial": path, "attempt": "000-a"})
        return code


SILENT = 3
FIRST, SECOND = Block("0", 0), Block("1", 0)


@pytest.fixture
def launch(tmp_path: Path) -> Launch:
    tmp_path.mkdir(exist_ok=True)
    for version in ("0", "1"):
        for index in (0, 1):
            log = tmp_path / f"{version}-block-{index}.log"
            log.write_text("a traceback\nValueError: planted\n\n", encoding="utf-8")
    return Launch({}, tmp_path, tmp_path / "plan.json", str(tmp_path), tmp_path)


@pytest.fixture
def run(
    small_plan: Plan, launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[Fake, Shown]]:
    def run(
        script: dict[Block, list[int]],
        committed: frozenset[Trial] = frozenset(),
        seconds: float | None = None,
        block_seconds: float = 0.0,
    ) -> tuple[Fake, Shown]:
        fake, shown = Fake(small_plan, script), Shown()
        fake.seconds = block_seconds
        monkeypatch.setattr(engine, "run_block", fake.run_block)
        limits = Limits(2, None if seconds is None else int(seconds), Machine(2, 0))
        if seconds is not None:
            object.__setattr__(limits, "seconds", seconds)
        run_plan(small_plan, launch, limits, shown, committed)
        return fake, shown

    return run


Run = Callable[..., tuple[Fake, Shown]]


def test_every_block_runs_once_and_every_trial_is_counted_once(run: Run, small_plan: Plan) -> None:
    fake, shown = run({})
    assert len(fake.starts) == len(set(fake.starts)) == 4
    assert sorted(shown.done) == sorted(small_plan.trials())
    assert shown.notes == []


def test_blocks_that_are_committed_are_not_started(run: Run, small_plan: Plan) -> None:
    committed = frozenset(small_plan.block("0", 0)) | {small_plan.block("1", 1)[0]}
    fake, shown = run({}, committed)
    assert FIRST not in fake.starts
    assert len(fake.starts) == 3
    assert set(shown.before) == committed
    assert sorted([*shown.before, *shown.done]) == sorted(small_plan.trials())


def test_a_block_that_dies_is_started_again_and_its_log_is_quoted(run: Run) -> None:
    fake, shown = run({FIRST: [-9, 1]})
    assert fake.starts.count(FIRST) == 3
    assert shown.notes[0] == "0: block 0 ended with signal 9: ValueError: planted"
    assert shown.notes[1].startswith("0: block 0 ended with exit code 1")
    assert len(shown.done) == 8


def test_a_block_that_says_nothing_twice_is_given_up_and_the_others_go_on(run: Run) -> None:
    fake, shown = run({FIRST: [SILENT] * 50})
    assert fake.starts.count(FIRST) == 2
    assert shown.notes[-1].startswith("0: block 0 is given up: ValueError: planted; see ")
    assert len(shown.done) == 6


def test_a_block_that_always_dies_is_given_up_after_its_retries(run: Run) -> None:
    fake, shown = run({FIRST: [1] * 50})
    assert fake.starts.count(FIRST) == 7
    assert "is given up" in shown.notes[-1]


def test_an_impossible_block_is_started_once(run: Run) -> None:
    fake, shown = run({SECOND: [names.EXIT_IMPOSSIBLE]})
    assert fake.starts.count(SECOND) == 1
    assert shown.notes[0].startswith("1: block 0 is given up")


def test_a_store_that_is_away_is_waited_for_and_counts_as_no_attempt(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "SECONDS_OF_OUTAGE", (0,) * 20)
    fake, shown = run({FIRST: [names.EXIT_UNREACHABLE] * 20})
    assert fake.starts.count(FIRST) == 21
    assert "waits 0 s to start again: ValueError: planted" in shown.notes[0]
    assert len(shown.done) == 8


def test_a_store_that_stays_away_ends_the_block(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "SECONDS_OF_OUTAGE", (0, 0))
    fake, shown = run({FIRST: [names.EXIT_UNREACHABLE] * 20})
    assert fake.starts.count(FIRST) == 3
    assert "is given up" in shown.notes[-1]


def test_the_deadline_stops_what_is_left(run: Run) -> None:
    with pytest.raises(DeadlineExceeded):
        run({}, seconds=0.05, block_seconds=5.0)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_waits_until_all_that_runs_has_stopped(
    small_plan: Plan, launch: Launch, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = Fake(small_plan, {})
    fake.seconds = 5.0
    monkeypatch.setattr(engine, "run_block", fake.run_block)
    threading.Timer(0.2, os.kill, (os.getpid(), number)).start()
    with pytest.raises(Interrupted):
        run_plan(small_plan, launch, Limits(2, None, Machine(2, 0)), Shown(), frozenset())
    assert fake.stopped == fake.starts
    assert len(fake.stopped) == 2


def test_a_commit_that_nobody_heard_of_is_counted(
    run: Run, small_plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = Shown()
    work = engine.Work(small_plan, None, shown, None, set())  # type: ignore[arg-type]
    heard = engine.Heard(work)
    trial = small_plan.trial(0)
    for _ in range(2):
        heard.event({"event": names.EVENT_SKIPPED, "trial": path_of(trial)})
    heard.event({"event": "nonsense", "trial": "../.."})
    for reason in ("killed", "ValueError: planted"):
        heard.event({"event": names.EVENT_RETRY, "trial": path_of(trial), "reason": reason})
    assert shown.before == [trial]
    heard.event({"event": names.EVENT_DATA, "source": "s3://d/x", "bytes": 5, "length": None})
    assert shown.notes == [
        "0 SharedOrder seed 1, attempt 1: killed",
        "0 SharedOrder seed 1, attempt 2: ValueError: planted",
        "s3://d/x 5/None",
    ]
