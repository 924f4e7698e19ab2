"""The arithmetic between a trial and its index, both ways, over random axes."""

import json
from typing import Any, Dict, List

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diptych_runner.contract import names
from diptych_runner.contract.plan import Plan, PlanError, document_of, effective_aspects
from diptych_runner.contract.trials import Trial


def plan_with(versions: int, seeds: List[int], cells: List[List[int]], block: int) -> Plan:
    """Make a plan of these axes; a cell is its control's rank, setting, repeat and seeds."""
    axes: Dict[str, Any] = {
        "versions": [{"name": "v{}".format(n)} for n in range(versions)],
        "workload": {"parameters": {"steps": 10, "x": "1"}},
        "settings": [{}, {"steps": 20}, {"steps": 30}],
        "seeds": seeds,
        "cells": [
            {"control": names.CONTROLS[rank], "setting": setting, "repeat": repeat, "seeds": count}
            for rank, setting, repeat, count in cells
        ],
    }
    comparison = {"name": "c", "uid": "0123456789"}
    execution = {"trialsPerPod": block, "retriesPerTrial": 2}
    return Plan(document_of(comparison, axes, execution, {}))


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    seeds = draw(st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=8, unique=True))
    keys = st.tuples(st.integers(0, 5), st.integers(0, 2), st.integers(0, 3))
    cells = [[0, 0, 0, len(seeds)]]
    more = [key for key in draw(st.lists(keys, max_size=6, unique=True)) if key != (0, 0, 0)]
    cells += [[*key, draw(st.integers(1, len(seeds)))] for key in more]
    return plan_with(draw(st.integers(2, 5)), seeds, cells, draw(st.integers(1, 7)))


@given(plans())
@settings(deadline=None)
def test_the_index_of_the_trial_of_an_index_is_that_index(plan: Plan) -> None:
    for index in range(plan.trial_count):
        assert plan.index(plan.trial(index)) == index


@given(plans())
@settings(deadline=None)
def test_trials_are_the_trials_of_their_indices(plan: Plan) -> None:
    assert list(plan.trials()) == [plan.trial(index) for index in range(plan.trial_count)]
    assert len(set(plan.trials())) == plan.trial_count


@given(plans())
@settings(deadline=None)
def test_blocks_cut_a_versions_trials_without_gap_or_overlap(plan: Plan) -> None:
    for version in plan.versions:
        blocks = [plan.block(version, number) for number in range(plan.blocks_per_version)]
        assert [trial for block in blocks for trial in block] == [
            trial for trial in plan.trials() if trial.version == version
        ]
        assert all(len(block) == plan.trials_per_pod for block in blocks[:-1])
        assert 1 <= len(blocks[-1]) <= plan.trials_per_pod


@given(plans(), st.integers())
@settings(deadline=None)
def test_there_is_no_trial_outside_the_plan(plan: Plan, index: int) -> None:
    if 0 <= index < plan.trial_count:
        assert plan.trial(index).version in plan.versions
    else:
        with pytest.raises(IndexError):
            plan.trial(index)


SMALL = plan_with(2, [5, 9], [[0, 0, 0, 2], [0, 0, 1, 1]], 2)


def test_the_order_is_seed_then_cell_then_version() -> None:
    assert [(trial.seed, trial.repeat, trial.version) for trial in SMALL.trials()] == [
        (5, 0, "v0"),
        (5, 0, "v1"),
        (5, 1, "v0"),
        (5, 1, "v1"),
        (9, 0, "v0"),
        (9, 0, "v1"),
    ]


@pytest.mark.parametrize(
    "trial",
    [
        Trial("v9", "Native", 0, 5, 0),
        Trial("v0", "SharedInit", 0, 5, 0),
        Trial("v0", "Native", 1, 5, 0),
        Trial("v0", "Native", 0, 6, 0),
        Trial("v0", "Native", 0, 9, 1),
    ],
)
def test_a_trial_that_the_plan_lacks_has_no_index(trial: Trial) -> None:
    with pytest.raises(KeyError):
        SMALL.index(trial)


@pytest.mark.parametrize(("version", "number"), [("v9", 0), ("v0", -1), ("v0", 2)])
def test_a_block_that_the_plan_lacks_is_an_error(version: str, number: int) -> None:
    with pytest.raises(PlanError):
        SMALL.block(version, number)


def test_a_setting_overrides_the_workloads_parameters() -> None:
    assert SMALL.parameters(0) == {"steps": 10, "x": "1"}
    assert SMALL.parameters(2) == {"steps": 30, "x": "1"}


def test_a_plan_that_was_changed_is_refused() -> None:
    document = json.loads(json.dumps(SMALL.document))
    document["axes"]["seeds"].append(11)
    with pytest.raises(PlanError, match="do not have the sha256"):
        Plan(document)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"schemaVersion": 2}', '{"schemaVersion": 1}'])
def test_what_is_not_a_plan_is_refused(text: str) -> None:
    with pytest.raises(PlanError):
        Plan.from_text(text)


def test_a_control_holds_equal_only_what_the_workload_has() -> None:
    assert effective_aspects("SharedMasks", ["initialWeights", "masks"]) == {
        "initialWeights",
        "masks",
    }
    assert effective_aspects("SharedInit", ["masks"]) == frozenset()
