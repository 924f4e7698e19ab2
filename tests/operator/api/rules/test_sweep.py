from collections.abc import Callable
from typing import Any

Told = Callable[..., list[tuple[str, str]]]


def entry(parameter: str, *values: object) -> dict[str, Any]:
    return {"parameter": parameter, "values": list(values)}


def test_a_parameter_is_swept_once(told: Told) -> None:
    sweep = [entry("steps", 1), entry("steps", 2)]
    assert [path for path, _ in told(sweep=sweep)] == ["spec.sweep[1].parameter"]


def test_a_parameter_is_one_of_the_workload(told: Told) -> None:
    assert [path for path, _ in told(sweep=[entry("stepz", 1)])] == ["spec.sweep[0].parameter"]


def test_values_are_in_bounds(told: Told) -> None:
    [(path, message)] = told(sweep=[entry("steps", 10, 0)])
    assert path == "spec.sweep[0].values[1]"
    assert message == "must be a whole number from 1 to 100000, got 0"


def test_two_spellings_of_a_value_are_one(told: Told) -> None:
    assert told(sweep=[entry("learningRate", "0.1", "0.10")]) == [
        ("spec.sweep[0].values[1]", "0.10 is the same as values[0]")
    ]


def test_there_are_at_most_64_settings(told: Told) -> None:
    assert told(sweep=[entry("steps", *range(1, 9)), entry("batchSize", *range(1, 9))]) == []
    sweep = [entry("steps", *range(1, 14)), entry("batchSize", *range(1, 6))]
    assert told(sweep=sweep) == [("spec.sweep", "65 settings (13 x 5) exceed 64")]


def test_a_modules_parameter_is_swept_as_it_is_spelled(told: Told) -> None:
    module = {"configMap": "code", "entrypoint": "train"}
    metrics = [{"name": "test_loss", "evaluator": "meanSquaredError", "direction": "LowerIsBetter"}]
    own = {"workload": {"module": module, "parameters": {"beta1": "0.9"}}}
    own["analysis"] = {"metrics": metrics}  # type: ignore[dict-item]
    assert told(**own, sweep=[entry("bETA1", "0.8")]) == [
        (
            "spec.sweep[0].parameter",
            '"bETA1" is another parameter than "beta1" of workload.parameters',
        )
    ]
    for name in ("beta1", "beta2"):
        assert told(**own, sweep=[entry(name, "0.8")]) == []
