from collections.abc import Callable
from typing import Any

import pytest

Told = Callable[..., list[tuple[str, str]]]
TWO = {"gpus": 2}


def test_a_workload_that_trains_on_one_gpu_is_given_no_more(told: Told) -> None:
    [(path, message)] = told(workload={"builtin": "mnist-mlp"}, resources=TWO)
    assert path == "spec.resources.gpus"
    assert message == "mnist-mlp trains on one GPU in TensorFlow, got 2"


def test_no_workload_trains_on_several_in_pytorch(told: Told) -> None:
    versions = [{"name": "1.11.0"}, {"name": "1.12.1"}]
    spec = {"framework": "pytorch", "workload": {"builtin": "mnist-mlp"}, "versions": versions}
    [(path, message)] = told(**spec, resources={"gpus": 16})
    assert (path, message) == (
        "spec.resources.gpus",
        "mnist-mlp trains on one GPU in PyTorch, got 16",
    )


@pytest.mark.parametrize("old", [{"name": "1.15.5"}, {"name": "old", "version": "1.15.5"}])
def test_a_version_before_2_is_given_no_more_for_image_cnn(told: Told, old: dict[str, str]) -> None:
    versions = [{"name": "2.4.0"}, old]
    [(path, message)] = told(workload={"builtin": "image-cnn"}, versions=versions, resources=TWO)
    assert path == "spec.resources.gpus"
    assert message == 'image-cnn trains on several GPUs from TensorFlow 2.0 on, got 2 for "1.15.5"'


@pytest.mark.parametrize(
    "spec",
    [
        {"workload": {"builtin": "image-cnn"}, "resources": TWO},
        {"workload": {"builtin": "mnist-mlp"}, "resources": {"gpus": 1}},
        {"workload": {"builtin": "image-cnn", "parameters": {"batchSize": 2}}, "resources": TWO},
    ],
)
def test_what_can_be_served_is(told: Told, spec: dict[str, Any]) -> None:
    versions = [{"name": "2.1.0"}, {"name": "2.21.0"}]
    assert told(**spec, versions=versions) == []


def test_code_of_the_users_own_may_use_as_many_as_it_likes(told: Told) -> None:
    metric = {
        "name": "test_loss",
        "evaluator": "meanSquaredError",
        "direction": "LowerIsBetter",
        "margin": "0.1",
    }
    workload = {"module": {"configMap": "code", "entrypoint": "train"}}
    assert told(workload=workload, resources={"gpus": 4}, analysis={"metrics": [metric]}) == []


def test_every_gpu_has_an_example_of_every_batch(told: Told) -> None:
    workload = {"builtin": "image-cnn", "parameters": {"batchSize": 8}}
    [(path, message)] = told(
        workload=workload,
        sweep=[{"parameter": "batchSize", "values": [2, 16]}],
        resources={"gpus": 4},
    )
    assert (path, message) == ("spec.resources.gpus", "4 GPUs cannot share a batch of 2")
