"""Real interpreters, browser and frameworks' environments for tests; a list of what was not run.

A test marked `needs_python("3.6")` needs that interpreter on this machine or from uv's download,
one marked `needs_chromium` an installed Chromium (`tools/install-chromium.sh`). Where it is
missing the test is not run, and the end of the session lists it by name; with DIPTYCH_REQUIRE_ALL
set, as in CI, it fails instead.
"""

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from tests.requirements import leave_out
from tools.chromium import BINARIES, find_chromium

from diptych.local import cache as engine_cache
from diptych.local.environments import Wanted, prepare
from diptych.local.errors import PythonMissing
from diptych.local.interpreters import find_python
from diptych_runner.contract.frameworks import DEFAULT
from diptych_runner.contract.tables import environments

pytest_plugins = ["tests.clusters"]

_END_TO_END = Path(__file__).parent / "e2e"
#: For `make e2e` and `make e2e-full`.
ONLY_WHEN_NAMED = (_END_TO_END, _END_TO_END / "test_full.py")


@cache
def _missing_python(minor: str) -> str | None:
    """Return why a Python cannot be had, or None when it can."""
    try:
        find_python(minor, "a test", lambda _message: None)
    except PythonMissing as error:
        return str(error)
    return None


def _say(message: str) -> None:
    sys.__stderr__ and print(message, file=sys.__stderr__, flush=True)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out what takes a whole cluster, or an hour, unless it or a part of it is named."""
    named = [Path(argument.partition("::")[0]).resolve() for argument in config.args]
    is_named = any(path.is_relative_to(collection_path) for path in named)
    return True if collection_path in ONLY_WHEN_NAMED and not is_named else None


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in item.iter_markers("needs_python"):
        for minor in marker.args:
            reason = _missing_python(minor)
            if reason is not None:
                leave_out(f"no Python {minor}: {reason}")
    if item.get_closest_marker("needs_chromium") and find_chromium() is None:
        names = ", ".join(BINARIES)
        leave_out(f"no browser: none of {names} on PATH; tools/install-chromium.sh installs one")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    not_run = terminalreporter.stats.get("skipped", [])
    if not_run:
        terminalreporter.section("NOT RUN on this machine, by name", sep="=", yellow=True)
    for report in not_run:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        terminalreporter.line(f"{report.nodeid}: {reason}")


@pytest.fixture(scope="session")
def environment() -> Callable[..., Path]:
    """Return a function from a framework's version to the interpreter of its environment."""
    rows = {(row.framework, row.version): row for row in environments()}

    def interpreter(version: str, framework: str = DEFAULT) -> Path:
        row = rows[framework, version]
        return prepare(Wanted(row, gpu=False), engine_cache.cache_root(), _say)

    return interpreter
