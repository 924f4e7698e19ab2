from dataclasses import replace
from pathlib import Path

from diptych.local.blocks import Block
from diptych.local.processes import Launch, environment_for

LAUNCH = Launch(pythons={}, runner=Path("/runner"), plan_file=Path("p"), store="s", logs=Path("l"))


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
    assert environment_for(LAUNCH, Block("2.4.0", 3), inherited) == {
        "HOME": "/home/me",
        "LD_LIBRARY_PATH": "/usr/local/cuda/lib64",
        "DIPTYCH_OWED": "l/2.4.0-block-3.owed",
        "PYTHONPATH": "/runner",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONNOUSERSITE": "1",
    }


def test_s3_comes_after_the_runner_and_with_its_settings() -> None:
    launch = replace(
        LAUNCH,
        packages={"2.4.0": Path("/boto3")},
        variables={"DIPTYCH_S3_ENDPOINT": "http://minio:9000"},
    )
    made = environment_for(launch, Block("2.4.0", 0), {"AWS_PROFILE": "mine"})
    assert made["PYTHONPATH"] == "/runner:/boto3"
    assert made["DIPTYCH_S3_ENDPOINT"] == "http://minio:9000"
    assert made["AWS_PROFILE"] == "mine"


def test_the_users_code_is_named_to_the_runner_and_never_inherited() -> None:
    inherited = {"DIPTYCH_MODULE": "/somebody/elses"}
    assert "DIPTYCH_MODULE" not in environment_for(LAUNCH, Block("2.4.0", 0), inherited)
    launch = replace(LAUNCH, module=Path("/cache/modules/abc"))
    made = environment_for(launch, Block("2.4.0", 0), inherited)
    assert made["DIPTYCH_MODULE"] == "/cache/modules/abc"
