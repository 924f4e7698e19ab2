"""The runner in every TensorFlow of the environment table: real trainings, real records."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.integration import stores
from tests.jobimage import fakes

from diptych_runner.contract.plan import Plan
from diptych_runner.contract.tables import environments
from diptych_runner.contract.trials import Trial

pytestmark = pytest.mark.environments

RunVersion = Callable[[Plan, str], Path]
VERSIONS = [
    pytest.param(row.version, marks=pytest.mark.needs_python(row.python))
    for row in environments("tensorflow")
]


def of_versions(*versions: str) -> pytest.MarkDecorator:
    """Mark a test with the Pythons that these versions need."""
    pythons = {row.version: row.python for row in environments("tensorflow")}
    return pytest.mark.needs_python(*(pythons[version] for version in versions))


@pytest.mark.parametrize("version", VERSIONS)
def test_records_follow_the_schemas_and_repeats_are_the_same_bits(
    version: str, run_version: RunVersion
) -> None:
    plan = fakes.plan_of((version, "none"), (1, 2), "Native", repeats=2, every_steps=50)
    folder = run_version(plan, version) / plan.folder
    found = {trial: stores.Record(folder, trial) for trial in plan.block(version, 0)}
    for record in found.values():
        stores.validate_record(record)
        assert record.commit["outcome"] == "Succeeded"
        assert len(record.losses) == 100
        assert record.document("environment.json")["framework"]["version"] == version
        assert record.document("environment.json")["threads"] == {"intraOp": 1, "interOp": 1}
    once, again, other = (
        stores.comparable(found[Trial(version, "Native", 0, seed, repeat)])
        for seed, repeat in ((1, 0), (1, 1), (2, 0))
    )
    assert once == again
    assert once != other


@pytest.mark.parametrize("version", VERSIONS)
def test_adam_starts_from_nothing_and_keeps_its_powers(
    version: str, run_version: RunVersion
) -> None:
    plan = fakes.plan_of((version, "none"), (1,), workload="adam-quadratic")
    record = stores.Record(run_version(plan, version) / plan.folder, plan.block(version, 0)[0])
    stores.validate_record(record)
    start, first = record.checkpoint(0), record.checkpoint(1)
    assert sorted(start) == [
        "optimizer/beta1_power",
        "optimizer/beta2_power",
        "slots/x/m",
        "slots/x/v",
        "weights/x",
    ]
    assert start["weights/x"] == 1.0
    assert start["slots/x/m"] == 0.0
    assert start["slots/x/v"] == 0.0
    np.testing.assert_allclose(start["optimizer/beta1_power"], 0.9, rtol=1e-6)
    np.testing.assert_allclose(start["optimizer/beta2_power"], 0.999, rtol=1e-6)
    # By hand: the gradient of (x - y)^2 at x = 1, y = 2 is -2; Adam's first step is its rate.
    np.testing.assert_allclose(first["slots/x/m"], 0.1 * -2.0, rtol=1e-5)
    np.testing.assert_allclose(first["slots/x/v"], 0.001 * 4.0, rtol=1e-4)
    np.testing.assert_allclose(first["weights/x"], 1.001, rtol=1e-6)
    np.testing.assert_allclose(first["optimizer/beta1_power"], 0.81, rtol=1e-6)
    assert record.losses[0] == 1.0
    assert len(list((record.folder / "checkpoints").iterdir())) == 101


@of_versions("2.1.0", "2.4.0")
def test_2_1_and_2_4_agree_at_every_step_under_shared_order(run_version: RunVersion) -> None:
    plan = fakes.plan_of(("2.1.0", "2.4.0"), (1, 2), "SharedOrder")
    for version in plan.versions:
        output = run_version(plan, version)
    found = {record.trial: record for record in stores.records(plan, output)}
    for seed in plan.seeds:
        older, newer = (
            found[Trial(version, "SharedOrder", 0, seed, 0)] for version in plan.versions
        )
        np.testing.assert_allclose(newer.losses, older.losses, rtol=0, atol=1e-6)
        for key, array in older.checkpoint(0).items():
            assert newer.checkpoint(0)[key].tobytes() == array.tobytes(), key


@of_versions("1.2.1", "2.13.1")
@pytest.mark.parametrize("control", ["Native", "SharedInit", "SharedOrder"])
def test_a_control_shares_what_it_says_and_nothing_else(
    control: str, run_version: RunVersion
) -> None:
    plan = fakes.plan_of(("1.2.1", "2.13.1"), (3,), control)
    for version in plan.versions:
        output = run_version(plan, version)
    older, newer = stores.records(plan, output)
    environment = newer.document("environment.json")
    expected = {"Native": [], "SharedInit": ["initialWeights"]}
    assert environment["shared"] == expected.get(control, ["batchOrder", "initialWeights"])
    assert environment["data"] == older.document("environment.json")["data"]
    equal_start = (
        older.checkpoint(0)["weights/kernel"].tobytes()
        == newer.checkpoint(0)["weights/kernel"].tobytes()
    )
    assert equal_start == (control != "Native")
    # The first batch shows in the first loss, which the weights alone decide beside it.
    equal_first_loss = bool(np.isclose(older.losses[0], newer.losses[0], rtol=1e-6))
    assert equal_first_loss == (control == "SharedOrder")
