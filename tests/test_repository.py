"""What holds for the repository as a whole."""

import re
import subprocess
import tomllib
from pathlib import Path

import jsonschema
import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted(
    path
    for member in ("operator", "jobimage", "analysis")
    for path in (ROOT / member / "src").rglob("*.py")
)
MAX_LINES = 300


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_source_file_grows_beyond_one_reason_to_exist(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


def test_the_operator_folder_does_not_shadow_the_standard_library() -> None:
    assert not (ROOT / "operator" / "__init__.py").exists()


def test_uv_is_the_same_version_for_make_and_in_the_lock_file() -> None:
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    locked = {package["name"]: package["version"] for package in lock["package"]}
    bootstrap = (ROOT / "tools" / "bootstrap-requirements.txt").read_text(encoding="utf-8")
    assert f"\nuv=={locked['uv']} " in bootstrap


def test_every_schema_is_a_schema_and_the_document_names_it() -> None:
    import json

    folder = ROOT / "jobimage/src/diptych_runner/contract/schemas"
    described = (ROOT / "docs" / "record-format.md").read_text(encoding="utf-8")
    schemas = sorted(folder.glob("*.schema.json"))
    assert len(schemas) == 9
    for path in schemas:
        jsonschema.Draft202012Validator.check_schema(json.loads(path.read_text(encoding="utf-8")))
        assert path.name in described


def test_make_help_lists_every_target() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = set(re.findall(r"^\.PHONY: (\S+)$", text, re.MULTILINE))
    shown = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert phony
    assert {line.split()[1] for line in shown.splitlines() if line.startswith("  make ")} == phony
