"""One comparison on this machine, from the plan to committed records."""

import contextlib
import json
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from diptych.local import cache, environments, preflight, store_packages
from diptych.local.blocks import Machine, workers
from diptych.local.containers import containers_for
from diptych.local.engine import Limits, run_plan
from diptych.local.errors import PreflightFailed
from diptych.local.modules import Code, copy_of
from diptych.local.places import Place
from diptych.local.processes import Launch
from diptych.local.progress import Display
from diptych.local.runner_code import runner_copy
from diptych_analysis.records.plans import OtherPlanError, keep_plan, plan_bytes
from diptych_runner.contract import names
from diptych_runner.contract.plan import Plan
from diptych_runner.contract.trials import Trial, path_of
from diptych_runner.stores.base import Store
from diptych_runner.stores.folder import Folder


class Runtime(StrEnum):
    """Where a version's framework comes from."""

    ENVIRONMENT = "environment"
    CONTAINER = "container"


@dataclass(frozen=True)
class Options:
    """What the user chose for this run."""

    place: Place
    runtime: Runtime
    parallelism: int
    deadline_seconds: int | None
    #: Code of the user's own, where the workload is a module.
    code: Code | None = None


def held(place: Place, say: Callable[[str], None]) -> AbstractContextManager[None]:
    """Hold the comparison for this process; a second run of the same file waits its turn.

    Runs on other machines are not held off: what they both train, COMMIT decides.
    """
    return cache.locked(
        place.local / "lock",
        lambda: say(f"another run works on {place.store.uri}; waiting for it to end"),
    )


def write_plan(plan: Plan, store: Store) -> None:
    """Write plan.json; raise PreflightFailed when another plan's lies there."""
    try:
        keep_plan(store, plan)
    except OtherPlanError as error:
        raise PreflightFailed(f"{error}; choose another --output or another name") from error


def check(plan: Plan, options: Options) -> list[str]:
    """Return warnings; raise LocalError when this machine or store cannot run the plan.

    Nothing is made yet.
    """
    if options.runtime is Runtime.ENVIRONMENT:
        preflight.check_module(plan)
        preflight.wanted_environments(plan)
    else:
        containers_for(plan, options.place.output)
    preflight.check_gpus(plan, preflight.gpus_here())
    warnings = preflight.check_store(options.place.store)
    images = [entry["name"] for entry in plan.axes["versions"] if entry["image"]]
    if images and options.runtime is Runtime.ENVIRONMENT:
        warnings.append(
            f"the images of {', '.join(images)} are not used: trials run in environments of this "
            "machine; --runtime container takes images"
        )
    return warnings


def prepare(plan: Plan, options: Options, say: Callable[[str], None]) -> Launch:
    """Make what the trials need: environments or containers, and the runner's copy.

    Raises LocalError with what to do.
    """
    root, place = cache.cache_root(), options.place
    # The runner reads its plan from a file of this machine, wherever the records go.
    Folder(str(place.local)).write(names.PLAN_FILE, plan_bytes(plan))
    launch = Launch(
        pythons={},
        runner=runner_copy(root),
        plan_file=place.local / names.PLAN_FILE,
        store=place.output,
        logs=place.local / "logs",
        variables=place.variables,
        module=None if options.code is None else copy_of(options.code, root),
    )
    if options.runtime is Runtime.CONTAINER:
        return replace(launch, containers=containers_for(plan, place.output))
    wanted = preflight.wanted_environments(plan)
    pythons = {name: environments.prepare(each, root, say) for name, each in wanted.items()}
    packages: dict[str, Path] = {}
    if store_packages.needed(plan, place.output):
        for name, each in wanted.items():
            minor = each.row.python
            packages[name] = store_packages.prepare(minor, pythons[name], root, say)
    return replace(launch, pythons=pythons, packages=packages)


def committed_trials(plan: Plan, store: Store) -> frozenset[Trial]:
    """Return the plan's trials that have a COMMIT in the comparison's store."""
    end = f"/{names.COMMIT_FILE}"
    committed = {path.removesuffix(end) for path in store.walk("trials") if path.endswith(end)}
    return frozenset(trial for trial in plan.trials() if path_of(trial) in committed)


def outcomes(plan: Plan, store: Store) -> dict[Trial, str]:
    """Return the outcome of each committed trial of the plan."""
    found = {}
    for trial in committed_trials(plan, store):
        content = store.read(f"{path_of(trial)}/{names.COMMIT_FILE}") or b""
        # A COMMIT that cannot be read is the analysis's to refuse, by name.
        with contextlib.suppress(ValueError, KeyError, TypeError):
            found[trial] = str(json.loads(content)["outcome"])
    return found


def forget_failed(plan: Plan, store: Store) -> int:
    """Remove the records of trials that are committed as Failed; return how many there were."""
    failed = [t for t, outcome in outcomes(plan, store).items() if outcome == names.FAILED]
    for trial in failed:
        store.remove(path_of(trial))
    return len(failed)


def train(plan: Plan, launch: Launch, options: Options, shown: Display) -> None:
    """Run the trials that are not committed yet; raises Interrupted or DeadlineExceeded."""
    machine = Machine(len(os.sched_getaffinity(0)), preflight.gpus_here())
    done = committed_trials(plan, options.place.store)
    limits = Limits(
        workers(options.parallelism, plan.axes["threads"], plan.axes["gpus"], machine),
        options.deadline_seconds,
        machine,
    )
    run_plan(plan, launch, limits, shown, done)
