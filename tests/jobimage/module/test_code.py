import sys

import pytest

from diptych_runner.contract import modules
from diptych_runner.module.code import Code, CodeMissing
from diptych_runner.module.errors import ModuleError
from diptych_runner.processes import run_in_fork

FUNCTION = "def train(run):\n    run.append('called')\n"
SCRIPT = "from diptych_runner.module import run\nif __name__ == '__main__':\n    run.append(1)\n"


@pytest.fixture
def code(tmp_path, monkeypatch):
    """Return a function from an entrypoint and a file's text to its Code."""

    def made(entrypoint, text, sha256=None):
        (tmp_path / "mine.py").write_text(text)
        monkeypatch.setenv(modules.MODULE_VARIABLE, str(tmp_path))
        return Code({"configMap": "code", "entrypoint": entrypoint, "sha256": sha256})

    return made


def executed(found):
    """Execute code in a fork, as a trial does; return the exit code: how often run was told."""
    run = []  # type: ignore[var-annotated]

    def body():
        found.execute(run)
        return len(run)

    return run_in_fork(body).exit_code


def test_a_function_is_called_with_the_run(code):
    assert executed(code("mine:train", FUNCTION)) == 1


def test_a_script_runs_as_main_and_imports_the_run(code):
    assert executed(code("mine", SCRIPT)) == 1


def test_a_script_may_end_itself(code):
    assert executed(code("mine", SCRIPT + "    raise SystemExit(0)\n")) == 1


def test_an_exit_code_is_an_error(code, monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "argv", list(sys.argv))
    with pytest.raises(ModuleError) as caught:
        code("mine", "import sys\n\nsys.exit(3)").execute([])
    place = "mine.py, line 3, in <module>: sys.exit(3)"
    assert str(caught.value) == "the code ended itself ({}) with exit code 3".format(place)
    with pytest.raises(ModuleError) as caught:
        code("mine", "raise SystemExit('no data')").execute([])
    assert "the words: no data" in str(caught.value)


def test_a_relative_import_is_told_how_to_be_written(code, monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "argv", list(sys.argv))
    with pytest.raises(ModuleError) as caught:
        code("mine", "from . import helper").execute([])
    assert "write 'import helper'" in str(caught.value)
    assert "mine.py, line 1" in str(caught.value)


def test_an_error_tells_its_place_in_the_code(code, monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "argv", list(sys.argv))
    found = code("mine", "x = 1\n\ny = int('z')\n")
    with pytest.raises(ValueError) as caught:
        found.execute([])
    assert found.place_of(caught.value) == "mine.py, line 3, in <module>: y = int('z')"
    assert found.place_of(ValueError("of somebody else")) is None


@pytest.mark.parametrize("file", ["own_package/train.py", "own_module.py"])
def test_an_error_tells_its_place_in_code_of_the_image(file, tmp_path, monkeypatch):
    source = tmp_path / file
    source.parent.mkdir(exist_ok=True)
    (source.parent / "__init__.py").write_text("")
    source.write_text("def main(run):\n    return int('z')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "argv", list(sys.argv))
    name = file[:-3].replace("/", ".")
    found = Code({"configMap": None, "entrypoint": name + ":main", "sha256": None})
    with pytest.raises(ValueError) as caught:
        found.execute([])
    place = source.name + ", line 2, in main: return int('z')"
    assert found.place_of(caught.value) == place
    assert found.place_of(ValueError("of somebody else")) is None


def test_code_that_is_not_there_is_told_before_a_trial(code, monkeypatch, tmp_path):
    with pytest.raises(CodeMissing) as caught:
        code("other:train", FUNCTION)
    assert "holds no other.py; it holds: mine.py" in str(caught.value)
    monkeypatch.delenv(modules.MODULE_VARIABLE)
    with pytest.raises(CodeMissing) as caught:
        Code({"configMap": "code", "entrypoint": "mine", "sha256": None})
    assert modules.MODULE_VARIABLE in str(caught.value)


def test_code_of_another_content_than_the_plans_is_refused(code):
    right = modules.sha256_of({"mine.py": FUNCTION.encode("ascii")})
    assert code("mine:train", FUNCTION, right).sha256 == right
    with pytest.raises(CodeMissing) as caught:
        code("mine:train", SCRIPT, right)
    assert right in str(caught.value)


def test_code_in_the_image_is_found_and_hashed():
    found = Code({"configMap": None, "entrypoint": "json.tool:main", "sha256": None})
    assert len(found.sha256) == 64
    single = Code({"configMap": None, "entrypoint": "this", "sha256": None})
    assert single.sha256 != found.sha256
    with pytest.raises(CodeMissing) as caught:
        Code({"configMap": None, "entrypoint": "nowhere_at_all:train", "sha256": None})
    assert "no module nowhere_at_all" in str(caught.value)
