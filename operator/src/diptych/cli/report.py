"""`diptych report`: report.html and summary.md once more, from committed records alone."""

import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from diptych.cli.analyze import Folder
from diptych.cli.results import analyzed, report_and_say, source_in
from diptych.cli.stores import store_from
from diptych_runner.stores.location import is_s3

Open = Annotated[bool, typer.Option("--open", help="Show report.html in the browser.")]


def report(folder: Folder, open_it: Open = False) -> None:  # noqa: FBT002 - a flag
    """Write report.html and summary.md of a comparison again, without training."""
    store = store_from(folder)
    source = source_in(store)
    page = report_and_say(source, store, analyzed(source, store))
    if open_it:
        webbrowser.open(page if is_s3(page) else Path(page).absolute().as_uri())
