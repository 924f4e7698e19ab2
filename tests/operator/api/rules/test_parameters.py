from collections.abc import Callable
from typing import Any

import pytest

from diptych.api.load import Loaded

Check = Callable[..., Loaded]


def workload(**parameters: object) -> dict[str, Any]:
    return {"builtin": "adam-linear-regression", "parameters": parameters}


def test_an_unknown_parameter_is_told_with_the_nearest(check: Check) -> None:
    [problem] = check(workload=workload(learningrate="0.1")).problems
    assert problem.path == "spec.workload.parameters.learningrate"
    assert problem.suggestion == "learningRate"


@pytest.mark.parametrize("value", [0, 100_001, "many", "-1"])
def test_a_value_out_of_bounds_is_told_with_the_bound(check: Check, value: object) -> None:
    [problem] = check(workload=workload(steps=value)).problems
    assert problem.path == "spec.workload.parameters.steps"
    assert "a whole number from 1 to 100000" in problem.message


def test_a_value_of_another_type_is_told_once(check: Check) -> None:
    [problem] = check(workload=workload(steps=True)).problems
    assert problem.path == "spec.workload.parameters.steps"


def test_a_module_takes_any_parameter(check: Check) -> None:
    module = {"configMap": "code", "entrypoint": "train:train"}
    metrics = [{"name": "m", "evaluator": "meanSquaredError", "direction": "LowerIsBetter"}]
    loaded = check(
        workload={"module": module, "parameters": {"anything": "goes"}},
        analysis={"metrics": metrics},
    )
    assert loaded.problems == []
