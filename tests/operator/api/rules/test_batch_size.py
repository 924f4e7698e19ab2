from collections.abc import Callable
from typing import Any

Told = Callable[..., list[tuple[str, str]]]


def workload(**parameters: object) -> dict[str, Any]:
    return {"builtin": "adam-linear-regression", "parameters": parameters}


def test_a_batch_is_no_larger_than_the_training_set(told: Told) -> None:
    assert told(workload=workload(batchSize=64, trainExamples=64)) == []
    assert told(workload=workload(batchSize=65, trainExamples="64")) == [
        (
            "spec.workload.parameters.trainExamples",
            "a batch of 65 is larger than the training set of 64 examples",
        )
    ]


def test_the_default_counts_where_one_is_left_out(told: Told) -> None:
    assert [path for path, _ in told(workload=workload(batchSize=2000))] == [
        "spec.workload.parameters.batchSize"
    ]


def test_a_setting_of_the_sweep_counts(told: Told) -> None:
    sweep = [{"parameter": "trainExamples", "values": [2048, 16]}]
    assert [message for _, message in told(sweep=sweep)] == [
        "a batch of 32 is larger than the training set of 16 examples"
    ]


def test_a_value_that_is_wrong_anyway_is_told_once(told: Told) -> None:
    assert [path for path, _ in told(workload=workload(batchSize="many"))] == [
        "spec.workload.parameters.batchSize"
    ]
