"""The runner's own tests under the oldest and the newest Python that its images hold."""

import ast
import os
import subprocess
from pathlib import Path

import pytest

from diptych.local import cache
from diptych.local.interpreters import find_python, uv_command

ROOT = Path(__file__).resolve().parents[1]
RUNNER = ROOT / "jobimage" / "src"
TESTS = ROOT / "tests" / "jobimage"

#: Needs Hypothesis, which has no release for all of these Pythons; test_plan_order.py stands in.
NOT_FOR_OLD_PYTHONS = TESTS / "contract" / "test_plan.py"

PACKAGES = {
    "3.6": ["pytest==7.0.1", "numpy==1.19.5"],
    "3.13": ["pytest==9.0.2", "numpy==2.3.5"],
}


def interpreter_with(minor: str, packages: list[str]) -> Path:
    """Return the interpreter of an environment that holds pytest and NumPy."""
    folder = cache.cache_root() / "tests" / f"runner-{minor}"
    with cache.locked(Path(f"{folder}.lock"), lambda: None):
        base = find_python(minor, "the runner's tests", lambda _message: None)
        python = folder / "bin" / "python"
        if not python.exists():
            subprocess.run(
                uv_command("venv", "--quiet", "--clear", "--python", str(base), str(folder)),
                check=True,
            )
        subprocess.run(
            uv_command("pip", "install", "--quiet", "--python", str(python), *packages), check=True
        )
    return python


@pytest.mark.parametrize(
    "minor",
    [pytest.param(minor, marks=pytest.mark.needs_python(minor)) for minor in PACKAGES],
)
def test_runner_passes_its_tests_on(minor: str) -> None:
    python = interpreter_with(minor, PACKAGES[minor])
    run = subprocess.run(
        [
            *(str(python), "-m", "pytest", "-c", str(TESTS / "old_pytest.ini")),
            *("-m", "not environments", f"--ignore={NOT_FOR_OLD_PYTHONS}", str(TESTS)),
        ],
        env={**os.environ, "PYTHONPATH": str(RUNNER), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
    assert " passed" in run.stdout
    assert "skipped" not in run.stdout.splitlines()[-1]


def test_runner_is_python_3_5_syntax() -> None:
    # `feature_version` finds what the grammar of 3.5 lacks; vermin, in `make check`, the rest.
    sources = sorted(RUNNER.rglob("*.py"))
    assert len(sources) > 20
    for path in sources:
        ast.parse(path.read_text(encoding="utf-8"), str(path), feature_version=(3, 5))
