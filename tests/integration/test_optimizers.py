"""Every optimizer in every version that has it: it trains, and all of its slots are recorded."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.integration import stores
from tests.jobimage import fakes

from diptych_runner.contract import defaults, names, optimizers, tables
from diptych_runner.contract.plan import Plan
from diptych_runner.contract.trials import Trial

pytestmark = pytest.mark.environments

RunVersion = Callable[[Plan, str], Path]
TENSORFLOW = "tensorflow"
SERVED = [
    pytest.param(workload, row.version, marks=pytest.mark.needs_python(row.python))
    for workload in ("adam-linear-regression", "mnist-mlp")
    for row in tables.environments()
    if row.framework == TENSORFLOW
    and tables.serves(tables.workloads()[workload], TENSORFLOW, row.version)
]
#: What each keeps beside a weight, by the names that all versions share.
SLOTS: dict[str, set[str]] = {
    "adam": {"m", "v"},
    "sgd": set(),
    "momentum": {"momentum"},
    "rmsprop": {"rms"},
    "adagrad": {"accumulator"},
    "adadelta": {"accum_grad", "accum_var"},
    "ftrl": {"accumulator", "linear"},
    "nadam": {"m", "v"},
    "adamax": {"m", "v"},
}


@pytest.mark.parametrize(("workload", "version"), SERVED)
def test_each_optimizer_trains_and_its_slots_are_recorded(
    workload: str, version: str, run_version: RunVersion
) -> None:
    row = tables.workloads()[workload]
    served = [
        name
        for name in optimizers.OPTIMIZERS
        if defaults.class_of(TENSORFLOW, version, row.interface, name) is not None
    ]
    # Only what came with tf.keras, or later, is missing anywhere.
    assert set(optimizers.OPTIMIZERS) - set(served) <= {"nadam", "adamax", "ftrl"}
    given = {"steps": 20, "epochs": 1, "learningRate": "0.01"}
    plan = fakes.plan_of(
        (version, "none"),
        (1,),
        "SharedMasks",
        workload=workload,
        parameters=[(name, value) for name, value in given.items() if name in row.parameters],
        settings=[{}, *({"optimizer": name} for name in served)],
    )
    folder = run_version(plan, version) / plan.folder
    for setting, name in enumerate(served, start=1):
        record = stores.Record(folder, Trial(version, "SharedMasks", setting, 1, 0))
        assert record.commit["outcome"] == names.SUCCEEDED, name
        stores.validate_record(record)
        start, end = record.checkpoint(0), record.checkpoint(len(record.losses))
        weights = {key.removeprefix("weights/") for key in start if key.startswith("weights/")}
        found = {key for key in end if key.startswith("slots/")}
        slots = {key.rsplit("/", 1)[1] for key in found}
        # tf.train's RMSProp keeps a momentum that it does not use.
        assert slots - ({"momentum"} if name == "rmsprop" else set()) == SLOTS[name], name
        assert found == {f"slots/{weight}/{slot}" for weight in weights for slot in slots}
        assert found == {key for key in start if key.startswith("slots/")}
        for weight in weights:
            assert not np.array_equal(start[f"weights/{weight}"], end[f"weights/{weight}"]), name
        assert np.mean(record.losses[-5:]) < record.losses[0], name
