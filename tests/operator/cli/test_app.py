"""Exit codes of the program itself: only a verdict may end with 1."""

import subprocess
import sys
from pathlib import Path

import pytest

from diptych.cli.exits import Exit

DIPTYCH = f"{sys.executable} -m diptych"


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("--version", Exit.OK),
        ("workloads", Exit.OK),
        ("nonsense", Exit.BAD_INPUT),
        ("plan", Exit.BAD_INPUT),
        ("plan small.yaml --format nonsense", Exit.BAD_INPUT),
        ("validate none.yaml", Exit.BAD_INPUT),
        ("analyze /nonexistent", Exit.NO_VERDICT),
    ],
)
def test_each_end_has_its_code(arguments: str, code: Exit, file: Path) -> None:
    ended = shell(f"{DIPTYCH} {arguments}", file.parent)
    assert ended.returncode == code, ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("redirection", ["| head -1", "> /dev/full", ">&-"])
def test_a_closed_or_full_output_is_no_verdict_and_no_traceback(
    redirection: str, file: Path
) -> None:
    ended = shell(f"{DIPTYCH} plan {file.name} {redirection}", file.parent)
    assert ended.returncode in (Exit.OK, Exit.NO_VERDICT), ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_fault_of_ours_is_not_a_verdict(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from diptych.cli import app

    def fail(**_: object) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr(app, "app", fail)
    with pytest.raises(SystemExit) as ended:
        app.main()
    assert ended.value.code == Exit.INTERNAL_ERROR
    assert "planted" in capsys.readouterr().err


def test_environments_are_listed_with_their_python(file: Path) -> None:
    lines = shell(f"{DIPTYCH} environments", file.parent).stdout.splitlines()
    assert ["tensorflow", "1.2.1", "3.6", "14"] in [line.split() for line in lines]
    alone = shell(f"{DIPTYCH} environments --framework pytorch", file.parent).stdout.splitlines()
    assert {line.split()[0] for line in alone[1:]} == {"pytorch"}
    assert 1 < len(alone) < len(lines)


def test_an_environment_lists_its_packages(file: Path) -> None:
    lines = shell(f"{DIPTYCH} environments 1.4.0", file.parent).stdout.splitlines()
    assert len(lines) == 15
    assert {"tensorflow==1.4.0", "numpy==1.19.5"} <= set(lines)
    unknown = shell(f"{DIPTYCH} environments 1.4.1", file.parent)
    assert unknown.returncode == Exit.BAD_INPUT
    assert "'1.4.1' is none of 1.2.1, 1.4.0" in " ".join(unknown.stderr.split())
