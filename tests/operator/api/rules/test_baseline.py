from collections.abc import Callable

from diptych.api.load import Loaded

Check = Callable[..., Loaded]


def test_a_baseline_that_no_version_is_named_is_told_with_the_nearest_name(check: Check) -> None:
    [problem] = check(baseline="2.1.O").problems
    assert problem.path == "spec.baseline"
    assert problem.suggestion == "2.1.0"
    assert "versions: 2.1.0, 2.4.0" in problem.message


def test_the_baseline_is_the_first_version_when_left_out(check: Check) -> None:
    resource = check().resource
    assert resource is not None
    assert resource.spec.baseline_name == "2.1.0"
