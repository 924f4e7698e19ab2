"""Suspending deletes Jobs and keeps what is committed; resuming makes the next round."""

import time

from tests.integration.kubernetes.cluster import Namespace, comparison, until


def test_suspended_and_resumed_it_goes_on_by_rounds(space: Namespace) -> None:
    space.apply(comparison("pause", runs_for="600s"))
    until(lambda: space.reason("pause") == "Running")
    first = space.jobs()
    space.patch("pause", suspend=True)
    space.kubectl("wait", "vcmp/pause", "--for=condition=Suspended", "--timeout=20s")
    assert (space.jobs(), space.pods()) == ([], []), "or it would not be suspended"
    assert space.reason("pause") == "Suspended"
    assert "Suspended" in space.kubectl("get", "vcmp", "pause")
    assert "since" not in space.status("pause")["activeTime"]
    space.patch("pause", suspend=False)
    until(lambda: len(space.jobs()) == 2)
    assert [name.replace("-r2", "-r1") for name in space.jobs()] == first
    until(lambda: space.reason("pause") == "Running")
    # Pods of the next round are ended by hand: kwok would take ten minutes.
    for pod in space.pods():
        space.end_pod(pod["metadata"]["name"], 0)
    until(lambda: space.reason("pause") == "Analyzing")
    assert space.status("pause")["versions"][0]["jobs"] == [first[0], first[0][:-1] + "2"]
    told = space.events("pause")
    assert [reason for reason in told if reason in ("Suspended", "Resumed")] == [
        "Suspended",
        "Resumed",
    ]


def test_suspended_from_the_start_nothing_starts(space: Namespace) -> None:
    space.apply(comparison("later", suspend=True))
    space.kubectl("wait", "vcmp/later", "--for=condition=Suspended", "--timeout=20s")
    assert space.jobs() == []
    space.patch("later", suspend=False)
    assert space.finish("later")["phase"] == "Succeeded"


def test_the_deadline_does_not_count_the_time_suspended(space: Namespace) -> None:
    space.apply(comparison("late", runs_for="600s", activeDeadlineSeconds=6, digest=None))
    until(lambda: space.reason("late") == "Running")
    space.patch("late", suspend=True)
    until(lambda: space.reason("late") == "Suspended")
    spent = space.status("late")["activeTime"]["seconds"]
    assert spent < 6
    # Longer than the deadline would have left.
    time.sleep(7)
    space.patch("late", suspend=False)
    until(lambda: space.reason("late") == "Running")
    until(lambda: space.condition("late", "TrialsComplete")["reason"] == "DeadlineExceeded")
    until(lambda: [name[-12:] for name in space.jobs()] == ["-analysis-r1"])
    assert "DeadlineExceeded" in space.events("late")


def owners(space: Namespace) -> set[str]:
    """Return the Jobs of the pods that are there, those that end included."""
    return {pod["metadata"]["labels"]["batch.kubernetes.io/job-name"] for pod in space.pods()}


def test_pods_that_end_at_the_deadline_may_commit_before_the_analysis(space: Namespace) -> None:
    space.apply(comparison("commits", runs_for="600s", stops_in="6s", activeDeadlineSeconds=4))
    until(lambda: space.condition("commits", "TrialsComplete").get("reason") == "DeadlineExceeded")
    assert len(owners(space)) == 2
    until(lambda: any("analysis" in name for name in space.jobs()))
    assert not [name for name in owners(space) if "analysis" not in name]
    assert [name[-12:] for name in space.jobs()] == ["-analysis-r1"]


def test_the_next_round_begins_when_the_pods_of_the_last_are_gone(space: Namespace) -> None:
    space.apply(comparison("overlap", runs_for="600s", stops_in="6s"))
    until(lambda: len(owners(space)) == 2)
    first = owners(space)
    space.patch("overlap", suspend=True)
    until(lambda: space.condition("overlap", "Suspended")["reason"] == "Suspending")
    assert "yet to end" in space.condition("overlap", "Suspended")["message"]
    space.patch("overlap", suspend=False)
    while (there := owners(space)) & first:
        again = there - first
        assert not {job[:-1] + "1" for job in again} & there, "pods of two rounds of one version"
        time.sleep(0.1)
    until(lambda: len(owners(space)) == 2)
