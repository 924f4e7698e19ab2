from collections.abc import Callable

Told = Callable[..., list[tuple[str, str]]]


def test_a_variable_is_set_once_in_a_version(told: Told) -> None:
    env = [{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]
    assert told(versions=[{"name": "2.1.0", "env": env}, {"name": "2.4.0"}]) == [
        ("spec.versions[0].env[1].name", 'Duplicate value: "A" is set by env[0] too')
    ]


def test_two_versions_may_set_the_same_variable(told: Told) -> None:
    env = [{"name": "A", "value": "1"}]
    assert told(versions=[{"name": "2.1.0", "env": env}, {"name": "2.4.0", "env": env}]) == []
