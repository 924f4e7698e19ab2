"""Twin of local/copies.py: a folder is whole or not there, whoever else makes it."""

from pathlib import Path

import pytest

from diptych.local.copies import made_once


def test_a_folder_is_filled_once(tmp_path: Path) -> None:
    filled: list[Path] = []

    def fill(made: Path) -> None:
        filled.append(made)
        (made / "a").write_text("1")

    target = tmp_path / "x" / "y"
    assert made_once(target, fill) == target
    assert made_once(target, fill) == target
    assert len(filled) == 1
    assert [path.name for path in target.iterdir()] == ["a"]
    assert [path.name for path in target.parent.iterdir()] == ["y"]


def test_what_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    def fill(made: Path) -> None:
        (made / "a").write_text("1")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        made_once(tmp_path / "x", fill)
    assert list(tmp_path.iterdir()) == []


def test_who_comes_second_takes_what_is_there(tmp_path: Path) -> None:
    target = tmp_path / "x"

    def fill(made: Path) -> None:
        (made / "mine").write_text("1")
        target.mkdir()
        (target / "theirs").write_text("1")

    assert made_once(target, fill) == target
    assert [path.name for path in target.iterdir()] == ["theirs"]
