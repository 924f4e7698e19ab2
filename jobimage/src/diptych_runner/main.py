"""The command that a Job's pod or the local engine runs: one block of trials.

Everything that must hold before NumPy and the framework are loaded (hash seed, thread counts,
visible devices) is put into the environment here, and the interpreter started once more if it
was not there already. Until then only the standard library and the contract are imported.

Trials that share their numerics need switches that a framework reads when it is imported: they
come last, in an interpreter that is started once more for them.
"""

import argparse
import os
import sys
from typing import Any, Dict, List, Tuple

from diptych_runner import processes, switches
from diptych_runner.contract import names
from diptych_runner.contract.plan import Plan, PlanError
from diptych_runner.contract.trials import Trial


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
        plain, aligned = _by_numerics(plan, plan.block(options.version, options.index))
        variables = switches.wanted(plan.axes, version["env"])
        if switches.are_aligned() or not plain:
            switches.restart_with(variables, aligned=True)
            return _run(options.store, plan, version, aligned)
        switches.restart_with(variables)
        code = _run(options.store, plan, version, plain)
        if aligned and code in (names.EXIT_COMMITTED, names.EXIT_IMPOSSIBLE):
            # Does not return: this program starts once more for the rest.
            switches.restart_with(variables, aligned=True)
    except (PlanError, switches.SwitchError) as error:
        sys.stderr.write("{}\n".format(error))
        return names.EXIT_IMPOSSIBLE
    return code


def _by_numerics(plan: Plan, block: List[Trial]) -> Tuple[List[Trial], List[Trial]]:
    """Return the trials that run as the plan says, and those with aligned numeric switches."""
    plain, aligned = [], []  # type: Tuple[List[Trial], List[Trial]]
    for trial in block:
        (aligned if names.NUMERICS in plan.shared(trial) else plain).append(trial)
    return plain, aligned


def _run(store: str, plan: Plan, version: Dict[str, Any], block: List[Trial]) -> int:
    from diptych_runner import running  # noqa: PLC0415 - it imports NumPy

    return running.run(store, plan, version, block)


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
