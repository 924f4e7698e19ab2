from collections.abc import Callable

import pytest

from diptych.api.load import Loaded

Check = Callable[..., Loaded]


@pytest.mark.parametrize(("name", "value"), [("accelerator", "Required"), ("gpuProduct", "A100")])
def test_who_asks_for_a_gpu_asks_for_one(check: Check, name: str, value: str) -> None:
    [problem] = check(resources={name: value}).problems
    assert problem.path == f"spec.resources.{name}"
    assert check(resources={name: value, "gpus": 1}).problems == []


@pytest.mark.parametrize(
    ("resources", "accelerator"),
    [
        ({}, "None"),
        ({"accelerator": "Optional"}, "None"),
        ({"gpus": 1}, "Required"),
        ({"gpus": 1, "accelerator": "Optional"}, "Optional"),
    ],
)
def test_gpus_are_required_unless_said_otherwise(
    check: Check, resources: dict[str, object], accelerator: str
) -> None:
    resource = check(resources=resources).resource
    assert resource is not None
    assert resource.spec.accelerator == accelerator
