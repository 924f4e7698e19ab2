"""Runs the command line in this process, and writes the files it reads."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from diptych.cli.app import app

COMPARISON = """\
apiVersion: diptych.dev/v1alpha1
kind: VersionComparison
metadata:
  name: small
spec:
  versions:
    - name: "2.4.0"
    - name: "2.13.1"
  workload:
    builtin: adam-linear-regression
  seeds: {first: 1, count: 2}
  noiseFloor: {seeds: 1, repeats: 2}
"""


@pytest.fixture
def diptych() -> Callable[..., Result]:
    """Return a function that runs `diptych` with arguments."""

    def run(*arguments: str | Path) -> Result:
        return CliRunner().invoke(app, [str(each) for each in arguments])

    return run


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a valid file."""
    path = tmp_path / "small.yaml"
    path.write_text(COMPARISON, encoding="utf-8")
    return path
