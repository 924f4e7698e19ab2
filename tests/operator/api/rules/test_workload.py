from collections.abc import Callable

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


def test_a_workload_is_one_of_them(told: Told) -> None:
    assert told(workload={}) == [("spec.workload", "neither builtin nor module is given")]
