"""How far the reading of records is: a bar in a terminal, nothing elsewhere."""

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


class Reading:
    """A bar that goes when reading is done; use it as a context."""

    def __init__(self, console: Console) -> None:
        """Show the bar on a console."""
        self._bar = Progress(
            TextColumn("reading trials"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("")

    def told(self, done: int, total: int) -> None:
        """Take how many trials of all are read."""
        self._bar.update(self._task, completed=done, total=total)

    def __enter__(self) -> "Reading":
        """Show it."""
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Take it away."""
        self._bar.stop()
