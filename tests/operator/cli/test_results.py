"""Twin of cli/results.py: what is printed when something cannot be kept."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.analysis.builder import plan, store, training
from typer.testing import Result

from diptych.cli import results
from diptych.cli.exits import Exit

Run = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return store(tmp_path, plan(seeds=2), lambda trial: training(trial.seed))


@pytest.mark.parametrize("name", ["summary.json", "report.html"])
def test_a_summary_that_cannot_be_kept_is_printed_all_the_same(
    diptych: Run, folder: Path, name: str
) -> None:
    (folder / name).mkdir()
    done = diptych("analyze", folder, "--json")
    assert json.loads(done.stdout)["verdict"] == "Identical"
    assert done.exit_code == Exit.NO_VERDICT
    assert name in done.stderr
    assert "Traceback" not in done.stderr
    done = diptych("analyze", folder)
    assert "Identical" in done.stdout
    assert done.exit_code == Exit.NO_VERDICT


def test_a_full_disk_is_told_after_the_summary(
    diptych: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> str:
        raise OSError(28, "No space left on device", "summary.json")

    monkeypatch.setattr(results, "write_summary", refuse)
    done = diptych("analyze", folder, "--json")
    assert json.loads(done.stdout)["verdict"] == "Identical"
    assert done.exit_code == Exit.NO_VERDICT
    assert "summary.json could not be written" in done.stderr
    assert "No space left on device" in done.stderr
    assert diptych("report", folder).exit_code == Exit.NO_VERDICT
