"""The plan as a whole: its form, its hash, its order, and that nothing else decides it."""

import json
from collections import Counter
from collections.abc import Callable
from importlib import resources
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diptych.api.resource import VersionComparison
from diptych.api.rules.seeds import SEED_MODULUS
from diptych.api.rules.trial_total import parts_of
from diptych.plan import plan_of
from diptych.plan.planner import threads_of
from diptych_runner.contract import hashing
from diptych_runner.contract.plan import Plan

Compare = Callable[..., VersionComparison]
SCHEMA = json.loads(
    (resources.files("diptych_runner.contract") / "schemas" / "plan.schema.json").read_text("utf-8")
)
FORM = jsonschema.Draft202012Validator(SCHEMA)

SPECS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "versions": st.integers(2, 5).map(
            lambda count: [{"name": f"v{n}", "version": "2.4.0"} for n in range(count)]
        ),
        "seeds": st.one_of(
            st.fixed_dictionaries({"first": st.integers(0, 99), "count": st.integers(1, 12)}),
            st.lists(
                st.integers(0, 2**32 - 1),
                min_size=1,
                max_size=9,
                unique_by=lambda seed: seed % SEED_MODULUS,
            ).map(lambda values: {"values": values}),
        ),
        "noiseFloor": st.fixed_dictionaries(
            {"seeds": st.integers(1, 20), "repeats": st.integers(1, 4)}
        ),
        "control": st.sampled_from(["Native", "SharedInit", "SharedOrder"]),
        "attribution": st.fixed_dictionaries(
            {
                "controls": st.lists(
                    st.sampled_from(["SharedInit", "SharedOrder"]), min_size=1, unique=True
                ),
                "seeds": st.integers(1, 20),
            }
        ),
        "sweep": st.lists(st.integers(1, 50), min_size=1, max_size=5, unique=True).map(
            lambda values: [{"parameter": "steps", "values": values}]
        ),
        "trialsPerPod": st.integers(1, 9),
    },
)


@given(SPECS)
@settings(max_examples=100, deadline=None)
def test_every_plan_has_the_published_form(compare: Compare, spec: dict[str, Any]) -> None:
    plan = plan_of(compare(**spec))
    FORM.validate(plan.document)
    assert Plan.from_text(json.dumps(plan.document)).document == plan.document


@given(SPECS)
@settings(max_examples=50, deadline=None)
def test_the_same_in_is_the_same_out(compare: Compare, spec: dict[str, Any]) -> None:
    assert plan_of(compare(**spec)).document == plan_of(compare(**spec)).document


@given(SPECS)
@settings(max_examples=100, deadline=None)
def test_any_prefix_is_balanced_over_versions(compare: Compare, spec: dict[str, Any]) -> None:
    plan = plan_of(compare(**spec))
    counts: Counter[str] = Counter(dict.fromkeys(plan.versions, 0))
    for trial in plan.trials():
        counts[trial.version] += 1
        assert max(counts.values()) - min(counts.values()) <= 1
    assert set(counts.values()) == {plan.trials_per_version}


@given(SPECS)
@settings(max_examples=50, deadline=None)
def test_no_trial_stands_twice_and_seeds_come_in_order(
    compare: Compare, spec: dict[str, Any]
) -> None:
    plan = plan_of(compare(**spec))
    trials = list(plan.trials())
    assert len(set(trials)) == len(trials) == plan.trial_count
    places = [plan.seeds.index(trial.seed) for trial in trials]
    assert places == sorted(places)


@given(SPECS)
@settings(max_examples=100, deadline=None)
def test_the_rule_on_the_total_counts_the_trials_there_are(
    compare: Compare, spec: dict[str, Any]
) -> None:
    resource = compare(**spec)
    parts = parts_of(resource.model_dump(mode="json", exclude_none=True))
    assert sum(parts.values()) == plan_of(resource).trials_per_version


def test_the_order_within_a_seed_is_that_of_the_cells(compare: Compare) -> None:
    plan = plan_of(compare(seeds={"count": 1}, noiseFloor={"repeats": 2}))
    assert [(trial.version, trial.repeat) for trial in plan.trials()] == [
        ("2.1.0", 0),
        ("2.4.0", 0),
        ("2.1.0", 1),
        ("2.4.0", 1),
    ]


def test_the_uid_is_the_resources_or_the_hash_of_the_axes(compare: Compare) -> None:
    given_uid = plan_of(compare(), uid="0b8b9b1c-uid")
    local = plan_of(compare())
    assert given_uid.uid == "0b8b9b1c-uid"
    assert given_uid.folder == "small-0b8b9b1c"
    assert local.uid == local.sha256 == hashing.sha256_of_json(local.axes)


def test_what_does_not_change_a_trial_does_not_change_the_axes(compare: Compare) -> None:
    same = plan_of(compare(trialsPerPod=9, parallelism=2, analysis={"confidence": "0.9"}))
    assert same.sha256 == plan_of(compare()).sha256
    assert plan_of(compare(seeds={"count": 11})).sha256 != plan_of(compare()).sha256


def test_a_version_is_planned_as_it_is_written(compare: Compare) -> None:
    versions = [
        {"name": "2.1.0"},
        {"name": "x", "version": "2.4.0", "image": "i:1", "env": [{"name": "A", "value": "1"}]},
    ]
    assert plan_of(compare(versions=versions)).axes["versions"] == [
        {"name": "2.1.0", "version": "2.1.0", "image": None, "env": []},
        {
            "name": "x",
            "version": "2.4.0",
            "image": "i:1",
            "env": [{"name": "A", "value": "1"}],
        },
    ]


def test_a_module_is_planned_with_its_data(compare: Compare) -> None:
    module = {"configMap": "code", "entrypoint": "train:train", "sha256": "b" * 64}
    given = {"configMap": "code", "entrypoint": "train:train"}
    data = {"uri": "s3://data/x.npz", "sha256": "a" * 64}
    metric = {"name": "m", "evaluator": "meanSquaredError", "direction": "LowerIsBetter"}
    plan = plan_of(
        compare(
            workload={"module": given, "data": data, "parameters": {"n": 3}},
            analysis={"metrics": [metric]},
        ),
        module_sha256="b" * 64,
    )
    FORM.validate(plan.document)
    assert plan.axes["workload"] == {
        "builtin": None,
        "module": module,
        "parameters": {"n": 3},
        "data": data,
    }


@pytest.mark.parametrize(
    ("checkpoints", "builtin", "steps"),
    [
        ({}, "adam-quadratic", 1),
        ({}, "adam-linear-regression", None),
        ({"everySteps": 7}, "adam-quadratic", 7),
        ({"keep": "Ends"}, "adam-quadratic", None),
    ],
)
def test_checkpoints_are_the_workloads_unless_given(
    compare: Compare, checkpoints: dict[str, Any], builtin: str, steps: int | None
) -> None:
    plan = plan_of(compare(checkpoints=checkpoints, workload={"builtin": builtin}))
    assert plan.axes["checkpoints"] == {"everySteps": steps}


@pytest.mark.parametrize(
    ("cpu", "threads"),
    [("1", 1), ("500m", 1), ("1001m", 2), ("2.5", 3), ("0.1", 1), ("16", 16)],
)
def test_threads_are_the_cores_rounded_up(cpu: str, threads: int) -> None:
    assert threads_of(cpu) == threads


@pytest.mark.parametrize(
    ("resources", "accelerator"), [({}, "None"), ({"gpus": 1, "cpu": "3"}, "Required")]
)
def test_the_accelerator_is_none_without_gpus(
    compare: Compare, resources: dict[str, Any], accelerator: str
) -> None:
    axes = plan_of(compare(resources=resources)).axes
    assert axes["accelerator"] == accelerator
    assert axes["gpus"] == resources.get("gpus", 0)
