from pathlib import Path

from diptych.local.processes import Launch, environment_for

LAUNCH = Launch(
    pythons={}, runner=Path("/runner"), plan_file=Path("p"), store=Path("s"), logs=Path("l")
)


def test_what_bears_on_numerics_is_not_inherited() -> None:
    inherited = {
        "HOME": "/home/me",
        "LD_LIBRARY_PATH": "/usr/local/cuda/lib64",
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "OMP_NUM_THREADS": "64",
        "PYTHONPATH": "/mine",
        "PYTHONHASHSEED": "5",
        "CUDA_VISIBLE_DEVICES": "1",
        "VIRTUAL_ENV": "/venv",
        "XLA_FLAGS": "--x",
    }
    assert environment_for(LAUNCH, inherited) == {
        "HOME": "/home/me",
        "LD_LIBRARY_PATH": "/usr/local/cuda/lib64",
        "PYTHONPATH": "/runner",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONNOUSERSITE": "1",
    }
