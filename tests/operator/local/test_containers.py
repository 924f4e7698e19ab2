"""Command lines for Docker and Podman, and a run through an engine that only pretends.

No container engine runs where these tests run; what is tested is what an engine is asked to do.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from diptych.local import containers
from diptych.local.blocks import Block
from diptych.local.containers import Containers, containers_for, engine_here, images_of
from diptych.local.errors import PreflightFailed
from diptych_runner.contract import hashing
from diptych_runner.contract.plan import Plan

BLOCK = Block("2.4.0", 3)
MOUNTS = {
    Path("/here/plan.json"): containers.PLAN,
    Path("/here/runner"): containers.RUNNER,
    Path("/here/store"): containers.STORE,
}


def plan_of(plan: Plan, *versions: tuple[str, str | None]) -> Plan:
    entries: list[dict[str, object]] = [
        {"name": v, "version": v, "image": image, "env": []} for v, image in versions
    ]
    axes = {**plan.axes, "versions": entries}
    return Plan({**plan.document, "axes": axes, "sha256": hashing.sha256_of_json(axes)})


def script(folder: Path, name: str, text: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    (folder / name).chmod(0o755)


def test_a_block_runs_read_only_without_network_and_as_the_user() -> None:
    made = Containers("docker", {"2.4.0": "tensorflow/tensorflow:2.4.0"}, networked=False)
    assert made.command(BLOCK, MOUNTS, [], "diptych-1") == [
        *("docker", "run", "--rm", "--init", "--name", "diptych-1"),
        *("--stop-timeout", "10", "--read-only", "--tmpfs", "/tmp"),  # noqa: S108
        *("--cap-drop", "ALL", "--security-opt", "no-new-privileges"),
        *("--user", f"{os.getuid()}:{os.getgid()}", "--network", "none"),
        *("--volume", "/here/plan.json:/diptych/plan.json:ro"),
        *("--volume", "/here/runner:/diptych/runner:ro"),
        *("--volume", "/here/store:/diptych/store"),
        *("--env", "PYTHONPATH=/diptych/runner", "--env", "PYTHONDONTWRITEBYTECODE=1"),
        *("--env", "HOME=/tmp", "--env", "DIPTYCH_IMAGE=tensorflow/tensorflow:2.4.0"),
        *("--workdir", "/diptych/runner", "--entrypoint", "python3"),
        "tensorflow/tensorflow:2.4.0",
        *("-m", "diptych_runner", "--plan", "/diptych/plan.json", "--store", "/diptych/store"),
        *("--version", "2.4.0", "--index", "3"),
    ]


@pytest.mark.parametrize(
    ("engine", "expected"),
    [
        ("/usr/bin/docker", ["--gpus", '"device=2,3"']),
        ("/usr/bin/podman", ["--device", "nvidia.com/gpu=2", "--device", "nvidia.com/gpu=3"]),
    ],
)
def test_a_worker_gets_its_own_gpus(engine: str, expected: list[str]) -> None:
    made = Containers(engine, {"2.4.0": "image"}, networked=True)
    command = made.command(BLOCK, MOUNTS, [2, 3], "name")
    start = command.index(expected[0])
    assert command[start : start + len(expected)] == expected
    assert "--network" not in command


def test_the_users_code_is_mounted_and_named() -> None:
    made = Containers("/usr/bin/docker", {"2.4.0": "image"}, networked=False)
    mounts = {**MOUNTS, Path("/cache/modules/abc"): "/etc/diptych-module"}
    command = made.command(BLOCK, mounts, [], "name")
    assert "/cache/modules/abc:/etc/diptych-module:ro" in command
    assert "DIPTYCH_MODULE=/etc/diptych-module" in command


def test_an_image_is_the_specs_or_the_frameworks_own(small_plan: Plan) -> None:
    plan = plan_of(small_plan, ("2.4.0", None), ("2.1.0", "mine:1"))
    assert images_of(plan) == {"2.4.0": "tensorflow/tensorflow:2.4.0-gpu", "2.1.0": "mine:1"}


def test_a_version_without_an_image_is_named(small_plan: Plan) -> None:
    with pytest.raises(PreflightFailed, match=r"no image is known for 9\.9\.9; give one"):
        images_of(plan_of(small_plan, ("9.9.9", None), ("2.4.0", None)))


def test_engines_that_are_not_there_or_do_not_answer_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(tmp_path / "bin", "docker", "echo 'Cannot connect to the daemon' >&2; exit 1")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with pytest.raises(PreflightFailed) as caught:
        engine_here()
    assert "docker does not answer: Cannot connect to the daemon" in str(caught.value)
    assert "podman is not on PATH" in str(caught.value)
    script(tmp_path / "bin", "podman", "exit 0")
    assert engine_here() == str(tmp_path / "bin" / "podman")


def test_records_in_s3_are_refused(small_plan: Plan) -> None:
    with pytest.raises(PreflightFailed, match="do not bring boto3"):
        containers_for(small_plan, "s3://bucket/prefix")


COMPARISON = """
apiVersion: diptych.dev/v1alpha1
kind: VersionComparison
metadata: {name: contained}
spec:
  versions: [{name: "2.1.0"}, {name: "2.4.0", image: "mine:1"}]
  workload: {builtin: adam-quadratic}
  seeds: {values: [1]}
"""


def test_run_asks_the_engine_for_each_block_and_removes_what_is_left(tmp_path: Path) -> None:
    # Every container ends at once without a record, which must read as Invalid.
    asked = tmp_path / "asked"
    script(tmp_path / "bin", "docker", f'[ "$1" = run ] && echo "$@" >> {asked}; exit 0')
    file = tmp_path / "contained.yaml"
    file.write_text(COMPARISON, encoding="utf-8")
    ended = subprocess.run(
        [
            *(sys.executable, "-m", "diptych", "run", str(file), "--runtime", "container"),
            *("--json", "--output", str(tmp_path / "output")),
        ],
        env={**os.environ, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 3, ended.stderr
    assert json.loads(ended.stdout)["verdict"] == "Invalid"
    lines = asked.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 2
    assert (
        sum("tensorflow/tensorflow:2.1.0-gpu-py3 -m diptych_runner" in line for line in lines) == 1
    )
    assert sum("mine:1 -m diptych_runner" in line for line in lines) == 1
    assert all(f"{tmp_path / 'output'}:/diptych/store" in line for line in lines)
