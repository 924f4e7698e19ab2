from collections.abc import Callable

from diptych.api.load import Loaded

Check = Callable[..., Loaded]


def test_an_unknown_workload_is_told_with_those_there_are(check: Check) -> None:
    [problem] = check(workload={"builtin": "adam-quadratik", "parameters": {"x": 1}}).problems
    assert problem.path == "spec.workload.builtin"
    assert problem.suggestion == "adam-quadratic"
    assert "adam-linear-regression" in problem.message
