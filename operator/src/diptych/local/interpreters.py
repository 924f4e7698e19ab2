"""Finds the Python that a framework version needs: on this machine, else by uv's download."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import uv

from diptych.local.errors import PythonMissing

#: Where version managers keep interpreters that are not on PATH, with the pattern below each.
_MANAGERS = (
    ("PYENV_ROOT", "~/.pyenv", "versions/{minor}*/bin/python{minor}"),
    ("ASDF_DATA_DIR", "~/.asdf", "installs/python/{minor}*/bin/python{minor}"),
    ("MISE_DATA_DIR", "~/.local/share/mise", "installs/python/{minor}*/bin/python{minor}"),
    ("CONDA_ROOT", "~/miniconda3", "envs/*/bin/python{minor}"),
    ("CONDA_PREFIX", "~/anaconda3", "bin/python{minor}"),
)


def uv_command(*arguments: str) -> list[str]:
    """Return a command line for the uv that Diptych depends on."""
    return [uv.find_uv_bin(), *arguments]


def find_python(minor: str, needed_by: str, say: Callable[[str], None]) -> Path:
    """Return an interpreter of a minor version such as "3.8", downloading it if need be.

    Raises PythonMissing with ways to get it when uv can neither find nor download it.
    """
    found = installed_python(minor)
    if found is not None:
        return found
    say(f"{needed_by} needs Python {minor}, which is not here; asking uv to download it")
    download = subprocess.run(
        uv_command("python", "install", "--no-bin", minor),
        capture_output=True,
        text=True,
        check=False,
    )
    found = installed_python(minor)
    if found is not None:
        return found
    raise PythonMissing(
        f"{needed_by} needs Python {minor}: it is not on this machine, and uv cannot download it "
        f"({_last_line(download.stderr)}). Install it and run again, for example with "
        f"`pyenv install {minor}`, `conda create -n py{minor.replace('.', '')} python={minor}` or "
        f"your system's package python{minor}; it is looked for on PATH and in the folders of "
        "uv, pyenv, asdf, mise and conda."
    )


def installed_python(minor: str) -> Path | None:
    """Return an interpreter of this minor version that really starts here, or None."""
    for candidate in _candidates(minor):
        if _is_version(candidate, minor):
            return candidate
    return None


def _candidates(minor: str) -> Iterator[Path]:
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        path = Path(folder) / f"python{minor}"
        if path.is_file():
            yield path
    for variable, default, pattern in _MANAGERS:
        root = Path(os.environ.get(variable) or default).expanduser()
        if root.is_dir():
            yield from sorted(root.glob(pattern.format(minor=minor)), reverse=True)
    known_to_uv = subprocess.run(
        uv_command("python", "find", "--system", "--no-python-downloads", minor),
        capture_output=True,
        text=True,
        check=False,
    )
    if known_to_uv.returncode == 0:
        yield Path(known_to_uv.stdout.strip())


def _is_version(interpreter: Path, minor: str) -> bool:
    # A version manager's shim exists for versions that it then refuses to start.
    try:
        asked = subprocess.run(
            [interpreter, "-I", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0 and asked.stdout.strip() == minor


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given"
