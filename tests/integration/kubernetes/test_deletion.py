"""Deleting a comparison deletes all it made, whether or not the operator is there to see it."""

import pytest
from tests.integration.kubernetes.cluster import Namespace, comparison, until
from tests.integration.kubernetes.operators import Operator


def leftovers(space: Namespace) -> list[str]:
    found = space.kubectl("get", "jobs,pods,configmaps", "-o", "name").split()
    return [name for name in found if "kube-root-ca" not in name]


@pytest.mark.parametrize("is_up", [True, False], ids=["operator up", "operator down"])
def test_nothing_is_left_of_a_deleted_comparison(
    space: Namespace, operator: Operator, *, is_up: bool
) -> None:
    space.apply(comparison("gone", runs_for="600s"))
    until(lambda: space.reason("gone") == "Running")
    assert len(leftovers(space)) == 9
    if not is_up:
        operator.kill()
    # No finalizer: it does not wait for an operator.
    space.kubectl("delete", "vcmp", "gone", "--timeout=10s")
    # The garbage collector takes up to half a minute to learn of a new kind of owner.
    until(lambda: leftovers(space) == [], 70, why=lambda: str(leftovers(space)))
    if not is_up:
        operator.start()
        space.apply(comparison("gone"))
        space.finish("gone")


def test_the_time_after_the_end_passes_and_it_is_gone(space: Namespace) -> None:
    space.apply(comparison("brief"))
    space.finish("brief")
    assert all("ttlSecondsAfterFinished" not in job["spec"] for job in space.get("jobs")["items"])
    space.patch("brief", ttlSecondsAfterFinished=1)
    until(lambda: space.get("vcmp")["items"] == [])
    until(lambda: leftovers(space) == [], why=lambda: str(leftovers(space)))
