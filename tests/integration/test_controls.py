"""Every control in every built-in: what it shares is the same bits, and nothing else is changed."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.integration import stores
from tests.jobimage import fakes

from diptych_runner.contract import names, tables
from diptych_runner.contract.plan import Plan

pytestmark = pytest.mark.environments

RunVersion = Callable[[Plan, str], Path]
Records = Mapping[tuple[str, str], stores.Record]
PYTHONS = {row.version: row.python for row in tables.environments("tensorflow")}
SEED = 3
#: Each pair differs in what a control is there to share: generators, classes, defaults.
PAIRS = [
    ("adam-quadratic", ("1.4.0", "2.13.1")),
    ("adam-linear-regression", ("1.2.1", "2.21.0")),
    ("mnist-mlp", ("1.4.0", "2.4.0")),
    ("mnist-mlp", ("2.1.0", "2.21.0")),
    ("image-cnn", ("1.4.0", "2.13.1")),
    ("image-cnn", ("2.1.0", "2.13.1")),
]
QUICK: dict[str, int | str] = {"steps": 20, "epochs": 1, "augmentation": "flipAndShift"}


@pytest.mark.parametrize(
    ("workload", "versions"),
    [
        pytest.param(name, pair, marks=pytest.mark.needs_python(*(PYTHONS[each] for each in pair)))
        for name, pair in PAIRS
    ],
)
def test_each_control_shares_what_it_says_and_nothing_else(
    workload: str, versions: tuple[str, str], run_version: RunVersion
) -> None:
    row = tables.workloads()[workload]
    plan = fakes.plan_of(
        versions,
        (SEED,),
        names.CONTROLS[0],
        ladder=names.CONTROLS[1:],
        workload=workload,
        parameters=[(name, value) for name, value in QUICK.items() if name in row.parameters],
    )
    for version in versions:
        output = run_version(plan, version)
    found = {
        (each.trial.version, each.trial.control): each for each in stores.records(plan, output)
    }
    for record in found.values():
        stores.validate_record(record)
        assert record.commit["outcome"] == names.SUCCEEDED
    for control in names.CONTROLS:
        older, newer = (found[version, control] for version in versions)
        shared = names.shared_aspects(control) & set(row.aspects)
        told = older.document("environment.json"), newer.document("environment.json")
        assert [each["shared"] for each in told] == [sorted(shared)] * 2
        check_weights(older, newer, row.aspects, shared=names.INITIAL_WEIGHTS in shared)
        check_inputs(older, newer, row.aspects, shared)
        check_parameters(plan, told, shared=names.PARAMETERS in shared)
        check_numerics(told, shared=names.NUMERICS in shared)
    # With everything shared both versions compute the same, up to the rounding of 45 steps; a deep
    # network makes much of it after a few.
    steps = 3 if workload == "image-cnn" else None
    first, second = (found[version, names.CONTROLS[-1]].losses[:steps] for version in versions)
    np.testing.assert_allclose(second, first, rtol=1e-4, atol=1e-6)
    for version in versions:
        check_the_rest(found, version, steps, own=version == versions[0])


def check_weights(
    older: stores.Record, newer: stores.Record, aspects: list[str], *, shared: bool
) -> None:
    """Weights before training are the same bits exactly when they are shared, or not drawn."""
    first, second = (
        {key: array.tobytes() for key, array in record.checkpoint(0).items() if "weights/" in key}
        for record in (older, newer)
    )
    assert first.keys() == second.keys()
    assert (first == second) == (shared or names.INITIAL_WEIGHTS not in aspects)


def check_inputs(
    older: stores.Record, newer: stores.Record, aspects: list[str], shared: frozenset[str]
) -> None:
    """Batches and masks of every step are the same bits exactly when they are shared."""
    batches = [[line["batch"] for line in record.inputs] for record in (older, newer)]
    equal = names.BATCH_ORDER in shared or names.BATCH_ORDER not in aspects
    assert (batches[0] == batches[1]) == equal
    masks = [[line["masks"] for line in record.inputs] for record in (older, newer)]
    assert masks[0] == masks[1]
    assert all((mask is not None) == (names.MASKS in shared) for mask in masks[0])
    augmented = [[line["augmentation"] for line in record.inputs] for record in (older, newer)]
    if augmented[0][0] is not None:
        assert (augmented[0] == augmented[1]) == (names.MASKS in shared)


def check_parameters(plan: Plan, told: tuple[Any, Any], *, shared: bool) -> None:
    """Where parameters are shared, both optimizers report the baseline's defaults."""
    pinned = plan.pinned(0)
    assert pinned
    baseline, candidate = (each["parameters"] for each in told)
    assert {key: float(value) for key, value in pinned.items()} == baseline["defaults"]
    for parameters in (baseline, candidate):
        assert parameters["pinned"] == (pinned if shared else {})
        assert parameters["notPinned"] == []
        if shared:
            taken = {key: parameters["effective"][key] for key in pinned}
            assert taken == {key: float(value) for key, value in pinned.items()}
        else:
            taken = {key: parameters["effective"][key] for key in parameters["defaults"]}
            assert taken == parameters["defaults"]


def check_numerics(told: tuple[Any, Any], *, shared: bool) -> None:
    """Where numerics are shared, every switch is off that could be on, in both versions."""
    for document in told:
        assert document["threads"] == {"intraOp": 1, "interOp": 1}
        switches, numerics = document["switches"], document["numerics"]
        assert (switches.get("TF_ENABLE_ONEDNN_OPTS") == "0") == shared
        assert (switches.get("NVIDIA_TF32_OVERRIDE") == "0") == shared
        assert (switches.get("TF_DETERMINISTIC_OPS") == "1") == shared
        if shared:
            assert not numerics["tf32"]
            assert not numerics["oneDnn"]
            assert numerics["deterministicOps"] in (True, None)


def check_the_rest(found: Records, version: str, steps: int | None = None, *, own: bool) -> None:
    """Within a version a control leaves alone what it does not share.

    `own`: the pinned parameters are this version's own defaults, so that they change no bit.
    """

    def of(control: str) -> stores.Record:
        return found[version, control]

    def batches(control: str) -> list[str]:
        return [line["batch"] for line in of(control).inputs]

    assert batches("Native") == batches("SharedInit")
    for control in names.CONTROLS[3:]:
        assert of(control).inputs == of("SharedMasks").inputs
        for key, array in of("SharedInit").checkpoint(0).items():
            assert of(control).checkpoint(0)[key].tobytes() == array.tobytes() or "beta" in key
    if own:
        assert stores.comparable(of("SharedParameters")) == stores.comparable(of("SharedMasks"))
    # One thread was used before too, so that on a CPU the switches may change rounding alone.
    aligned, before = (of(control).losses[:steps] for control in names.CONTROLS[:-3:-1])
    np.testing.assert_allclose(aligned, before, rtol=1e-4, atol=1e-6)
