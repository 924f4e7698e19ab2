"""From an address on the command line to its store."""

import typer

from diptych.cli.console import complain
from diptych.cli.exits import Exit
from diptych_runner.stores.base import Store
from diptych_runner.stores.errors import StoreError
from diptych_runner.stores.location import store_at


def store_from(address: str) -> Store:
    """Return the store at an address; print what is wrong with it and exit when it is none."""
    try:
        return store_at(address)
    except StoreError as error:
        complain(str(error))
        raise typer.Exit(Exit.BAD_INPUT) from error
