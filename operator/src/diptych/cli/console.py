"""Two consoles: results on standard output, everything on the way there on standard error."""

import sys

from rich.console import Console

# A terminal gets words wrapped at its width; a file or a pipe gets whole lines.
results = Console(soft_wrap=not sys.stdout.isatty())
messages = Console(stderr=True, soft_wrap=not sys.stderr.isatty())


def say(message: str) -> None:
    """Print a line of progress or advice."""
    messages.print(message, markup=False, highlight=False)


def complain(message: str) -> None:
    """Print an error."""
    messages.print(message, style="red", markup=False, highlight=False)


def write(text: str) -> None:
    """Write to standard output as it is: for JSON and YAML that a program reads."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")
