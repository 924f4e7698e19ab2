"""Built-in workloads: what is trained, on which data, without naming a framework."""

from typing import Any, Dict, Optional

from diptych_runner.workloads import adam_linear_regression, adam_quadratic, image_cnn, mnist_mlp
from diptych_runner.workloads.task import Data, Task

_BUILTIN = {
    "adam-linear-regression": adam_linear_regression.task,
    "adam-quadratic": adam_quadratic.task,
    "image-cnn": image_cnn.task,
    "mnist-mlp": mnist_mlp.task,
}


class WorkloadMissing(Exception):
    """This runner does not have the plan's workload; no retry would help."""


def task_of(
    workload: Dict[str, Any],
    parameters: Dict[str, Any],
    data: Optional[Data],
    pinned: Optional[Dict[str, str]] = None,
) -> Task:
    """Return the task of a plan's workload under one setting's parameters.

    `data` is the workload's data set, None for one that makes its own; `pinned` are values for
    parameters that are otherwise left to the version.

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
    return make(parameters, pinned or {}, data)
