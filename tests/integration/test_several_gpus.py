"""image-cnn by MirroredStrategy, on virtual CPUs, which a machine without any GPU has."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.integration import stores
from tests.jobimage import fakes

from diptych_runner.contract import tables
from diptych_runner.contract.plan import Plan

pytestmark = pytest.mark.environments

RunVersion = Callable[[Plan, str], Path]
PYTHONS = {row.version: row.python for row in tables.environments("tensorflow")}
#: The oldest that can, Keras 2 with its new optimizers, and Keras 3.
VERSIONS = [
    pytest.param(version, marks=pytest.mark.needs_python(PYTHONS[version]))
    for version in ("2.1.0", "2.13.1", "2.21.0")
]


@pytest.fixture
def trained(
    run_version: RunVersion, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., list[stores.Record]]:
    """Return a function that trains image-cnn for one epoch and returns the records."""
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")

    def train(version: str, gpus: int, repeats: int = 1, **given: str | int) -> list[stores.Record]:
        parameters = {"epochs": 1, "width": "0.25", **given}
        plan = fakes.plan_of(
            (version, "none"),
            (3,),
            "SharedMasks",
            workload="image-cnn",
            parameters=parameters.items(),
            repeats=repeats,
            every_steps=1,
            gpus=gpus,
        )
        folder = run_version(plan, version) / plan.folder
        return [stores.Record(folder, trial) for trial in plan.block(version, 0)]

    return train


@pytest.mark.parametrize("version", VERSIONS)
def test_two_replicas_make_the_updates_of_one_device(
    version: str, trained: Callable[..., list[stores.Record]]
) -> None:
    [alone] = trained(version, 0, batchNorm="off")
    both = trained(version, 2, batchNorm="off", repeats=2)
    assert stores.comparable(both[0]) == stores.comparable(both[1])
    for record in both:
        stores.validate_record(record)
        assert record.document("environment.json")["parameters"]["effective"]["replicas"] == 2
        # The last batch has 29 examples: 14 and 15.
        np.testing.assert_allclose(record.losses, alone.losses, rtol=1e-4)
        for key, array in alone.checkpoint(45).items():
            np.testing.assert_allclose(record.checkpoint(45)[key], array, rtol=0.02, atol=1e-4)
        ours = record.arrays("predictions.npz")["outputs"]
        np.testing.assert_allclose(ours, alone.arrays("predictions.npz")["outputs"], atol=1e-3)


@pytest.mark.parametrize("version", VERSIONS)
def test_batch_normalisation_sees_the_rows_of_its_replica(
    version: str, trained: Callable[..., list[stores.Record]]
) -> None:
    [alone], [both] = (trained(version, gpus) for gpus in (0, 2))
    assert abs(both.losses[0] - alone.losses[0]) > 1e-4
    first = "statistics/stem/norm/moving_mean"
    if version == "2.21.0":
        # Keras 3 keeps what the first replica saw: half a batch.
        [alone] = trained(version, 0, batchSize=16)
    # Keras 2 takes the mean of the replicas': of the first layer that is the whole batch's.
    expected = alone.checkpoint(1)[first]
    assert np.abs(expected).max() > 1e-3
    np.testing.assert_allclose(both.checkpoint(1)[first], expected, rtol=1e-4, atol=1e-7)
