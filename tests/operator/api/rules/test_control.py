from collections.abc import Callable

from diptych.api.load import Loaded

Check = Callable[..., Loaded]


def test_a_control_that_the_workload_lacks_is_told_with_those_it_has(check: Check) -> None:
    [problem] = check(workload={"builtin": "adam-quadratic"}, control="SharedNumerics").problems
    assert problem.path == "spec.control"
    assert "available: Native, SharedInit, SharedOrder" in problem.message


def test_a_mistyped_control_is_told_once_with_the_nearest(check: Check) -> None:
    [problem] = check(control="SharedOder").problems
    assert (problem.path, problem.suggestion) == ("spec.control", "SharedOrder")
