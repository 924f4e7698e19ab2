"""Environments from real packages; `six` stands for a framework that imports at once."""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from diptych.local.environments import READY, Wanted, prepare
from diptych.local.errors import EnvironmentFailed
from diptych_runner.contract.tables import Environment

PYTHON = "{}.{}".format(*sys.version_info[:2])


def wanted(version: str = "1.17.0", pin: str = "six==1.17.0") -> Wanted:
    row = Environment("six", version, PYTHON, pin, pin, "none", ["packaging==25.0"])
    return Wanted(row, gpu=False)


def test_an_environment_is_made_once_and_shared(tmp_path: Path) -> None:
    said: list[str] = []
    python = prepare(wanted(), tmp_path, said.append)
    assert python.exists()
    assert (python.parents[1] / READY).read_text(encoding="utf-8") == "1.17.0\n"
    assert said[0] == "six 1.17.0: installing 2 packages for Python " + PYTHON
    assert said[-1].startswith("six 1.17.0: ready after")
    said.clear()
    assert prepare(wanted(), tmp_path, said.append) == python
    assert said == []


def test_a_half_made_environment_is_made_again(tmp_path: Path) -> None:
    python = prepare(wanted(), tmp_path, lambda _message: None)
    folder = python.parents[1]
    (folder / READY).unlink()
    (folder / "left-over").touch()
    prepare(wanted(), tmp_path, lambda _message: None)
    assert (folder / READY).exists()
    assert not (folder / "left-over").exists()


def test_what_a_killed_installation_left_is_removed(tmp_path: Path) -> None:
    folder = tmp_path / "environments" / wanted().folder_name
    aside = folder.with_name(f"{folder.name}.making-dead")
    (aside / "bin").mkdir(parents=True)
    prepare(wanted(), tmp_path, lambda _message: None)
    assert sorted(path.name for path in folder.parent.iterdir()) == [
        folder.name,
        f"{folder.name}.lock",
    ]


def test_two_at_once_make_it_once(tmp_path: Path) -> None:
    said: list[str] = []
    with ThreadPoolExecutor(2) as pool:
        pythons = list(pool.map(lambda _: prepare(wanted(), tmp_path, said.append), range(2)))
    assert pythons[0] == pythons[1]
    assert sum("installing" in message for message in said) == 1


def test_another_pin_is_another_environment() -> None:
    assert wanted().folder_name != wanted(pin="six==1.16.0").folder_name


def test_a_package_that_does_not_exist_fails_with_uvs_reason(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFailed, match=r"six 0\.0\.0: uv could not install it"):
        prepare(wanted("0.0.0", "six==0.0.0"), tmp_path, lambda _message: None)


def test_a_framework_that_reports_another_version_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFailed, match=r"reports version '1\.17\.0'"):
        prepare(wanted("1.16.0"), tmp_path, lambda _message: None)
