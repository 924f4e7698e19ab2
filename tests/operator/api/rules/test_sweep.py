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
