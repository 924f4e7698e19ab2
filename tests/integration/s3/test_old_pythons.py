"""The contract of stores on real S3 servers, from the oldest and the newest Python there is."""

import os
import subprocess
from pathlib import Path

import pytest
from tests.integration.s3.servers import BUCKET, SECRET, Server
from tests.test_old_pythons import PACKAGES, RUNNER, TESTS, interpreter_with

from diptych.local import cache, store_packages


@pytest.mark.parametrize(
    "minor",
    [pytest.param(minor, marks=pytest.mark.needs_python(minor)) for minor in ("3.6", "3.13")],
)
def test_stores_keep_their_contract_on(minor: str, server: Server, tmp_path: Path) -> None:
    python = interpreter_with(minor, PACKAGES[minor])
    root = cache.cache_root()
    boto3 = store_packages.prepare(minor, python, root, lambda _message: None)
    run = subprocess.run(
        [
            *(python, "-m", "pytest", "-q", "-c", TESTS / "old_pytest.ini"),
            *("-W", "ignore::DeprecationWarning:botocore", TESTS / "stores" / "s3_contract.py"),
        ],
        env={
            **{name: each for name, each in os.environ.items() if not name.startswith("AWS_")},
            **server.environment(),
            "DIPTYCH_TEST_STORE": f"s3://{BUCKET}/python-{minor}",
            "PYTHONPATH": f"{RUNNER}{os.pathsep}{boto3}",
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
    assert " passed" in run.stdout
    assert "skipped" not in run.stdout.splitlines()[-1]
    assert SECRET not in run.stdout + run.stderr
