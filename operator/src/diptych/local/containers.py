"""The same blocks in containers: Docker or Podman instead of environments.

The image brings the framework and its Python; the runner is mounted, so that any image of a
framework will do. A container reaches nothing but the mounted plan, runner and store, unless the
plan's data has to be downloaded.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from diptych.local.blocks import Block
from diptych.local.errors import PreflightFailed
from diptych_runner.contract.modules import MODULE_FOLDER, MODULE_VARIABLE
from diptych_runner.contract.plan import Plan
from diptych_runner.contract.tables import environments
from diptych_runner.stores.location import is_s3

#: Paths inside a container.
PLAN, RUNNER, STORE = "/diptych/plan.json", "/diptych/runner", "/diptych/store"

_ENGINES = ("docker", "podman")
_SECONDS_TO_ANSWER = 30


@dataclass(frozen=True)
class Containers:
    """How the blocks of a run are started in containers; `images` are by version."""

    engine: str
    images: Mapping[str, str]
    networked: bool

    def command(
        self, block: Block, mounts: Mapping[Path, str], gpus: Sequence[int], name: str
    ) -> list[str]:
        """Return the engine's command for one block; `mounts` are plan, runner, store, code."""
        image = self.images[block.version]
        return [
            *(self.engine, "run", "--rm", "--init", "--name", name),
            # The engine stops a container with SIGTERM, and the runner withdraws its attempt.
            *("--stop-timeout", "10", "--read-only", "--tmpfs", "/tmp"),  # noqa: S108
            *("--cap-drop", "ALL", "--security-opt", "no-new-privileges"),
            *("--user", f"{os.getuid()}:{os.getgid()}"),
            *(() if self.networked else ("--network", "none")),
            *self._gpu_options(gpus),
            *(option for path, target in mounts.items() for option in _volume(path, target)),
            *("--env", f"PYTHONPATH={RUNNER}", "--env", "PYTHONDONTWRITEBYTECODE=1"),
            *("--env", "HOME=/tmp", "--env", f"DIPTYCH_IMAGE={image}"),
            *(
                ("--env", f"{MODULE_VARIABLE}={MODULE_FOLDER}")
                if MODULE_FOLDER in mounts.values()
                else ()
            ),
            *("--workdir", RUNNER, "--entrypoint", "python3", image),
            *("-m", "diptych_runner", "--plan", PLAN, "--store", STORE),
            *("--version", block.version, "--index", str(block.index)),
        ]

    def kill(self, name: str) -> None:
        """Kill a container whose client is gone already."""
        subprocess.run([self.engine, "kill", name], capture_output=True, check=False)

    def _gpu_options(self, gpus: Sequence[int]) -> list[str]:
        if not gpus:
            return []
        if Path(self.engine).name == "podman":
            return [option for gpu in gpus for option in ("--device", f"nvidia.com/gpu={gpu}")]
        # The engine splits at commas; the quotes are for its parser, not for a shell.
        return ["--gpus", f'"device={",".join(map(str, gpus))}"']


def containers_for(plan: Plan, output: str) -> Containers:
    """Return how to run a plan's versions in containers.

    Raises PreflightFailed without an engine that answers, without an image for a version, or for
    a store in S3: images of frameworks do not bring boto3.
    """
    if is_s3(output):
        raise PreflightFailed(
            f"--runtime container: records cannot go to {output}, images of frameworks do not "
            "bring boto3; take a folder with --output"
        )
    data = plan.axes["workload"]["data"]
    return Containers(engine_here(), images_of(plan), networked=data is not None)


def images_of(plan: Plan) -> dict[str, str]:
    """Return each version's image: the spec's, else the framework's own of the table."""
    framework = plan.axes["framework"]
    known = {
        row.version: row.image
        for row in environments(framework)
        if row.image.startswith(f"{framework}/")
    }
    images = {
        entry["name"]: entry["image"] or known.get(entry["version"])
        for entry in plan.axes["versions"]
    }
    missing = [name for name, image in images.items() if not image]
    if missing:
        raise PreflightFailed(
            f"spec.versions: no image is known for {', '.join(missing)}; give one with image:"
        )
    return {name: image for name, image in images.items() if image}


def engine_here() -> str:
    """Return the path of the first container engine on PATH that answers."""
    reasons = []
    for name in _ENGINES:
        path = shutil.which(name)
        if path is None:
            reasons.append(f"{name} is not on PATH")
            continue
        reason = _unwilling(path)
        if reason is None:
            return path
        reasons.append(f"{name} does not answer: {reason}")
    raise PreflightFailed(f"--runtime container: {'; '.join(reasons)}")


def _unwilling(path: str) -> str | None:
    """Return why an engine does not answer, or None when it does."""
    try:
        asked = subprocess.run(
            [path, "info"],
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS_TO_ANSWER,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if asked.returncode == 0:
        return None
    lines = [line for line in asked.stderr.splitlines() if line.strip()]
    return lines[-1] if lines else f"exit code {asked.returncode}"


def _volume(path: Path, target: str) -> tuple[str, str]:
    return "--volume", f"{path}:{target}" + ("" if target == STORE else ":ro")
