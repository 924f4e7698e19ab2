"""Every control in every built-in of PyTorch: what it shares is the same bits, and no more.

1.11.0 and 1.12.1 draw the same numbers from the same seed, so that equality alone would prove
little: what a control shares is compared with what NumPy makes of the seed here, in another Python.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.integration import stores
from tests.integration.test_controls import check_numerics, check_parameters, check_the_rest
from tests.jobimage import fakes

from diptych_runner import seeding
from diptych_runner.contract import names, tables
from diptych_runner.contract.plan import Plan
from diptych_runner.data import images
from diptych_runner.frameworks.base import random_layers
from diptych_runner.trials.batches import Batches, by_epoch, no_masks, straddling
from diptych_runner.workloads import task_of

pytestmark = pytest.mark.needs_python("3.9")

RunVersion = Callable[[Plan, str], Path]
VERSIONS = ("1.11.0", "1.12.1")
SEED = 3
QUICK: dict[str, int] = {"steps": 20, "epochs": 1}


@pytest.mark.parametrize("workload", ["mnist-mlp", "adam-linear-regression", "adam-quadratic"])
def test_each_control_shares_what_it_says_and_nothing_else(
    workload: str, run_version: RunVersion
) -> None:
    row = tables.workloads()[workload]
    plan = fakes.plan_of(
        VERSIONS,
        (SEED,),
        names.CONTROLS[0],
        ladder=names.CONTROLS[1:],
        workload=workload,
        parameters=[(name, value) for name, value in QUICK.items() if name in row.parameters],
        framework="pytorch",
    )
    for version in VERSIONS:
        output = run_version(plan, version)
    found = {
        (each.trial.version, each.trial.control): each for each in stores.records(plan, output)
    }
    for record in found.values():
        assert record.commit["outcome"] == names.SUCCEEDED
        stores.validate_record(record)
    for control in names.CONTROLS:
        both = [found[version, control] for version in VERSIONS]
        shared = names.shared_aspects(control) & set(row.aspects)
        told: tuple[Any, Any] = (
            both[0].document("environment.json"),
            both[1].document("environment.json"),
        )
        assert [each["shared"] for each in told] == [sorted(shared)] * 2
        for record in both:
            check_weights(record, row.aspects, shared=names.INITIAL_WEIGHTS in shared)
            check_inputs(plan, record, shared)
        check_parameters(plan, told, shared=names.PARAMETERS in shared)
        check_numerics(told, shared=names.NUMERICS in shared)
    older, newer = (found[version, names.CONTROLS[-1]] for version in VERSIONS)
    check_probe(plan, older, newer)
    np.testing.assert_allclose(newer.losses, older.losses, rtol=1e-4, atol=1e-6)
    for version in VERSIONS:
        # Their defaults are equal, so that those of 1.11.0 change no bit of 1.12.1 either.
        check_the_rest(found, version, own=True)


def check_probe(plan: Plan, older: stores.Record, newer: stores.Record) -> None:
    """The first step is taken apart where all that it needs is shared, and stays as it was."""
    assert plan.probes(older.trial) == (older.folder / names.PROBE_FILE).exists()
    if not plan.probes(older.trial):
        return
    for record in (older, newer):
        found = record.arrays(names.PROBE_FILE)
        weights = {key for key in record.checkpoint(0) if key.startswith(names.WEIGHTS_PREFIX)}
        for prefix in (names.GRADIENTS_PREFIX, names.UPDATES_PREFIX, names.OPTIMIZED_PREFIX):
            named = {key.replace(names.WEIGHTS_PREFIX, prefix) for key in weights}
            assert named <= set(found)
        assert float(found[names.LOSS_KEY]) == record.losses[0]
        for key in weights:
            gradient = found[key.replace(names.WEIGHTS_PREFIX, names.GRADIENTS_PREFIX)]
            assert gradient.shape == record.checkpoint(0)[key].shape
    theirs = newer.arrays(names.PROBE_FILE)
    for key, array in older.arrays(names.PROBE_FILE).items():
        if not key.startswith(names.UPDATES_PREFIX):
            np.testing.assert_allclose(theirs[key], array, rtol=1e-3, atol=1e-7, err_msg=key)


def check_weights(record: stores.Record, aspects: Sequence[str], *, shared: bool) -> None:
    """Weights before training are NumPy's, bit for bit, exactly when they are shared."""
    prefix = names.WEIGHTS_PREFIX
    start = {
        key.removeprefix(prefix): array
        for key, array in record.checkpoint(0).items()
        if key.startswith(prefix)
    }
    expected = seeding.initial_weights(SEED, [(name, each.shape) for name, each in start.items()])
    if names.INITIAL_WEIGHTS in aspects:
        same = {name: start[name].tobytes() == expected[name].tobytes() for name in start}
        assert set(same.values()) == {shared}, same


def check_inputs(plan: Plan, record: stores.Record, shared: frozenset[str]) -> None:
    """Batches and masks of every step are NumPy's exactly when they are shared."""
    task = task_of(plan.axes["workload"], plan.parameters(0), images.digits())
    cut = straddling if task.epoch_steps is None else by_epoch
    layers = random_layers(task.problem)
    order = seeding.shared_orders(SEED).permutation
    expected = Batches(
        task.data,
        cut(len(task.data.train_inputs), task.batch_size, order),
        seeding.shared_masks(SEED, layers) if layers else no_masks,
    )
    for _ in record.inputs:
        expected.next()
    lines = [json.loads(line) for line in expected.log.to_bytes(len(record.inputs)).splitlines()]
    if len(task.data.train_inputs) > 1:
        same = [each["batch"] for each in lines] == [each["batch"] for each in record.inputs]
        assert same == (names.BATCH_ORDER in shared)
    masks = [each["masks"] for each in record.inputs]
    if layers and names.MASKS in shared:
        assert masks == [each["masks"] for each in lines]
        assert len(set(masks)) == len(masks)
    else:
        assert set(masks) == {None}
