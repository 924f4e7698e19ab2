"""Twin of cli/report.py and cli/results.py: which files a command leaves, and its last line."""

import json
import webbrowser
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.analysis.builder import plan, store, training
from typer.testing import Result

from diptych.cli.exits import Exit

Run = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return store(tmp_path, plan(seeds=2), lambda trial: training(trial.seed))


def test_it_writes_all_three_and_ends_with_where_the_report_is(diptych: Run, folder: Path) -> None:
    done = diptych("report", folder)
    assert done.exit_code == Exit.OK
    assert done.stderr.splitlines()[-1] == f"Report: {folder / 'report.html'}"
    assert "<title>Identical: demo" in (folder / "report.html").read_text(encoding="utf-8")
    assert (folder / "summary.md").read_text(encoding="utf-8").startswith("### 🟰 Identical: demo")
    assert json.loads((folder / "summary.json").read_bytes())["verdict"] == "Identical"


def test_analyze_writes_the_report_too_and_keeps_json_apart(diptych: Run, folder: Path) -> None:
    done = diptych("analyze", folder, "--json")
    assert json.loads(done.stdout)["verdict"] == "Identical"
    assert done.stderr.splitlines()[-1] == f"Report: {folder / 'report.html'}"


def test_open_shows_the_file(diptych: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(webbrowser, "open", shown.append)
    assert diptych("report", folder, "--open").exit_code == Exit.OK
    assert shown == [(folder / "report.html").as_uri()]


def test_a_folder_without_a_plan_has_no_report(diptych: Run, tmp_path: Path) -> None:
    done = diptych("report", tmp_path)
    assert done.exit_code == Exit.NO_VERDICT
    assert "plan.json" in done.stderr
    assert not (tmp_path / "report.html").exists()
