from collections.abc import Callable

import pytest

Told = Callable[..., list[tuple[str, str]]]


@pytest.mark.parametrize("old", [{"name": "1.2.1"}, {"name": "old", "version": "1.2.1"}])
def test_a_version_before_tf_keras_is_refused_for_mnist_mlp(
    told: Told, old: dict[str, str]
) -> None:
    [(path, message)] = told(workload={"builtin": "mnist-mlp"}, versions=[{"name": "2.4.0"}, old])
    assert path == f"spec.versions[1].{'version' if 'version' in old else 'name'}"
    assert message == 'mnist-mlp needs version 1.4 or later, got "1.2.1"'


def test_the_first_version_that_has_it_is_enough(told: Told) -> None:
    versions = [{"name": "1.4.0"}, {"name": "2.21.0"}]
    assert told(workload={"builtin": "mnist-mlp"}, versions=versions) == []


def test_a_workload_without_such_a_need_takes_any(told: Told) -> None:
    assert told(versions=[{"name": "1.2.1"}, {"name": "2.4.0"}]) == []
