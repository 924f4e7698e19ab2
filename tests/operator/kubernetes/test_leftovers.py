"""Pods of a Job that is gone are waited for before the next round of their version."""

from datetime import timedelta

from tests.operator.kubernetes.builders import UID, decided, item, job, message, names_of, observed
from tests.operator.kubernetes.fake_api import FakeApi
from tests.operator.kubernetes.test_reconciler import JOBS, World, begun

from diptych.kubernetes.leftovers import MOST, suspects, waited_for

PODS = "/api/v1/namespaces/team/pods"
COMMITTED = {"versions": [{"name": "2.1.0", "committed": 9, "jobs": ["mlp-0f3a77c1-v0-r1"]}]}


def test_pods_are_asked_about_where_a_version_ran_before_and_has_no_job() -> None:
    assert suspects(observed(item())) == [], "a first round waits for nothing"
    begun_with = decided(observed(item())).status
    assert suspects(observed(item(begun_with), job(0))) == [1]
    assert suspects(observed(item(begun_with, suspend=True), job(0))) == [1]
    asleep = decided(observed(item(begun_with, suspend=True))).status
    assert suspects(observed(item(asleep, suspend=True))) == []
    assert suspects(observed(item(begun_with), job(None))) == []
    assert suspects(observed(item(COMMITTED))) == []


def test_each_version_is_waited_for_two_minutes_at_most_and_anew_for_each_round() -> None:
    since: dict[int, float] = {}
    assert waited_for({0: 3}, since, 100) == {0: 3}
    assert waited_for({0: 1, 1: 2}, since, 219) == {0: 1, 1: 2}
    assert waited_for({0: 1, 1: 2}, since, 220) == {1: 2}
    assert waited_for({1: 2}, since, 230) == {1: 2}
    assert waited_for({0: 1}, since, 400) == {0: 1}


def left_behind(world: World, name: str, phase: str = "Running") -> None:
    """Put a pod of the first version's first round there."""
    labels = {"diptych.dev/uid": UID, "diptych.dev/version": "0"}
    world.api.put(
        f"{PODS}/{name}", {"metadata": {"name": name, "labels": labels}, "status": {"phase": phase}}
    )


def test_the_next_round_is_made_when_the_pods_of_a_deleted_job_have_ended() -> None:
    world = begun(FakeApi())
    world.look()
    del world.api.objects[f"{JOBS}/mlp-0f3a77c1-v0-r1"]
    left_behind(world, "a")
    left_behind(world, "b")
    left_behind(world, "c", "Failed")
    assert world.look() == 1
    assert world.jobs() == ["mlp-0f3a77c1-v1-r1"]
    assert message(world.status, "Finished").endswith("waiting for 2 pods of version 2.1.0 to end")
    left_behind(world, "b", "Succeeded")
    world.look()
    assert message(world.status, "Finished").endswith("waiting for 1 pod of version 2.1.0 to end")
    del world.api.objects[f"{PODS}/a"]
    world.look()
    assert world.jobs() == ["mlp-0f3a77c1-v0-r2", "mlp-0f3a77c1-v1-r1"]
    assert "waiting" not in message(world.status, "Finished")


def test_pods_of_a_lost_node_hold_up_no_round_for_ever() -> None:
    world = begun(FakeApi())
    world.look()
    del world.api.objects[f"{JOBS}/mlp-0f3a77c1-v0-r1"]
    left_behind(world, "a")
    world.look()
    world.seconds += 117
    world.look()
    assert world.jobs() == ["mlp-0f3a77c1-v1-r1"]
    world.look()
    assert world.jobs() == ["mlp-0f3a77c1-v0-r2", "mlp-0f3a77c1-v1-r1"]


def test_what_is_waited_for_is_said_while_a_deleted_job_is_still_there() -> None:
    going = job(1, active=3, terminating=3)
    going["metadata"]["deletionTimestamp"] = "2026-11-25T01:00:00Z"
    waits = decided(observed(item(), job(0, active=3), going), after=10)
    assert message(waits.status, "Finished").endswith(
        "no pod runs, waiting for pods of version 2.4.0 to end"
    )
    begun_with = decided(observed(item(activeDeadlineSeconds=5))).status
    late = observed(item(begun_with, activeDeadlineSeconds=5), going)
    decision = decided(late, after=10)
    assert names_of(decision) == []
    assert decision.look_again == timedelta(seconds=1)
    words = "their records are to be analysed, waiting for pods of version 2.4.0 to end"
    assert message(decision.status, "Finished") == f"trials are over; {words}"


def test_many_pods_are_not_counted_to_the_end() -> None:
    world = begun(FakeApi())
    world.look()
    del world.api.objects[f"{JOBS}/mlp-0f3a77c1-v0-r1"]
    for number in range(MOST + 9):
        left_behind(world, f"p{number}")
    world.look()
    assert message(world.status, "Finished").endswith(
        "waiting for 50 pods or more of version 2.1.0 to end"
    )
