from collections.abc import Callable

import pytest

Told = Callable[..., list[tuple[str, str]]]

METRIC = {"name": "m", "evaluator": "meanSquaredError", "direction": "LowerIsBetter"}


def of_module(told: Told, **module: str) -> list[str]:
    return [path for path, _ in told(workload={"module": module}, analysis={"metrics": [METRIC]})]


@pytest.mark.parametrize("entrypoint", ["train:main", "train", "_x1:y"])
def test_a_function_or_a_script_of_a_config_map(told: Told, entrypoint: str) -> None:
    assert of_module(told, configMap="code", entrypoint=entrypoint) == []


def test_a_package_is_in_an_image_and_in_no_config_map(told: Told) -> None:
    path = "spec.workload.module.entrypoint"
    assert of_module(told, configMap="code", entrypoint="package.train:main") == [path]
    assert of_module(told, entrypoint="package.train:main") == []


@pytest.mark.parametrize("entrypoint", ["", "train:", ":main", "train.py", "a b:c", "train:a.b"])
def test_what_is_no_entrypoint(told: Told, entrypoint: str) -> None:
    found = of_module(told, configMap="code", entrypoint=entrypoint)
    assert found == ["spec.workload.module.entrypoint"]
