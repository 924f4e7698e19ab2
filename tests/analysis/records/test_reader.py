"""Twin of records/reader.py."""

import os
from pathlib import Path

import pytest

from diptych_analysis.records.reader import FolderReader


def test_reads_what_is_there_and_says_what_is_not(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b").write_bytes(b"x")
    reader = FolderReader(tmp_path)
    assert reader.read("a/b") == b"x"
    assert reader.exists("a/b")
    assert not reader.exists("a/c")
    assert not reader.exists("a/b/c")
    with pytest.raises(FileNotFoundError):
        reader.read("a/c")


def test_a_name_too_long_exists_but_cannot_be_read(tmp_path: Path) -> None:
    reader = FolderReader(tmp_path)
    assert reader.exists("n" * 5000)
    with pytest.raises(OSError, match="too long"):
        reader.read("n" * 5000)


def test_never_leaves_its_folder(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.write_bytes(b"secret")
    (inside / "link").symlink_to(outside)
    reader = FolderReader(inside)
    (inside / "up").symlink_to(tmp_path)
    for path in ("../out", "link", "up/out", "up/../out", str(outside)):
        with pytest.raises(OSError, match="outside"):
            reader.read(path)


def test_reads_regular_files_only(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    reader = FolderReader(tmp_path)
    assert reader.exists("loop")
    for path in ("pipe", "folder", "loop"):
        with pytest.raises(OSError):  # noqa: PT011 - each has its own number
            reader.read(path)


def test_a_link_inside_the_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    assert FolderReader(tmp_path).read("b") == b"x"
