"""Runs the runner in real environments."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from diptych_runner.contract import names
from diptych_runner.contract.frameworks import DEFAULT
from diptych_runner.contract.plan import Plan

ROOT = Path(__file__).resolve().parents[2]
RUNNER = ROOT / "jobimage" / "src"


@pytest.fixture
def run_version(environment: Callable[..., Path], tmp_path: Path) -> Callable[[Plan, str], Path]:
    """Return a function that runs every block of one version and returns the output folder."""

    def run(plan: Plan, version: str) -> Path:
        plan_file = tmp_path / f"{plan.sha256}.json"
        plan_file.write_text(json.dumps(plan.document), encoding="utf-8")
        python = environment(plan.version(version)["version"], plan.axes["framework"])
        for index in range(plan.blocks_per_version):
            ended = subprocess.run(
                [
                    str(python),
                    *("-m", "diptych_runner"),
                    *("--plan", str(plan_file), "--version", version),
                    *("--index", str(index), "--store", str(tmp_path)),
                ],
                env={**os.environ, "PYTHONPATH": str(RUNNER), "PYTHONDONTWRITEBYTECODE": "1"},
                capture_output=True,
                text=True,
                check=False,
            )
            assert ended.returncode == names.EXIT_COMMITTED, ended.stderr[-3000:]
        return tmp_path

    return run


@pytest.fixture(scope="session")
def run_script(environment: Callable[..., Path]) -> Callable[..., dict[str, Any]]:
    """Return a function that runs a script of tests in a version's environment.

    The script finds the runner and `tests`, sees no GPU, and prints JSON on its last line.
    """

    def run(
        script: Path, version: str, *arguments: str, framework: str = DEFAULT
    ) -> dict[str, Any]:
        ended = subprocess.run(
            [str(environment(version, framework)), str(script), version, *arguments],
            env={
                **os.environ,
                "PYTHONPATH": f"{RUNNER}:{ROOT}",
                "PYTHONDONTWRITEBYTECODE": "1",
                "CUDA_VISIBLE_DEVICES": "-1",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr[-3000:]
        told: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
        return told

    return run
