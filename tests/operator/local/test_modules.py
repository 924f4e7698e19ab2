from pathlib import Path

import pytest

from diptych.api.workload import Module
from diptych.local.errors import CodeMissing
from diptych.local.modules import MOST_BYTES, code_beside, copy_of

MODULE = Module(config_map="my-code", entrypoint="train:main")


@pytest.fixture
def yaml(tmp_path: Path) -> Path:
    return tmp_path / "mine.yaml"


def test_one_file_beside_the_yaml_is_the_code(yaml: Path) -> None:
    (yaml.parent / "train.py").write_text("1", encoding="utf-8")
    (yaml.parent / "other.py").write_text("2", encoding="utf-8")
    code = code_beside(yaml, MODULE)
    assert code is not None
    assert code.files == {"train.py": "1"}


def test_a_folder_named_like_the_config_map_goes_before_it(yaml: Path) -> None:
    (yaml.parent / "train.py").write_text("1", encoding="utf-8")
    folder = yaml.parent / "my-code"
    (folder / "__pycache__").mkdir(parents=True)
    (folder / "train.py").write_text("2", encoding="utf-8")
    (folder / "helper.py").write_text("3", encoding="utf-8")
    code = code_beside(yaml, MODULE)
    assert code is not None
    assert code.files == {"helper.py": "3", "train.py": "2"}


def test_code_in_the_image_has_no_files_here(yaml: Path) -> None:
    assert code_beside(yaml, Module(entrypoint="package.train:main")) is None


def test_both_places_are_named_when_neither_is_there(yaml: Path) -> None:
    with pytest.raises(CodeMissing) as caught:
        code_beside(yaml, MODULE)
    assert str(yaml.parent / "my-code") in str(caught.value)
    assert str(yaml.parent / "train.py") in str(caught.value)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"other.py": b"1"}, "holds no train.py; it holds: other.py"),
        ({}, "it holds: no file"),
        ({"train.py": b"1", "data.npz": b"\xff\xfe"}, "data.npz in"),
        ({"train.py": b"#" * (MOST_BYTES + 1)}, f"at most {MOST_BYTES}"),
    ],
    ids=["other", "empty", "binary", "large"],
)
def test_what_a_config_map_could_not_carry_is_refused(
    yaml: Path, content: dict[str, bytes], told: str
) -> None:
    folder = yaml.parent / "my-code"
    folder.mkdir()
    for name, each in content.items():
        (folder / name).write_bytes(each)
    with pytest.raises(CodeMissing) as caught:
        code_beside(yaml, MODULE)
    assert told in str(caught.value)


def test_equal_code_is_copied_once_and_changed_code_elsewhere(yaml: Path, tmp_path: Path) -> None:
    copies = []
    for text in ("1", "1", "2"):
        (yaml.parent / "train.py").write_text(text, encoding="utf-8")
        code = code_beside(yaml, MODULE)
        assert code is not None
        copies.append(copy_of(code, tmp_path / "cache"))
    assert copies[0] == copies[1] != copies[2]
    assert (copies[0] / "train.py").read_text(encoding="utf-8") == "1"
