from collections.abc import Callable

import pytest

Told = Callable[..., list[tuple[str, str]]]


def test_a_variable_is_set_once_in_a_version(told: Told) -> None:
    env = [{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]
    assert told(versions=[{"name": "2.1.0", "env": env}, {"name": "2.4.0"}]) == [
        ("spec.versions[0].env[1].name", 'Duplicate value: "A" is set by env[0] too')
    ]


def test_two_versions_may_set_the_same_variable(told: Told) -> None:
    env = [{"name": "A", "value": "1"}]
    assert told(versions=[{"name": "2.1.0", "env": env}, {"name": "2.4.0", "env": env}]) == []


@pytest.mark.parametrize(
    "name", ["PYTHONPATH", "LD_PRELOAD", "DIPTYCH_S3_ENDPOINT", "AWS_SECRET_ACCESS_KEY"]
)
def test_what_the_runner_and_its_store_stand_on_is_reserved(told: Told, name: str) -> None:
    env = [{"name": name, "value": "x"}]
    [(path, message)] = told(versions=[{"name": "2.1.0"}, {"name": "2.4.0", "env": env}])
    assert path == "spec.versions[1].env[0].name"
    assert "is reserved" in message
