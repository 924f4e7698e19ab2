"""One block: its trials in order, each in a process of its own, each committed exactly once.

Attempts are counted in the store, so that the count survives whatever kills this process. A trial
whose attempts are used up is committed as Failed, and the block goes on with its neighbours.
"""

import contextlib
import functools
import json
import os
import sys
import uuid
from typing import Any, Dict, List

import diptych_runner
from diptych_runner import frameworks, processes, scratch
from diptych_runner.contract import names, tables, trials
from diptych_runner.contract.plan import Plan
from diptych_runner.data.errors import DataError, DataUnreachable
from diptych_runner.data.load import examples_of
from diptych_runner.data.load import load as load_data
from diptych_runner.events import Events
from diptych_runner.module.code import Code, CodeMissing
from diptych_runner.records import host, manifest
from diptych_runner.records.store import Records
from diptych_runner.stores.errors import StoreError, StoreUnreachable
from diptych_runner.trials import own_code
from diptych_runner.trials.attempt import Surroundings, run_attempt, train_and_record
from diptych_runner.workloads import WorkloadMissing, task_of


def run_block(
    plan: Plan,
    version: Dict[str, Any],
    block: List[trials.Trial],
    store: Records,
    events: Events,
) -> int:
    """Commit every trial of the block; return the exit code.

    Raises StoreError when the store fails; an attempt that was under way is then not counted.
    """
    open_trials = []
    for trial in block:
        if store.commit_of(trial) is None:
            open_trials.append(trial)
        else:
            events.skipped(trial)
    if not open_trials:
        return names.EXIT_COMMITTED
    try:
        around = _surroundings(plan, version, store, events)
    except DataUnreachable as error:
        sys.stderr.write("version {}: {}\n".format(version["name"], error))
        return names.EXIT_UNREACHABLE
    except (frameworks.FrameworkMissing, WorkloadMissing, CodeMissing, DataError) as error:
        for trial in open_trials:
            _commit_failure(plan, trial, store, events, manifest.error_of(error))
        # Last, for of many lines a pod's status keeps the last ones alone.
        sys.stderr.write("version {}: {}\n".format(version["name"], error))
        return names.EXIT_IMPOSSIBLE
    scratch.sweep()
    for trial in open_trials:
        _run_trial(around, trial)
    return names.EXIT_COMMITTED


def _surroundings(
    plan: Plan, version: Dict[str, Any], store: Records, events: Events
) -> Surroundings:
    """Load what every trial of the block needs; a fork of this process runs each of them."""
    workload = plan.axes["workload"]
    _refuse_unserved(plan, version["version"])
    code = None if workload["module"] is None else Code(workload["module"])
    data = None if code else load_data(workload, events.data_progress)
    examples = examples_of(workload, events.data_progress)
    if code is None:
        task_of(workload, plan.parameters(0), data)
    return Surroundings(
        plan=plan,
        version=version,
        framework=frameworks.load(plan.axes["framework"], version["version"]),
        host=host.describe_host(),
        runner_sha256=host.sha256_of_sources(os.path.dirname(diptych_runner.__file__)),
        data=data,
        code=code,
        examples=examples,
        store=store,
        events=events,
    )


def _refuse_unserved(plan: Plan, version: str) -> None:
    row = tables.workloads().get(plan.axes["workload"]["builtin"])
    framework = plan.axes["framework"]
    if row is None:
        return
    if framework not in row.frameworks:
        raise WorkloadMissing("workload {} does not run in {}".format(row.name, framework))
    if not tables.serves(row, framework, version):
        raise WorkloadMissing(
            "workload {} needs version {} or later, not {}".format(
                row.name, row.frameworks[framework], version
            )
        )
    if plan.axes["gpus"] > 1 and not tables.spreads(row, framework, version):
        raise WorkloadMissing(
            "workload {} trains on one GPU in version {}, not on {}".format(
                row.name, version, plan.axes["gpus"]
            )
        )


def _run_trial(around: Surroundings, trial: trials.Trial) -> None:
    store, events = around.store, around.events
    last_reason = "every attempt was killed before it could say why"
    while store.commit_of(trial) is None:
        former = store.attempts(trial)
        if len(former) > around.plan.retries_per_trial or _repeats(store, trial, former):
            error = _last_error(store, trial, former) or _killed(len(former), last_reason)
            _commit_failure(around.plan, trial, store, events, error)
            return
        name = new_attempt_name(len(former))
        try:
            store.begin(trial, name)
            events.started(trial, name)
            body = train_and_record if around.code is None else own_code.train_and_record
            attempt = functools.partial(run_attempt, around, trial, name, body)
            with scratch.folder() as temporary:
                ending = processes.run_in_fork(
                    functools.partial(scratch.within, temporary, attempt)
                )
        except processes.Stopped:
            with contextlib.suppress(StoreError):
                store.withdraw(trial, name)
            raise
        if ending.exit_code == names.EXIT_UNREACHABLE:
            store.withdraw(trial, name)
            raise StoreUnreachable("the store failed in mid-attempt; the attempt is not counted")
        if store.commit_of(trial) is None:
            error = _last_error(store, trial, [name])
            last_reason = _reason(ending) if error is None else _words(error)
            events.retry(trial, last_reason)
    events.committed(trial, _outcome(store, trial))


def new_attempt_name(place: int) -> str:
    """Return a name that sorts by place and that no other process takes."""
    return "{:03d}-{}".format(place, uuid.uuid4().hex[:12])


def _commit_failure(
    plan: Plan,
    trial: trials.Trial,
    store: Records,
    events: Events,
    error: Dict[str, str],
) -> None:
    name = new_attempt_name(len(store.attempts(trial)))
    writer = manifest.RecordWriter(plan, trial, name, store.begin(trial, name))
    content = writer.finish(names.FAILED, 0, error)
    store.commit(trial, manifest.commit_bytes(plan, trial, name, names.FAILED, content))
    events.committed(trial, _outcome(store, trial))


def _last_error(store: Records, trial: trials.Trial, former: List[str]) -> Any:
    for name in reversed(former):
        content = store.attempt(trial, name).read(names.MANIFEST_FILE)
        if content is not None:
            return json.loads(content.decode("utf-8"))["error"]
    return None


def _repeats(store: Records, trial: trials.Trial, former: List[str]) -> bool:
    """Return whether the last two attempts ended alike, by one traceback: so will another."""
    if len(former) < 2:
        return False
    last, before = (_last_error(store, trial, [name]) for name in former[-2:])
    return last is not None and last == before


def _killed(attempts: int, reason: str) -> Dict[str, str]:
    return {
        "type": "Killed",
        "message": "{} attempts ended without a result; the last: {}".format(attempts, reason),
        "traceback": "",
    }


def _words(error: Dict[str, str]) -> str:
    return "{}: {}".format(error["type"], error["message"].split("\n")[0])


def _reason(ending: processes.Ending) -> str:
    if ending.signal == 9:
        return "killed by signal 9 (out of memory, or by hand)"
    if ending.signal:
        return "killed by signal {}".format(ending.signal)
    return "ended with exit code {}".format(ending.exit_code)


def _outcome(store: Records, trial: trials.Trial) -> str:
    commit = store.commit_of(trial)
    return str(json.loads(commit.decode("utf-8"))["outcome"]) if commit else names.FAILED
