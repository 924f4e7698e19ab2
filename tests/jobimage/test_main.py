"""Twin of main.py: what a pod's variables say, and that it can be stopped from the start."""

import os
import signal
import subprocess
import sys
import time

import pytest
from tests.jobimage import fakes

from diptych_runner.contract import hashing, names


@pytest.fixture
def pod(tmp_path):
    """Return the variables of a trial's container and the path of its plan."""
    plan = tmp_path / "plan.json"
    environment = dict(os.environ)
    environment.update(
        DIPTYCH_PLAN=str(plan),
        DIPTYCH_VERSION="a",
        DIPTYCH_STORE=str(tmp_path / "results"),
        JOB_COMPLETION_INDEX="0",
    )
    return environment, plan


def start(environment):
    return subprocess.Popen(
        [sys.executable, "-m", "diptych_runner"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        universal_newlines=True,
    )


def test_variables_alone_say_what_to_run(pod):
    environment, path = pod
    environment.update(DIPTYCH_VERSION="absent")
    path.write_bytes(hashing.canonical_json(fakes.plan_of().document))
    with start(environment) as process:
        _, errors = process.communicate(timeout=60)
    assert process.returncode == names.EXIT_IMPOSSIBLE
    assert "version 'absent' is not one of" in errors


def test_it_can_be_stopped_before_it_has_read_its_plan(pod):
    environment, path = pod
    os.mkfifo(str(path))
    with start(environment) as process:
        # Opening it returns once the runner has opened the other end: it waits for a plan.
        with path.open("w"):
            time.sleep(0.1)
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=20) == names.EXIT_STOPPED
