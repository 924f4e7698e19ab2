import subprocess
import sys
from pathlib import Path

import pytest

from diptych.local import interpreters
from diptych.local.errors import PythonMissing

HERE = "{}.{}".format(*sys.version_info[:2])


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_an_interpreter_on_the_path_is_found() -> None:
    found = interpreters.installed_python(HERE)
    assert found is not None
    asked = subprocess.run([found, "-V"], capture_output=True, text=True, check=True)
    assert asked.stdout.startswith(f"Python {HERE}.")


def test_a_shim_that_refuses_to_start_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(tmp_path / "shims" / "python9.7", "echo 'no such version' >&2; exit 127")
    real = script(tmp_path / "pyenv" / "versions" / "9.7.1" / "bin" / "python9.7", "echo 9.7")
    monkeypatch.setenv("PATH", f"{tmp_path / 'shims'}:/usr/bin:/bin")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    assert interpreters.installed_python("9.7") == real


def test_a_python_that_cannot_be_had_is_named_with_ways_to_get_it() -> None:
    said: list[str] = []
    with pytest.raises(PythonMissing) as caught:
        interpreters.find_python("3.2", "TensorFlow 0.1", said.append)
    message = str(caught.value)
    assert message.startswith("TensorFlow 0.1 needs Python 3.2")
    assert "pyenv install 3.2" in message
    assert said == ["TensorFlow 0.1 needs Python 3.2, which is not here; asking uv to download it"]
