"""Two consoles: results on standard output, everything on the way there on standard error."""

import sys

from rich.console import Console


class Output(Console):
    """A console that leaves a closed pipe to `main`: Rich itself would exit with 1, a verdict."""

    def on_broken_pipe(self) -> None:
        """Raise BrokenPipeError."""
        raise BrokenPipeError


# A terminal gets words wrapped at its width; a file or a pipe gets whole lines.
results = Output(soft_wrap=not (sys.stdout and sys.stdout.isatty()))
messages = Output(stderr=True, soft_wrap=not (sys.stderr and sys.stderr.isatty()))


def say(message: str) -> None:
    """Print a line of progress or advice."""
    messages.print(message, markup=False, highlight=False)


def complain(message: str) -> None:
    """Print an error."""
    messages.print(message, style="red", markup=False, highlight=False)


def write(text: str) -> None:
    """Write to standard output as it is: for JSON and YAML that a program reads."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")
