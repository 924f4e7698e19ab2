from collections.abc import Callable

import pytest

from diptych_runner.contract import tables

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


def test_how_old_it_may_be_is_another_question_in_another_framework(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = {
        "framework": "pytorch",
        "workload": {"builtin": "mnist-mlp"},
        "versions": [{"name": "1.11.0"}, {"name": "old", "version": "1.2.0", "image": "mine"}],
    }
    assert told(**spec) == []
    rows = tables.workloads()
    alone = rows["mnist-mlp"]._replace(frameworks={"tensorflow": None})
    monkeypatch.setattr(tables, "workloads", lambda: {**rows, "mnist-mlp": alone})
    [(path, message)] = told(**spec)
    assert (path, message) == ("spec.workload.builtin", "mnist-mlp does not run in PyTorch")
