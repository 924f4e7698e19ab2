from collections.abc import Callable

from diptych_runner.contract import optimizers

Told = Callable[..., list[tuple[str, str]]]


def workload(**parameters: object) -> dict[str, object]:
    return {"builtin": "mnist-mlp", "parameters": parameters}


def test_what_another_optimizer_does_not_have_is_refused(told: Told) -> None:
    found = told(workload=workload(optimizer="sgd", beta1="0.9", epsilon="0.1"))
    assert [path for path, _ in found] == [
        "spec.workload.parameters.beta1",
        "spec.workload.parameters.epsilon",
    ]
    assert found[0][1] == "beta1 is a parameter of adam, nadam, adamax, and optimizer is sgd"


def test_every_parameter_of_the_table_belongs_to_an_optimizer_that_takes_it(told: Told) -> None:
    for name, row in optimizers.OPTIMIZERS.items():
        given = dict.fromkeys(row.parameters, "0.5")
        found = told(
            versions=[{"name": "2.4.0"}, {"name": "2.10.1"}],
            workload=workload(optimizer=name, **given),
        )
        assert found == []


def test_adam_takes_them(told: Told) -> None:
    assert told(workload=workload(optimizer="adam", beta1="0.9")) == []
    assert told(workload=workload(beta1="0.9")) == []
