"""Examples in docstrings are promises: they are run."""

import doctest
import importlib
import pkgutil

import pytest

import diptych.api
import diptych.kubernetes
import diptych.plan

MODULES = [
    module.name
    for package in (diptych.api, diptych.plan, diptych.kubernetes)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    if not module.name.endswith("__main__")
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_are_true(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples() -> None:
    modules = [importlib.import_module(name) for name in MODULES]
    assert sum(doctest.testmod(module).attempted for module in modules) >= 5
