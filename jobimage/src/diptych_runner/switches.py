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
    "ATEN_CPU_CAPABILITY",
    "CUBLAS_WORKSPACE_CONFIG",
    "CUDA_VISIBLE_DEVICES",
    "GLIBC_TUNABLES",
    "KERAS_BACKEND",
    "LD_PRELOAD",
    "MKL_CBWR",
    "NPY_DISABLE_CPU_FEATURES",
    "NVIDIA_TF32_OVERRIDE",
    "PYTHONHASHSEED",
    "TF_CUDNN_DETERMINISTIC",
    "TF_DETERMINISTIC_OPS",
    "TF_ENABLE_ONEDNN_OPTS",
    "TF_USE_LEGACY_KERAS",
    "XLA_FLAGS",
)


#: What SharedNumerics sets, over a version's own environment: a switch that one version has and
#: the other lacks is set all the same, and unknown ones do nothing.
ALIGNED_VARIABLES = dict(
    dict.fromkeys(THREAD_VARIABLES, "1"),
    # PyTorch refuses deterministic products on a GPU without it.
    CUBLAS_WORKSPACE_CONFIG=":4096:8",
    NVIDIA_TF32_OVERRIDE="0",
    TF_CUDNN_DETERMINISTIC="1",
    TF_DETERMINISTIC_OPS="1",
    TF_ENABLE_ONEDNN_OPTS="0",
)

#: Set beside them to what the interpreter was started for, so that none starts itself for ever.
_RESTARTED = "DIPTYCH_RESTARTED"
_PLAIN, _ALIGNED = "1", "aligned"


class SwitchError(ValueError):
    """A variable cannot be set to what the plan asks for."""


def are_aligned() -> bool:
    """Return whether this interpreter was started for trials whose numerics are shared."""
    return os.environ.get(_RESTARTED) == _ALIGNED


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


def restart_with(variables: Dict[str, str], *, aligned: bool = False) -> None:
    """Start this interpreter once more with `variables`, unless they are all set already.

    With `aligned` the numeric switches are set too, and the interpreter knows it (`are_aligned`).
    Raises SwitchError when starting again does not help: Python itself changes some variables.
    """
    if aligned:
        variables = dict(variables, **ALIGNED_VARIABLES)
    purpose = _ALIGNED if aligned else _PLAIN
    unset = [name for name in sorted(variables) if os.environ.get(name) != variables[name]]
    if not unset and are_aligned() == aligned:
        return
    if os.environ.get(_RESTARTED) == purpose:
        raise SwitchError(
            "versions[].env: {} cannot be set to {!r}: Python changes it at its start".format(
                unset[0], variables[unset[0]]
            )
        )
    environment = dict(os.environ)
    environment.update(variables)
    environment[_RESTARTED] = purpose
    sys.stdout.flush()
    sys.stderr.flush()
    command = [sys.executable, "-m", "diptych_runner"] + sys.argv[1:]
    os.execve(sys.executable, command, environment)  # noqa: S606 - this program, once more


def recorded(version_env: List[Dict[str, str]]) -> Dict[str, str]:
    """Return the variables that go into environment.json, as they are set now."""
    chosen = set(RECORDED_VARIABLES) | {entry["name"] for entry in version_env}
    return {name: os.environ[name] for name in sorted(chosen) if name in os.environ}
