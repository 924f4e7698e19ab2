from collections.abc import Callable

from diptych.api.load import Loaded

Check = Callable[..., Loaded]
THREE = [{"name": "2.1.0"}, {"name": "2.4.0"}, {"name": "2.13.1"}]


def test_every_version_has_a_pod(check: Check) -> None:
    [problem] = check(versions=THREE, parallelism=2).problems
    assert problem.path == "spec.parallelism"
    assert "at least 3, the number of versions, got 2" in problem.message
    assert check(versions=THREE, parallelism=3).problems == []


def test_left_out_it_is_at_least_8_and_at_least_one_a_version(check: Check) -> None:
    nine = [{"name": f"n{place}", "version": "2.4.0"} for place in range(9)]
    few, many = check().resource, check(versions=nine).resource
    assert few is not None
    assert many is not None
    assert (few.spec.pods_at_once, many.spec.pods_at_once) == (8, 9)
