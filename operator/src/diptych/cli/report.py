"""`diptych report`: report.html and summary.md once more, from committed records alone."""

import webbrowser
from typing import Annotated

import typer

from diptych.cli.analyze import Folder
from diptych.cli.results import analyzed, report_and_say

Open = Annotated[bool, typer.Option("--open", help="Show report.html in the browser.")]


def report(folder: Folder, open_it: Open = False) -> None:  # noqa: FBT002 - a flag
    """Write report.html and summary.md of a comparison again, without training."""
    page = report_and_say(folder, analyzed(folder))
    if open_it:
        webbrowser.open(page.absolute().as_uri())
