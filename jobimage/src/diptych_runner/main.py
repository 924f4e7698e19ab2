"""The command that a Job's pod or the local engine runs: one block of trials.

Everything that must hold before NumPy and the framework are loaded (hash seed, thread counts,
visible devices) is put into the environment here, and the interpreter started once more if it
was not there already. Until then only the standard library and the contract are imported.
"""

import argparse
import os
import sys

from diptych_runner import processes, switches
from diptych_runner.contract import names
from diptych_runner.contract.plan import Plan, PlanError


def main() -> int:
    """Run one block and return the exit code that docs/record-format.md lists.

    From its first moment it can be stopped: as the first process of a container it would not hear
    a SIGTERM without a handler, train on, and be killed in mid-attempt.
    """
    try:
        with processes.stoppable():
            return _run_block()
    except processes.Stopped:
        return names.EXIT_STOPPED


def _run_block() -> int:
    options = _parser().parse_args()
    if options.end_with_parent is not None:
        processes.end_with_parent(options.end_with_parent)
    try:
        plan = _read_plan(options.plan)
        version = plan.version(options.version)
        trials = plan.block(options.version, options.index)
        switches.restart_with(switches.wanted(plan.axes, version["env"]))
    except (PlanError, switches.SwitchError) as error:
        sys.stderr.write("{}\n".format(error))
        return names.EXIT_IMPOSSIBLE
    from diptych_runner import running  # noqa: PLC0415 - it imports NumPy

    return running.run(options.store, plan, version, trials)


def _read_plan(path: str) -> Plan:
    # An OSError is not the plan's fault: it ends this start and not the block.
    with open(path, encoding="utf-8", errors="replace") as stream:
        return Plan.from_text(stream.read())


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
        type=int,
        metavar="PID",
        help="stop when the process that started this one, PID, is gone",
    )
    return parser
