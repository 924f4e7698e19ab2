from collections.abc import Callable

import pytest

from diptych.api.load import Loaded
from diptych.api.rules.framework_versions import nearest_version

Check = Callable[..., Loaded]


def test_a_version_without_an_environment_is_a_warning_with_the_nearest(check: Check) -> None:
    loaded = check(versions=[{"name": "2.1.0"}, {"name": "2.4.1"}])
    assert loaded.resource is not None
    [warning] = loaded.warnings
    assert warning.path == "spec.versions[1].name"
    assert warning.suggestion == "2.4.0"


def test_an_image_makes_up_for_a_missing_environment(check: Check) -> None:
    assert check(versions=[{"name": "2.1.0"}, {"name": "2.4.1", "image": "i:1"}]).warnings == []


def test_a_name_that_is_no_version_needs_one(check: Check) -> None:
    [problem] = check(versions=[{"name": "2.1.0"}, {"name": "no-tf32"}]).problems
    assert problem.path == "spec.versions[1].name"
    assert "version is left out" in problem.message


def test_a_version_begins_with_a_digit(check: Check) -> None:
    [problem] = check(versions=[{"name": "2.1.0"}, {"name": "n", "version": "new"}]).problems
    assert (problem.path, problem.message) == (
        "spec.versions[1].version",
        '"new" is not a version',
    )


@pytest.mark.parametrize(
    ("version", "nearest"),
    [("2.4", "2.4.0"), ("2.12.0", "2.13.1"), ("1.0", "1.2.1"), ("9", "2.13.1")],
)
def test_nearest_follows_the_order_of_versions(version: str, nearest: str) -> None:
    assert nearest_version(version, ["1.2.1", "2.1.0", "2.4.0", "2.13.1"]) == nearest
