"""Analyses a comparison, prints what came out, and turns the verdict into an exit code."""

import difflib
from collections.abc import Callable
from typing import get_args

import typer
from rich.console import RenderableType

from diptych.cli.console import complain, messages, results, say, write
from diptych.cli.exits import Exit
from diptych.cli.reading import Reading
from diptych.cli.stores import store_from
from diptych.cli.verdict import rendered
from diptych_analysis import AnalysisError, analyze, write_summary
from diptych_analysis.report import write_report
from diptych_analysis.source import Source, source_at
from diptych_analysis.summary import Summary, Verdict
from diptych_runner.contract import names
from diptych_runner.stores.base import Store
from diptych_runner.stores.errors import StoreError

#: Comparisons named where none was given.
_LISTED = 8
VERDICTS: tuple[str, ...] = get_args(Verdict)


def fail_on_verdicts(text: str | None) -> frozenset[str]:
    """Return the verdicts that --fail-on names; exit when one is not a verdict."""
    if text is None:
        return frozenset()
    chosen = frozenset(part.strip() for part in text.split(","))
    for name in sorted(chosen - frozenset(VERDICTS)):
        near = difflib.get_close_matches(name.capitalize(), VERDICTS, n=1)
        hint = f" (did you mean {near[0]!r}?)" if near else ""
        complain(f"--fail-on: {name!r} is not a verdict{hint}; choose from {', '.join(VERDICTS)}")
        raise typer.Exit(Exit.BAD_INPUT)
    return chosen


def finish(
    source: Source,
    home: Store,
    *,
    as_json: bool,
    fail_on: frozenset[str],
    told: Callable[[Summary], RenderableType] = rendered,
) -> None:
    """Write and print what came out of an analysis, as `told` says, then exit as the verdict asks.

    A summary that cannot be written is printed all the same, before the error: it may be the only
    copy of hours of training. Invalid exits with NO_VERDICT, unless --fail-on names it.
    """
    summary = _analyzed(source)
    problem = _problem_of_writing(home, summary)
    if as_json:
        write(summary.to_json())
    else:
        results.print(told(summary))
    _end_on(problem)
    report_and_say(source, home, summary)
    raise typer.Exit(exit_of(summary, fail_on))


def home_of(beside: Store, output: str | None, below: str | None) -> Store:
    """Return where results go: --output, else beside the records, in a folder of its own there."""
    if output is not None:
        return store_from(output)
    return beside if below is None else beside.below(below)


def source_in(store: Store) -> Source:
    """Return the comparison in a store; exit with NO_VERDICT when there is none."""
    try:
        return source_at(store)
    except (AnalysisError, StoreError) as error:
        # Of two comparisons a command names, which one.
        if isinstance(error, AnalysisError):
            complain(f"{store.uri}: {error}{_comparisons_in(store)}")
        else:
            complain(str(error))
        raise typer.Exit(Exit.NO_VERDICT) from error


def _comparisons_in(store: Store) -> str:
    """Return the comparisons right below an address, as the end of a sentence; often none."""
    try:
        found = [name for name in store.children("") if store.exists(f"{name}/{names.PLAN_FILE}")]
    except StoreError:
        return ""
    listed = ", ".join(found[:_LISTED]) + (", ..." if len(found) > _LISTED else "")
    return f"; there are {listed}" if found else ""


def analyzed(source: Source, home: Store) -> Summary:
    """Write and return the summary; exit with NO_VERDICT when that cannot be done."""
    summary = _analyzed(source)
    _end_on(_problem_of_writing(home, summary))
    return summary


def report_and_say(source: Source, home: Store, summary: Summary) -> str:
    """Write report.html and summary.md; where they are is the last line of every command."""
    try:
        page = write_report(home, summary, source=source)
    except (AnalysisError, StoreError, OSError) as error:
        complain(str(error))
        raise typer.Exit(Exit.NO_VERDICT) from error
    say(f"Report: {page}")
    return page


def exit_of(summary: Summary, fail_on: frozenset[str]) -> Exit:
    """Return the exit code of a summary."""
    if summary.verdict in fail_on:
        return Exit.UNWANTED_VERDICT
    return Exit.NO_VERDICT if summary.verdict == "Invalid" else Exit.OK


def _analyzed(source: Source) -> Summary:
    try:
        with Reading(messages) as reading:
            return analyze(source, reading.told)
    except (AnalysisError, StoreError) as error:
        complain(str(error))
        raise typer.Exit(Exit.NO_VERDICT) from error


def _problem_of_writing(store: Store, summary: Summary) -> str | None:
    try:
        write_summary(store, summary)
    except (StoreError, OSError) as error:
        return f"summary.json could not be written: {error}"
    return None


def _end_on(problem: str | None) -> None:
    if problem is not None:
        complain(problem)
        raise typer.Exit(Exit.NO_VERDICT)
