"""mnist-mlp in every tf.keras of the environment table, and what its controls hold equal."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.integration import stores
from tests.jobimage import fakes

from diptych_analysis.evaluators import accuracy, sparse_categorical_crossentropy
from diptych_runner.contract import tables
from diptych_runner.contract.plan import Plan
from diptych_runner.contract.trials import Trial

pytestmark = pytest.mark.environments

RunVersion = Callable[[Plan, str], Path]
RunScript = Callable[..., dict[str, Any]]
ROOT = Path(__file__).resolve().parents[2]
PYTHONS = {row.version: row.python for row in tables.environments("tensorflow")}
SERVED = [
    pytest.param(version, marks=pytest.mark.needs_python(python))
    for version, python in PYTHONS.items()
    if tables.serves(tables.workloads()["mnist-mlp"], "tensorflow", version)
]
TWO = ("2.1.0", "2.4.0")
of_both = pytest.mark.needs_python(*(PYTHONS[version] for version in TWO))


def both(run_version: RunVersion, control: str, **given: str) -> tuple[Any, Any]:
    """Return the records of one trial in 2.1.0 and in 2.4.0."""
    plan = fakes.plan_of(
        TWO, (3,), control, workload="mnist-mlp", parameters={"epochs": 1, **given}.items()
    )
    for version in TWO:
        output = run_version(plan, version)
    older, newer = stores.records(plan, output)
    return older, newer


@pytest.mark.parametrize("version", SERVED)
def test_records_follow_the_schemas_and_tell_the_learning_curve(
    version: str, run_version: RunVersion
) -> None:
    plan = fakes.plan_of(
        (version, "none"),
        (1, 2),
        "Native",
        workload="mnist-mlp",
        parameters=[("epochs", 2)],
        repeats=2,
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
        curve = [line["step"] for line in record.lines if "test_loss" in line]
        assert curve == [45, 90]
        predictions = record.arrays("predictions.npz")
        outputs, labels = predictions["outputs"], predictions["targets"]
        assert (outputs.shape, outputs.dtype.str) == ((360, 10), "<f4")
        assert (labels.shape, labels.dtype.str) == ((360,), "<i8")
        last = record.lines[-1]
        assert last["test_accuracy"] == accuracy(outputs, labels)
        expected = sparse_categorical_crossentropy(outputs, labels)
        assert last["test_loss"] == pytest.approx(expected, rel=1e-12)
        # With Keras's own loss the string metric means the same in every version.
        assert last["framework_accuracy"] == pytest.approx(last["test_accuracy"], abs=1e-6)
        assert last["test_accuracy"] > 0.5


@of_both
@pytest.mark.parametrize("control", ["Native", "SharedInit", "SharedOrder", "SharedMasks"])
def test_a_control_shares_what_it_says_and_nothing_else(
    control: str, run_version: RunVersion
) -> None:
    older, newer = both(run_version, control)
    ladder = ["batchOrder", "initialWeights", "masks"]
    shared = {"Native": [], "SharedInit": ladder[1:2], "SharedOrder": ladder[:2]}
    for record in (older, newer):
        assert record.document("environment.json")["shared"] == shared.get(control, ladder)
    if control != "Native":
        for key, array in older.checkpoint(0).items():
            assert newer.checkpoint(0)[key].tobytes() == array.tobytes(), key
    apart = np.abs(np.subtract(older.losses, newer.losses))
    if control == "SharedMasks":
        assert apart.max() < 1e-6
    else:
        assert apart.max() > 1e-3


@of_both
def test_with_the_order_fixed_and_dropout_off_both_agree_to_six_digits(
    run_version: RunVersion,
) -> None:
    older, newer = both(run_version, "SharedOrder", dropout="0")
    np.testing.assert_allclose(newer.losses, older.losses, rtol=1e-6)
    assert newer.lines[-1]["test_loss"] == pytest.approx(older.lines[-1]["test_loss"], rel=1e-6)


@of_both
def test_the_string_metric_changed_its_meaning_and_ours_did_not(run_version: RunVersion) -> None:
    older, newer = both(run_version, "SharedMasks", loss="custom")
    predictions = older.arrays("predictions.npz")
    said_0 = float(np.mean(np.argmax(predictions["outputs"], axis=1) == 0))
    assert older.lines[-1]["framework_accuracy"] == pytest.approx(said_0, abs=1e-6)
    ours = newer.lines[-1]["test_accuracy"]
    assert newer.lines[-1]["framework_accuracy"] == pytest.approx(ours, abs=1e-6)
    assert older.lines[-1]["framework_accuracy"] != pytest.approx(ours, abs=1e-3)


@of_both
@pytest.mark.parametrize("version", TWO)
@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
@pytest.mark.parametrize("loss", ["sparse_categorical_crossentropy", "custom"])
def test_training_by_our_loop_ends_where_fit_ends(
    version: str, optimizer: str, loss: str, run_script: RunScript
) -> None:
    script = ROOT / "tests" / "jobimage" / "frameworks" / "fit_beside_ours.py"
    told = run_script(script, version, optimizer, loss)
    assert set(told["distances"].values()) == {0.0}
    ours, logged = np.array(told["ours"]), np.array(told["logged"])
    assert len(ours) == 14
    if version == "2.1.0":
        np.testing.assert_array_equal(logged, ours)
        return
    # 2.4 tells the mean over the epoch so far, weighted by rows: why no log can be compared.
    rows = np.array([32] * 6 + [8])
    for epoch in (slice(0, 7), slice(7, 14)):
        means = np.cumsum(ours[epoch] * rows) / np.cumsum(rows)
        np.testing.assert_allclose(logged[epoch], means, rtol=1e-5)
