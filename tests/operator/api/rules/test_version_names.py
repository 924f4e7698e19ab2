from collections.abc import Callable

Told = Callable[..., list[tuple[str, str]]]


def test_a_name_that_stands_twice_is_told_at_its_second_place(told: Told) -> None:
    versions = [{"name": "2.1.0"}, {"name": "2.4.0"}, {"name": "2.1.0"}]
    assert told(versions=versions) == [
        ("spec.versions[2].name", 'Duplicate value: "2.1.0" is the name of versions[0] too')
    ]


def test_the_same_version_under_two_names_is_an_a_a_comparison(told: Told) -> None:
    assert told(versions=[{"name": "2.4.0"}, {"name": "again", "version": "2.4.0"}]) == []
