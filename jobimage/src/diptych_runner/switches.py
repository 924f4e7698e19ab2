"""Environment variables that bear on numerics and must be set before anything is imported."""

import os
import sys
from typing import Any, Dict, List

#: Set by every trial to the plan's thread count, for whichever library reads which.
THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
)

#: Not set by us, but recorded when present: each changes which kernels run.
RECORDED_VARIABLES = THREAD_VARIABLES + (
    "CUDA_VISIBLE_DEVICES",
    "GLIBC_TUNABLES",
    "KERAS_BACKEND",
    "LD_PRELOAD",
    "NPY_DISABLE_CPU_FEATURES",
    "NVIDIA_TF32_OVERRIDE",
    "PYTHONHASHSEED",
    "TF_CUDNN_DETERMINISTIC",
    "TF_DETERMINISTIC_OPS",
    "TF_ENABLE_ONEDNN_OPTS",
    "TF_USE_LEGACY_KERAS",
    "XLA_FLAGS",
)


#: Set beside them, so that no interpreter starts itself for ever.
_RESTARTED = "DIPTYCH_RESTARTED"


class SwitchError(ValueError):
    """A variable cannot be set to what the plan asks for."""


def wanted(axes: Dict[str, Any], version_env: List[Dict[str, str]]) -> Dict[str, str]:
    """Return the variables that a plan's axes ask for; a version's own `env` wins.

    Hash seed 0 fixes the order of Python's sets. Without a GPU in the plan the machine's GPUs
    are hidden, or a laptop that has one would compute something else than a pod without.
    """
    variables = {name: str(axes["threads"]) for name in THREAD_VARIABLES}
    variables["PYTHONHASHSEED"] = "0"
    variables["TF_CPP_MIN_LOG_LEVEL"] = "1"
    # Otherwise a keras.json in the home folder could choose another one.
    variables["KERAS_BACKEND"] = "tensorflow"
    if axes["gpus"] == 0:
        variables["CUDA_VISIBLE_DEVICES"] = "-1"
    variables.update({entry["name"]: entry["value"] for entry in version_env})
    return variables


def restart_with(variables: Dict[str, str]) -> None:
    """Start this interpreter once more with `variables`, unless they are all set already.

    Raises SwitchError when starting again does not help: Python itself changes some variables.
    """
    unset = [name for name in sorted(variables) if os.environ.get(name) != variables[name]]
    if not unset:
        return
    if _RESTARTED in os.environ:
        raise SwitchError(
            "versions[].env: {} cannot be set to {!r}: Python changes it at its start".format(
                unset[0], variables[unset[0]]
            )
        )
    environment = dict(os.environ)
    environment.update(variables)
    environment[_RESTARTED] = "1"
    sys.stdout.flush()
    sys.stderr.flush()
    command = [sys.executable, "-m", "diptych_runner"] + sys.argv[1:]
    os.execve(sys.executable, command, environment)  # noqa: S606 - this program, once more


def recorded(version_env: List[Dict[str, str]]) -> Dict[str, str]:
    """Return the variables that go into environment.json, as they are set now."""
    chosen = set(RECORDED_VARIABLES) | {entry["name"] for entry in version_env}
    return {name: os.environ[name] for name in sorted(chosen) if name in os.environ}
