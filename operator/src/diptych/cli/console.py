"""Two consoles: results on standard output, everything on the way there on standard error."""

import sys

from rich.console import Console

results = Console(soft_wrap=True)
messages = Console(stderr=True, soft_wrap=True)


def say(message: str) -> None:
    """Print a line of progress or advice."""
    messages.print(message, markup=False, highlight=False)


def complain(message: str) -> None:
    """Print an error."""
    messages.print(message, style="red", markup=False, highlight=False)


def write(text: str) -> None:
    """Write to standard output as it is: for JSON and YAML that a program reads."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")
