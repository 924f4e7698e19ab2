"""boto3 for the runners, in a folder of its own: an environment without S3 stays untouched."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from diptych.local import cache
from diptych.local.errors import EnvironmentFailed
from diptych.local.interpreters import uv_command
from diptych_runner.contract import hashing
from diptych_runner.contract.plan import Plan
from diptych_runner.contract.store_packages import store_packages
from diptych_runner.stores.location import is_s3


def needed(plan: Plan, output: str) -> bool:
    """Say whether runners reach S3: for the records, or for the data."""
    data = plan.axes["workload"]["data"]
    return is_s3(output) or (data is not None and is_s3(data["uri"]))


def prepare(minor: str, python: Path, root: Path, say: Callable[[str], None]) -> Path:
    """Return the folder to put on PYTHONPATH, installing the packages first where they are missing.

    Raises EnvironmentFailed.
    """
    pins = store_packages(minor)
    target = root / "store-packages" / f"python-{minor}-{hashing.sha256_of_json(pins)[:12]}"
    with cache.locked(Path(f"{target}.lock"), lambda: None):
        if not target.exists():
            say(f"Python {minor}: installing {pins[0]} for S3")
            _install(pins, python, target)
    return target


def _install(pins: list[str], python: Path, target: Path) -> None:
    made = target.with_name(f"{target.name}.{os.getpid()}")
    command = uv_command(
        *("pip", "install", "--quiet", "--no-deps", "--python", str(python)),
        *("--target", str(made), *pins),
    )
    installed = subprocess.run(command, capture_output=True, text=True, check=False)
    if installed.returncode != 0:
        shutil.rmtree(made, ignore_errors=True)
        raise EnvironmentFailed(f"{pins[0]} could not be installed:\n{installed.stderr.strip()}")
    # Atomic: what is there is whole.
    made.rename(target)
