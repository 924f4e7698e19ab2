"""The command that a Job's pod or the local engine runs: one block of trials.

Everything that must hold before NumPy and the framework are loaded (hash seed, thread counts,
visible devices) is put into the environment here, and the interpreter started once more if it
was not there already.
"""

import argparse
import os
import sys
from typing import List, Optional

from diptych_runner import processes, switches
from diptych_runner.contract import names
from diptych_runner.contract.plan import Plan, PlanError
from diptych_runner.events import Events
from diptych_runner.records.store import OWED_VARIABLE, Records
from diptych_runner.stores.errors import StoreError
from diptych_runner.stores.location import store_at
from diptych_runner.trials.block import run_block


def main(arguments: Optional[List[str]] = None) -> int:
    """Run one block and return the exit code that docs/record-format.md lists."""
    options = _parser().parse_args(arguments)
    if options.end_with_parent:
        processes.end_with_parent()
    try:
        plan = _read_plan(options.plan)
        version = plan.version(options.version)
        trials = plan.block(options.version, options.index)
    except PlanError as error:
        sys.stderr.write("{}\n".format(error))
        return names.EXIT_IMPOSSIBLE
    switches.restart_with(switches.wanted(plan.axes, version["env"]))
    events = Events.on_stdout()
    with processes.stoppable():
        try:
            store = store_at(options.store).below(plan.folder)
            records = Records(store, owed=os.environ.get(OWED_VARIABLE))
            records.settle()
            return run_block(plan, version, trials, records, events)
        except StoreError as error:
            sys.stderr.write("{}\n".format(error))
            return names.EXIT_UNREACHABLE
        except processes.Stopped:
            return names.EXIT_STOPPED


def _read_plan(path: str) -> Plan:
    try:
        with open(path, encoding="utf-8") as stream:
            return Plan.from_text(stream.read())
    except OSError as error:
        raise PlanError("plan: {} cannot be read: {}".format(path, error.strerror))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m diptych_runner",
        description="Run one block of a comparison's trials and commit their records.",
    )
    environment = os.environ
    parser.add_argument(
        "--plan",
        default=environment.get("DIPTYCH_PLAN"),
        required="DIPTYCH_PLAN" not in environment,
        help="plan.json (or DIPTYCH_PLAN)",
    )
    parser.add_argument(
        "--version",
        default=environment.get("DIPTYCH_VERSION"),
        required="DIPTYCH_VERSION" not in environment,
        help="the version's name in the plan (or DIPTYCH_VERSION)",
    )
    parser.add_argument(
        "--index",
        type=int,
        default=environment.get("JOB_COMPLETION_INDEX"),
        required="JOB_COMPLETION_INDEX" not in environment,
        help="which block of that version (or JOB_COMPLETION_INDEX)",
    )
    parser.add_argument(
        "--store",
        default=environment.get("DIPTYCH_STORE"),
        required="DIPTYCH_STORE" not in environment,
        help="folder or s3://bucket/prefix that holds the comparison's folder (or DIPTYCH_STORE)",
    )
    parser.add_argument(
        "--end-with-parent",
        action="store_true",
        help="stop when the process that started this one is gone",
    )
    return parser
