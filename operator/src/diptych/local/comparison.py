"""One comparison on this machine, from the plan to committed records."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from diptych.local import cache, environments, preflight
from diptych.local.blocks import workers
from diptych.local.engine import Limits, run_plan
from diptych.local.errors import PreflightFailed
from diptych.local.processes import Launch
from diptych.local.progress import Display
from diptych.local.runner_code import runner_copy
from diptych_runner.contract import hashing, names
from diptych_runner.contract.plan import Plan, PlanError
from diptych_runner.contract.trials import Trial, path_of

#: Lock and logs of this engine; no part of the record.
ENGINE_FOLDER = "local"


@dataclass(frozen=True)
class Options:
    """What the user chose for this run."""

    output: Path
    parallelism: int
    deadline_seconds: int | None


def folder_for(plan: Plan, output: Path) -> Path:
    """Return the comparison's folder under the output folder."""
    return output / plan.folder


def held(folder: Path, say: Callable[[str], None]) -> AbstractContextManager[None]:
    """Hold the comparison for this process; a second run of the same file waits its turn."""
    return cache.locked(
        folder / ENGINE_FOLDER / "lock",
        lambda: say(f"another run works on {folder}; waiting for it to end"),
    )


def write_plan(plan: Plan, folder: Path) -> Path:
    """Write plan.json, atomically; raise PreflightFailed when another plan's lies there."""
    path = folder / names.PLAN_FILE
    if path.exists():
        try:
            present = Plan.from_text(path.read_text(encoding="utf-8"))
        except PlanError as error:
            raise PreflightFailed(
                f"{path}: {error}; remove it or choose another --output"
            ) from error
        if present.sha256 != plan.sha256:
            raise PreflightFailed(
                f"{folder} holds another comparison (its plan is {present.sha256[:8]}, this one "
                f"is {plan.sha256[:8]}); choose another --output or another name"
            )
    temporary = path.with_name(f".{names.PLAN_FILE}.{os.getpid()}")
    temporary.write_bytes(hashing.canonical_json(plan.document) + b"\n")
    temporary.replace(path)
    return path


def check(plan: Plan, options: Options) -> None:
    """Raise LocalError when this machine or folder cannot run the plan; nothing is made yet."""
    preflight.wanted_environments(plan)
    preflight.check_gpus(plan, preflight.gpus_here())
    preflight.check_folder(folder_for(plan, options.output))


def prepare(plan: Plan, options: Options, say: Callable[[str], None]) -> Launch:
    """Make what the trials need: environments, the runner's copy, plan.json.

    Raises LocalError with what to do.
    """
    root = cache.cache_root()
    folder = folder_for(plan, options.output)
    plan_file = write_plan(plan, folder)
    pythons = {
        name: environments.prepare(wanted, root, say)
        for name, wanted in preflight.wanted_environments(plan).items()
    }
    return Launch(
        pythons=pythons,
        runner=runner_copy(root),
        plan_file=plan_file,
        store=options.output,
        logs=folder / ENGINE_FOLDER / "logs",
    )


def committed_trials(plan: Plan, folder: Path) -> frozenset[Trial]:
    """Return the plan's trials that have a COMMIT in the comparison's folder."""
    return frozenset(
        trial for trial in plan.trials() if (folder / path_of(trial) / names.COMMIT_FILE).exists()
    )


def train(plan: Plan, launch: Launch, options: Options, shown: Display) -> None:
    """Run the trials that are not committed yet; raises Interrupted or DeadlineExceeded."""
    count = workers(options.parallelism, len(os.sched_getaffinity(0)), plan.axes["threads"])
    done = committed_trials(plan, folder_for(plan, options.output))
    run_plan(plan, launch, Limits(count, options.deadline_seconds), shown, done)
