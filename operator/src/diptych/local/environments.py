"""One environment per framework version, made by uv and shared by all comparisons.

An environment's folder is named by the sha256 of what it is made from, so that a changed pin makes
another one. It is made in a folder aside and gets its name when it is ready: whatever is killed
meanwhile, no half of one is ever used.
"""

import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from diptych.local import cache
from diptych.local.errors import EnvironmentFailed
from diptych.local.interpreters import find_python, uv_command
from diptych_runner.contract import frameworks, hashing
from diptych_runner.contract.tables import Environment
from diptych_runner.contract.versions import released

READY = "READY"
_ASIDE = ".making-"
_SECONDS_BETWEEN_LINES = 10.0
_OUTPUT_LINES = 15

Say = Callable[[str], None]


@dataclass(frozen=True)
class Wanted:
    """A row of the table, for the CPU or for the GPU."""

    row: Environment
    gpu: bool

    @property
    def title(self) -> str:
        """What it is called in messages."""
        return f"{self.row.framework} {self.row.version}"

    @property
    def requirements(self) -> tuple[str, ...]:
        """Every package with its exact version; nothing is left to a resolver."""
        return (self.row.gpu if self.gpu else self.row.cpu, *self.row.pins)

    @property
    def folder_name(self) -> str:
        """The folder's name: readable, then by content."""
        digest = hashing.sha256_of_json([1, self.row.python, list(self.requirements)])
        return f"{self.row.framework}-{self.row.version}-{digest[:12]}"


def prepare(wanted: Wanted, root: Path, say: Say) -> Path:
    """Return the environment's interpreter, making the environment first where it is missing.

    Safe against other processes doing the same. Raises PythonMissing or EnvironmentFailed.
    """
    folder = root / "environments" / wanted.folder_name
    python = folder / "bin" / "python"
    if _is_ready(folder):
        return python
    with cache.locked(
        Path(f"{folder}.lock"),
        lambda: say(f"{wanted.title}: another process is making it; waiting"),
    ):
        if not _is_ready(folder):
            _make(wanted, folder, say)
    return python


def _is_ready(folder: Path) -> bool:
    # `exists` follows the link to the base interpreter, which may have been uninstalled since.
    return (folder / READY).exists() and (folder / "bin" / "python").exists()


def _make(wanted: Wanted, folder: Path, say: Say) -> None:
    base = find_python(wanted.row.python, wanted.title, say)
    for left_over in (folder, *folder.parent.glob(f"{folder.name}{_ASIDE}*")):
        # An installer that outlived its killed run may still write there.
        shutil.rmtree(left_over, ignore_errors=True)
    aside = folder.with_name(f"{folder.name}{_ASIDE}{uuid.uuid4().hex[:8]}")
    say(
        f"{wanted.title}: installing {len(wanted.requirements)} packages "
        f"for Python {wanted.row.python}"
    )
    begun = time.monotonic()
    _run(
        wanted,
        say,
        uv_command(
            "venv", "--quiet", "--relocatable", "--no-project", "--python", str(base), str(aside)
        ),
    )
    requirements = aside / "requirements.txt"
    requirements.write_text("\n".join(wanted.requirements) + "\n", encoding="utf-8")
    python = aside / "bin" / "python"
    install = ("pip", "install", "--no-deps", "--python", str(python), "-r", str(requirements))
    _run(wanted, say, uv_command(*install))
    _check_import(wanted, python)
    (aside / READY).write_text(wanted.row.version + "\n", encoding="utf-8")
    aside.rename(folder)
    say(f"{wanted.title}: ready after {time.monotonic() - begun:.0f} s")


def _check_import(wanted: Wanted, python: Path) -> None:
    """Import the framework once: a wheel may install and still not load on this machine."""
    module = frameworks.named(wanted.row.framework).module
    program = f"import {module} as f; print(f.__version__)"
    # -I: neither the current folder nor the user's variables, like a trial.
    command = [str(python), "-I", "-c", program]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)
    if released(asked.stdout.strip()) != wanted.row.version:
        reason = _tail(asked.stderr) or f"it reports version {asked.stdout.strip()!r}"
        code = f"signal {-asked.returncode}" if asked.returncode < 0 else f"exit {asked.returncode}"
        raise EnvironmentFailed(
            f"{wanted.title} was installed but cannot be used here ({code}): {reason}"
        )


def _run(wanted: Wanted, say: Say, command: list[str]) -> None:
    """Run uv: with its own progress bars on a terminal, else with a line now and then."""
    neutral = neutral_folder()
    if sys.stderr.isatty():
        if subprocess.run(command, stdout=sys.stderr, cwd=neutral, check=False).returncode != 0:
            raise EnvironmentFailed(
                f"{wanted.title}: uv could not install it; see its message above"
            )
        return
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=neutral
    ) as process:
        begun = time.monotonic()
        while True:
            try:
                output, _ = process.communicate(timeout=_SECONDS_BETWEEN_LINES)
                break
            except subprocess.TimeoutExpired:
                say(f"{wanted.title}: still installing ({time.monotonic() - begun:.0f} s)")
    if process.returncode != 0:
        raise EnvironmentFailed(f"{wanted.title}: uv could not install it:\n{_tail(output)}")


def neutral_folder() -> Path:
    """Return a folder for uv to run in: it takes settings from a project in the current one."""
    root = cache.cache_root()
    root.mkdir(parents=True, exist_ok=True)
    return root


def _tail(text: str) -> str:
    return "\n".join(text.strip().splitlines()[-_OUTPUT_LINES:])
