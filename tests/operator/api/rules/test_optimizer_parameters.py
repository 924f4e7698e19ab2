from collections.abc import Callable

Told = Callable[..., list[tuple[str, str]]]


def workload(**parameters: object) -> dict[str, object]:
    return {"builtin": "mnist-mlp", "parameters": parameters}


def test_what_another_optimizer_does_not_have_is_refused(told: Told) -> None:
    found = told(workload=workload(optimizer="sgd", beta1="0.9", epsilon="0.1"))
    assert [path for path, _ in found] == [
        "spec.workload.parameters.beta1",
        "spec.workload.parameters.epsilon",
    ]
    assert found[0][1] == "beta1 is a parameter of adam, and optimizer is sgd"


def test_adam_takes_them(told: Told) -> None:
    assert told(workload=workload(optimizer="adam", beta1="0.9")) == []
    assert told(workload=workload(beta1="0.9")) == []
