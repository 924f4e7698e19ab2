from collections.abc import Callable

import pytest

Told = Callable[..., list[tuple[str, str]]]

MODULE = {"configMap": "code", "entrypoint": "train:train"}


def test_a_workload_is_not_both(told: Told) -> None:
    both = {"builtin": "adam-quadratic", "module": MODULE}
    metrics = [
        {"name": "final_loss", "evaluator": "meanSquaredError", "direction": "LowerIsBetter"}
    ]
    assert [path for path, _ in told(workload=both, analysis={"metrics": metrics})] == [
        "spec.workload.module"
    ]


@pytest.mark.parametrize("workload", [{}, {"builtin": None}, {"module": None}])
def test_a_workload_is_one_of_them(told: Told, workload: dict[str, None]) -> None:
    assert told(workload=workload) == [("spec.workload", "neither builtin nor module is given")]
