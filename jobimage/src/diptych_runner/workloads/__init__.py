"""Built-in workloads: what is trained, on which data, without naming a framework."""

from typing import Any, Dict

from diptych_runner.workloads import adam_linear_regression, adam_quadratic
from diptych_runner.workloads.task import Task

_BUILTIN = {
    "adam-linear-regression": adam_linear_regression.task,
    "adam-quadratic": adam_quadratic.task,
}


class WorkloadMissing(Exception):
    """This runner does not have the plan's workload; no retry would help."""


def task_of(workload: Dict[str, Any], parameters: Dict[str, Any]) -> Task:
    """Return the task of a plan's workload under one setting's parameters.

    Raises WorkloadMissing when this runner does not have it.
    """
    try:
        make = _BUILTIN[workload["builtin"]]
    except KeyError:
        raise WorkloadMissing(
            "workload {!r} is not one of this runner's: {}".format(
                workload["builtin"], ", ".join(sorted(_BUILTIN))
            )
        )
    return make(parameters)
