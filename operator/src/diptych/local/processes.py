"""Runs one block in its environment and reports what the runner says of it."""

import asyncio
import contextlib
import json
import os
import signal
import uuid
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from diptych.local import containers
from diptych.local.blocks import Block
from diptych.local.containers import Containers
from diptych_runner.contract.modules import MODULE_FOLDER, MODULE_VARIABLE

#: How long a runner may take to withdraw its attempt before it is killed.
_SECONDS_TO_STOP = 10.0

#: The user's shell must not change what is computed; versions[].env is the place for switches.
#: So only what a process needs to start, to find its GPU's libraries and to reach its store goes
#: through.
_INHERITED = frozenset(
    {
        *("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "LOGNAME", "PATH", "SHELL", "TERM", "TZ"),
        *("TEMP", "TMP", "TMPDIR", "USER"),
        *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"),
        *("CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_DIR", "SSL_CERT_FILE"),
    }
)
_INHERITED_PREFIXES = ("AWS_", "DIPTYCH_")


@dataclass(frozen=True)
class Launch:
    """What every block of a run has in common."""

    pythons: dict[str, Path]
    runner: Path
    plan_file: Path
    store: str
    logs: Path
    #: Folders with boto3, by version; empty when nothing lies in S3.
    packages: Mapping[str, Path] = field(default_factory=dict)
    #: Settings of S3; credentials are inherited, and nothing of them is kept here.
    variables: Mapping[str, str] = field(default_factory=dict)
    #: How to run in containers; None: in environments.
    containers: Containers | None = None
    #: A folder with the user's own code; None without a module.
    module: Path | None = None

    def log_of(self, block: Block) -> Path:
        """The file that a block's standard error goes to."""
        return self.logs / f"{block.version}-block-{block.index}.log"


def environment_for(launch: Launch, block: Block, inherited: dict[str, str]) -> dict[str, str]:
    """Return the runner's environment: of the inherited one only what bears on no number."""
    kept = {
        name: value
        for name, value in inherited.items()
        if name in _INHERITED or name.startswith(_INHERITED_PREFIXES)
    }
    packages = launch.packages.get(block.version)
    # After the runner, so that nothing can take its name.
    path = [launch.runner] if packages is None else [launch.runner, packages]
    kept["PYTHONPATH"] = os.pathsep.join(map(str, path))
    kept["PYTHONDONTWRITEBYTECODE"] = "1"
    kept["PYTHONNOUSERSITE"] = "1"
    kept["DIPTYCH_OWED"] = str(launch.log_of(block).with_suffix(".owed"))
    kept.update(launch.variables)
    kept.pop(MODULE_VARIABLE, None)
    if launch.module is not None:
        kept[MODULE_VARIABLE] = str(launch.module)
    return kept


async def run_block(
    launch: Launch, block: Block, gpus: Sequence[int], on_event: Callable[[dict[str, Any]], None]
) -> int:
    """Run the runner on one block; return its exit code, negative for a signal.

    `gpus` are the devices that it may see; none leaves them to the plan.

    Cancelling stops it: first by asking, so that it withdraws its attempt, then by killing.
    """
    launch.logs.mkdir(parents=True, exist_ok=True)
    environment = environment_for(launch, block, dict(os.environ))
    if gpus:
        environment["CUDA_VISIBLE_DEVICES"] = ",".join(map(str, gpus))
    name = f"diptych-{os.getpid()}-{uuid.uuid4().hex[:12]}"
    with launch.log_of(block).open("ab") as log:
        starting = asyncio.create_subprocess_exec(
            *command_of(launch, block, gpus, name),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=log,
            env=environment,
            # Python looks for modules here before it looks anywhere else.
            cwd=launch.runner,
            # Ctrl-C reaches the engine alone, which then stops its runners in order.
            start_new_session=True,
        )
        process = await _started(starting)
        try:
            await _forward_events(process, on_event)
            return await process.wait()
        except asyncio.CancelledError:
            await _stop(process)
            if launch.containers is not None:
                launch.containers.kill(name)
            raise


def command_of(launch: Launch, block: Block, gpus: Sequence[int], name: str) -> list[str]:
    """Return the command line of one block; `name` is for a container."""
    if launch.containers is not None:
        mounts = {
            launch.plan_file: containers.PLAN,
            launch.runner: containers.RUNNER,
            Path(launch.store): containers.STORE,
        }
        if launch.module is not None:
            mounts[launch.module] = MODULE_FOLDER
        return launch.containers.command(block, mounts, gpus, name)
    return [
        str(launch.pythons[block.version]),
        *("-m", "diptych_runner", "--end-with-parent", str(os.getpid())),
        *("--plan", str(launch.plan_file), "--store", launch.store),
        *("--version", block.version, "--index", str(block.index)),
    ]


async def _started(
    starting: Coroutine[Any, Any, asyncio.subprocess.Process],
) -> asyncio.subprocess.Process:
    """Wait for a process that is being created; when cancelled meanwhile, stop it first."""
    creation = asyncio.ensure_future(starting)
    try:
        return await asyncio.shield(creation)
    except asyncio.CancelledError:
        await _stop(await creation)
        raise


async def _forward_events(
    process: asyncio.subprocess.Process, on_event: Callable[[dict[str, Any]], None]
) -> None:
    if process.stdout is None:
        return
    async for line in process.stdout:
        try:
            event = json.loads(line)
        except ValueError:
            # Something else wrote to standard output; the runner's own lines are all JSON.
            continue
        if isinstance(event, dict):
            on_event(event)


async def _stop(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), _SECONDS_TO_STOP)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
