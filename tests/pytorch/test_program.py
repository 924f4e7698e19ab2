"""What our program does is what a user's own loop does, and what the other framework does."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.integration import stores
from tests.jobimage import fakes

from diptych_runner.contract import names, optimizers, tables
from diptych_runner.contract.plan import Plan
from diptych_runner.contract.trials import Trial

RunVersion = Callable[[Plan, str], Path]
RunScript = Callable[..., dict[str, Any]]
ROOT = Path(__file__).resolve().parents[2]
VERSIONS = [row.version for row in tables.environments("pytorch")]
of_pytorch = pytest.mark.needs_python("3.9")


@of_pytorch
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_our_loop_makes_the_bits_of_any_tutorials(
    version: str, optimizer: str, run_script: RunScript
) -> None:
    script = Path(__file__).with_name("loop_beside_ours.py")
    told = run_script(script, version, optimizer, framework="pytorch")
    assert len(told["ours"]) == 14
    assert told["ours"] == told["theirs"]
    assert set(told["same"].values()) == {True}


@of_pytorch
@pytest.mark.parametrize("version", VERSIONS)
def test_records_follow_the_schemas_and_repeats_are_the_same_bits(
    version: str, run_version: RunVersion
) -> None:
    plan = fakes.plan_of(
        (version, "none"),
        (1, 2),
        "Native",
        workload="mnist-mlp",
        parameters=[("epochs", 2)],
        repeats=2,
        framework="pytorch",
    )
    folder = run_version(plan, version) / plan.folder
    found = {trial: stores.Record(folder, trial) for trial in plan.block(version, 0)}
    once, again, other = (
        stores.comparable(found[Trial(version, "Native", 0, seed, repeat)])
        for seed, repeat in ((1, 0), (1, 1), (2, 0))
    )
    assert once == again
    assert once != other
    for record in found.values():
        stores.validate_record(record)
        assert record.commit["outcome"] == "Succeeded"
        assert record.document("environment.json")["framework"]["version"] == version
        assert record.lines[-1]["test_accuracy"] > 0.5
        assert [line["step"] for line in record.lines if "test_loss" in line] == [45, 90]
        last = record.checkpoint(90)
        assert last["slots/hidden/kernel/step"] == 90.0
        for slot in ("exp_avg", "exp_avg_sq"):
            assert last[f"slots/hidden/kernel/{slot}"].shape == last["weights/hidden/kernel"].shape


@of_pytorch
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("optimizer", [name for name, row in optimizers.OPTIMIZERS.items()])
def test_every_optimizer_that_there_is_trains_and_the_rest_is_refused(
    version: str, optimizer: str, run_version: RunVersion
) -> None:
    plan = fakes.plan_of(
        (version, "none"),
        (1,),
        workload="adam-quadratic",
        parameters=[("steps", 5), ("optimizer", optimizer), ("learningRate", "0.01")],
        framework="pytorch",
    )
    folder = run_version(plan, version) / plan.folder
    record = stores.Record(folder, plan.block(version, 0)[0])
    if optimizers.OPTIMIZERS[optimizer].torch is None:
        assert record.commit["outcome"] == "Failed"
        message = record.document("manifest.json")["error"]["message"]
        assert message.startswith(f"PyTorch {version}")
        assert message.endswith(f"has no {optimizer}")
        return
    assert record.commit["outcome"] == "Succeeded"
    assert record.losses[-1] < record.losses[0]
    effective = record.document("environment.json")["parameters"]["effective"]
    assert effective["learningRate"] == 0.01


@pytest.mark.needs_python("3.8", "3.9")
def test_with_everything_shared_pytorch_trains_as_tensorflow_does(run_version: RunVersion) -> None:
    """The same weights, batches and masks, to the bit, and the same losses, to rounding."""
    found = []
    for framework, version in (("pytorch", "1.12.1"), ("tensorflow", "2.13.1")):
        plan = fakes.plan_of(
            (version, "none"),
            (3,),
            "SharedNumerics",
            workload="mnist-mlp",
            parameters=[("epochs", 1), ("optimizer", "sgd"), ("learningRate", "0.1")],
            framework=framework,
        )
        folder = run_version(plan, version) / plan.folder
        found.append(stores.Record(folder, plan.block(version, 0)[0]))
    ours, theirs = found
    assert ours.inputs == theirs.inputs
    for key, array in theirs.checkpoint(0).items():
        assert ours.checkpoint(0)[key].tobytes() == array.tobytes(), key
    np.testing.assert_allclose(ours.losses, theirs.losses, rtol=1e-4)
    assert ours.losses[-1] < 0.7 * ours.losses[0]
    probed = ours.arrays(names.PROBE_FILE)
    for key, array in theirs.arrays(names.PROBE_FILE).items():
        np.testing.assert_allclose(probed[key], array, rtol=1e-3, atol=1e-6, err_msg=key)
    for key, array in theirs.checkpoint(45).items():
        np.testing.assert_allclose(ours.checkpoint(45)[key], array, rtol=1e-3, atol=1e-5)
