"""The `diptych` command: parses words, calls the engine or the analysis, prints for people."""

from diptych.cli.app import main

__all__ = ["main"]
