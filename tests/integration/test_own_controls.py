"""Every control over a Keras script: what it shares is the same bits, and the rest is as it was."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.integration import stores
from tests.jobimage import fakes

from diptych_analysis import analyze_folder
from diptych_runner.contract import defaults, modules, names, tables
from diptych_runner.contract.plan import Plan

pytestmark = pytest.mark.environments

RunVersion = Callable[[Plan, str], Path]
PYTHONS = {row.version: row.python for row in tables.environments("tensorflow")}
CODE = Path(__file__).parent / "own"
ADADELTA = "tf.keras.optimizers.Adadelta"
SEED = 3
#: The first differ in generators, in the classes of Keras and in their defaults.
TRIPLE = ("1.4.0", "2.4.0", "2.21.0")
PAIR = ("2.4.0", "2.13.1")
of_triple = pytest.mark.needs_python(*(PYTHONS[each] for each in TRIPLE))
of_pair = pytest.mark.needs_python(*(PYTHONS[each] for each in PAIR))


def plan_of(versions: Sequence[str], **others: Any) -> Plan:  # noqa: ANN401 - of each kind
    module = {"configMap": "own", "entrypoint": "train", "sha256": None}
    made: Plan = fakes.plan_of(tuple(versions), module=module, workload="mnist-mlp", **others)
    return made


def trained(
    plan: Plan, run_version: RunVersion, monkeypatch: pytest.MonkeyPatch
) -> tuple[Path, list[stores.Record]]:
    """Run every trial; return the store and its records, all of which succeeded."""
    monkeypatch.setenv(modules.MODULE_VARIABLE, str(CODE))
    for version in plan.versions:
        output = run_version(plan, version)
    found = list(stores.records(plan, output))
    for record in found:
        stores.validate_record(record)
        assert record.commit["outcome"] == names.SUCCEEDED
    return output, found


@of_triple
def test_each_control_shares_what_it_says_of_a_script(
    run_version: RunVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_of(TRIPLE, seeds=(SEED,), control=names.CONTROLS[0], ladder=names.CONTROLS[1:])
    _, every = trained(plan, run_version, monkeypatch)
    found = {(each.trial.version, each.trial.control): each for each in every}
    for control in names.CONTROLS:
        records = [found[version, control] for version in TRIPLE]
        shared = names.shared_aspects(control)
        for record in records:
            assert record.document("environment.json")["shared"] == sorted(shared)
        check_weights(records, shared=names.INITIAL_WEIGHTS in shared)
        check_inputs(records, shared)
        check_parameters(records, shared=names.PARAMETERS in shared)
    for version in TRIPLE:
        natives, last = found[version, "Native"], found[version, names.CONTROLS[-1]]
        # What no stream made is what the script has: an LSTM that begins by not forgetting.
        bias = "weights/lstm_0/bias"
        assert set(last.checkpoint(0)[bias]) == {0.0, 1.0}
        assert last.checkpoint(0)[bias].tobytes() == natives.checkpoint(0)[bias].tobytes()
        assert set(last.checkpoint(0)["weights/batch_normalization_0/gamma"]) == {1.0}
    check_the_evaluation(found[TRIPLE[1], "Native"])


def check_weights(records: Sequence[stores.Record], *, shared: bool) -> None:
    """Weights before the first step are the same bits exactly when they are shared."""
    starts = [
        {key: value.tobytes() for key, value in each.checkpoint(0).items() if "weights/" in key}
        for each in records
    ]
    assert all(each.keys() == starts[0].keys() for each in starts)
    assert all((each == starts[0]) == shared for each in starts[1:])


def check_inputs(records: Sequence[stores.Record], shared: frozenset[str]) -> None:
    """Batches and masks of every step are the same bits exactly when they are shared."""
    first, *others = ([line["batch"] for line in each.inputs] for each in records)
    assert len(first) == 8
    assert all((each == first) == (names.BATCH_ORDER in shared) for each in others)
    masks = [[line["masks"] for line in each.inputs] for each in records]
    assert all(each == masks[0] for each in masks)
    assert all((mask is not None) == (names.MASKS in shared) for mask in masks[0])


def check_parameters(records: Sequence[stores.Record], *, shared: bool) -> None:
    """Where parameters are shared every optimizer reports the baseline's defaults."""
    wanted = defaults.of_class("tensorflow", TRIPLE[0], ADADELTA)
    for record in records:
        told = record.document("environment.json")["parameters"]
        own = defaults.of_class("tensorflow", record.trial.version, ADADELTA)
        assert told["pinned"] == (wanted if shared else {})
        assert told["notPinned"] == []
        taken = {key: told["effective"][key] for key in wanted}
        in_effect = wanted if shared else own
        assert taken == {key: float(in_effect[key]) for key in wanted}
        if shared:
            assert told["defaults"] == {key: float(value) for key, value in own.items()}


def check_the_evaluation(record: stores.Record) -> None:
    """What Keras said of the test set is kept, not what it said last, of other examples."""
    arrays = record.arrays(names.PREDICTIONS_FILE)
    right = np.mean(np.argmax(arrays["outputs"], axis=1) == arrays["targets"])
    assert record.lines[-1][names.FRAMEWORK_PREFIX + "accuracy"] == pytest.approx(right)


@of_pair
def test_a_parameter_of_the_scripts_own_is_swept(
    run_version: RunVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_of(PAIR, seeds=(1, 2), control="SharedMasks", settings=({}, {"width": 3}))
    output, found = trained(plan, run_version, monkeypatch)
    for record in found:
        width = 3 if record.trial.setting else 8
        assert record.checkpoint(0)["weights/dense_0/kernel"].shape == (4, width)
    folder = output / plan.folder
    (folder / names.PLAN_FILE).write_text(json.dumps(plan.document), encoding="utf-8")
    (candidate,) = analyze_folder(folder).candidates
    assert candidate.sweep is not None
    assert [row.setting for row in candidate.sweep.settings] == [0, 1]
