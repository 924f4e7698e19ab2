"""Shows how far a run is: bars on a terminal, plain lines elsewhere."""

import time
from typing import Protocol, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from diptych_runner.contract import trials

#: Between lines about one download.
SECONDS_BETWEEN_LINES = 5.0


class Display(Protocol):
    """What the engine tells while it runs."""

    def __enter__(self) -> Self:
        """Begin to show."""

    def __exit__(self, *ended: object) -> None:
        """Leave the last state visible."""

    def already_committed(self, trial: trials.Trial) -> None:
        """Count a trial that an earlier run committed."""

    def step(self, trial: trials.Trial, step: int, steps: int) -> None:
        """Show how far a trial is."""

    def committed(self, trial: trials.Trial, outcome: str) -> None:
        """Count a trial that is done."""

    def data(self, source: str, done: int, length: int | None) -> None:
        """Show how many bytes of a data set have come, of how many where that is known."""

    def note(self, message: str) -> None:
        """Show something that a person should know."""


def display(console: Console, versions: list[str], total: int) -> Display:
    """Return bars when the console is a terminal, else lines."""
    if console.is_terminal:
        return Bars(console, versions, total)
    return Lines(console, total)


def words(trial: trials.Trial) -> str:
    """Return a trial as people read it."""
    setting = f" setting {trial.setting}" if trial.setting else ""
    repeat = f" repeat {trial.repeat}" if trial.repeat else ""
    return f"{trial.version} {trial.control}{setting} seed {trial.seed}{repeat}"


def megabytes(source: str, done: int, length: int | None) -> str:
    """Return how far a download is.

    >>> megabytes("s3://data/x.npz", 2_500_000, 11_500_000)
    's3://data/x.npz: 2.5 of 11.5 MB'
    """
    of = "" if length is None else f" of {length / 1e6:.1f}"
    return f"{source}: {done / 1e6:.1f}{of} MB"


class Lines:
    """A line for each trial that ends."""

    def __init__(self, console: Console, total: int) -> None:
        """Count up to `total` trials."""
        self._console = console
        self._total = total
        self._done = 0
        self._begun = time.monotonic()
        self._data_told = -SECONDS_BETWEEN_LINES

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *ended: object) -> None:
        """End."""

    def already_committed(self, trial: trials.Trial) -> None:  # noqa: ARG002
        """Count it without a line: resuming must not print a thousand of them."""
        self._done += 1

    def step(self, trial: trials.Trial, step: int, steps: int) -> None:
        """Print nothing."""

    def committed(self, trial: trials.Trial, outcome: str) -> None:
        """Print one line."""
        self._done += 1
        width = len(str(self._total))
        elapsed = time.monotonic() - self._begun
        self.note(
            f"[{self._done:{width}}/{self._total}] {words(trial)}: {outcome} ({elapsed:.0f} s)"
        )

    def data(self, source: str, done: int, length: int | None) -> None:
        """Print a line now and then, and one at the end."""
        now = time.monotonic()
        if done == length or now - self._data_told >= SECONDS_BETWEEN_LINES:
            self._data_told = now
            self.note(megabytes(source, done, length))

    def note(self, message: str) -> None:
        """Print one line."""
        self._console.print(message, markup=False, highlight=False, soft_wrap=True)


class Bars:
    """A bar for all trials and one for each version, with the trial at work beside it."""

    def __init__(self, console: Console, versions: list[str], total: int) -> None:
        """Make the bars; they appear on entering."""
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=None),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(compact=True),
            TextColumn("[dim]{task.fields[detail]}"),
            console=console,
            expand=True,
        )
        each = total // len(versions)
        self._all = self._progress.add_task("[bold]trials", total=total, detail="")
        self._bars: dict[str, TaskID] = {
            version: self._progress.add_task(version, total=each, detail="") for version in versions
        }

    def __enter__(self) -> Self:
        """Show the bars."""
        self._progress.start()
        return self

    def __exit__(self, *ended: object) -> None:
        """Leave the bars as they are."""
        self._progress.stop()

    def already_committed(self, trial: trials.Trial) -> None:
        """Advance."""
        self._advance(trial, "committed before")

    def step(self, trial: trials.Trial, step: int, steps: int) -> None:
        """Show the step beside the version's bar."""
        detail = f"{trial.control} seed {trial.seed}: step {step}/{steps}"
        self._progress.update(self._bars[trial.version], detail=detail)

    def committed(self, trial: trials.Trial, outcome: str) -> None:
        """Advance; an outcome other than success gets a line above the bars."""
        if outcome != "Succeeded":
            self.note(f"{words(trial)}: {outcome}")
        self._advance(trial, "")

    def data(self, source: str, done: int, length: int | None) -> None:
        """Show it beside the bar of all trials."""
        shown = "" if done == length else megabytes(source, done, length)
        self._progress.update(self._all, detail=shown)

    def note(self, message: str) -> None:
        """Print above the bars."""
        self._progress.console.print(message, markup=False, highlight=False)

    def _advance(self, trial: trials.Trial, detail: str) -> None:
        self._progress.update(self._bars[trial.version], advance=1, detail=detail)
        self._progress.update(self._all, advance=1)
