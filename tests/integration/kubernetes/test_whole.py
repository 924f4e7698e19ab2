"""Comparisons from `kubectl apply` to their verdict, as a user sees them."""

import re
import time

from tests.integration.kubernetes.cluster import DIGEST, Namespace, comparison, until
from tests.integration.kubernetes.operators import Operator
from tests.integration.kubernetes.proxy import Proxy

THREE = [{"name": "2.1.0"}, {"name": "2.4.0"}, {"name": "again", "version": "2.4.0"}]


def test_three_versions_of_twenty_seeds_run_to_their_verdict(
    space: Namespace, operator: Operator, proxy: Proxy
) -> None:
    trials = {"planned": 69, "committed": 69, "succeeded": 68, "diverged": 0, "failed": 1}
    space.apply(
        comparison(
            "whole",
            digest={**DIGEST, "summary": {**DIGEST["summary"], "trials": trials}},
            versions=THREE,
            baseline="2.4.0",
            seeds={"first": 1, "count": 20},
            noiseFloor={"seeds": 3, "repeats": 2},
            parallelism=7,
            trialsPerPod=4,
        )
    )
    counts = []
    until(lambda: space.status("whole"))
    first = space.status("whole")
    assert {each["observedGeneration"] for each in first["conditions"]} == {1}
    assert [each["type"] for each in first["conditions"]] == [
        "Accepted", "Suspended", "TrialsComplete", "Compared", "Finished", "Succeeded", "Failed",
    ]  # fmt: skip
    while space.reason("whole") != "Compared":
        counts.append(space.status("whole")["trials"]["committed"])
        time.sleep(0.2)
    assert counts == sorted(counts)
    status = space.finish("whole")
    assert status["summary"]["verdict"] == "Equivalent"
    assert status["report"] == DIGEST["report"]
    assert status["display"]["versions"] == "2.4.0 → 2.1.0, again"
    assert status["trials"] == {
        "total": 69, "committed": 69, "active": 0, "succeeded": 68, "failed": 1,
    }  # fmt: skip
    assert [each["committed"] for each in status["versions"]] == [23, 23, 23]
    images = [each["imageID"] for each in status["versions"]]
    assert images[0].startswith("registry.example/runner:tensorflow-2.1.0@sha256:")
    jobs = space.get("jobs")["items"]
    ours = [job for job in jobs if "-v" in job["metadata"]["name"]]
    assert [job["spec"]["parallelism"] for job in ours] == [3, 2, 2]
    assert [job["spec"]["completions"] for job in ours] == [6, 6, 6]
    told = space.events("whole")
    assert told == ["Accepted", "JobsCreated", "TrialsComplete", "JobsCreated", "Compared",
                    "Finished"]  # fmt: skip
    # Pods were listed, and never watched.
    assert not [r for r in proxy.seen if "/pods" in r.path and "watch" in r.path]


def test_the_columns_tell_the_whole_story(space: Namespace) -> None:
    space.apply(comparison("shown"))
    space.finish("shown")
    space.kubectl("wait", "vcmp/shown", "--for=condition=Succeeded", "--timeout=5s")
    columns = space.kubectl("get", "vcmp", "shown").splitlines()
    assert re.split(r"\s{2,}", columns[0]) == [
        "NAME", "VERSIONS", "TRIALS", "VERDICT", "REASON", "AGE",
    ]  # fmt: skip
    assert "Equivalent" in columns[1]
    assert "Compared" in columns[1]


def test_a_finished_comparison_is_left_in_peace(
    space: Namespace, operator: Operator, proxy: Proxy
) -> None:
    space.apply(comparison("idle"))
    space.finish("idle")
    time.sleep(1.5)
    written = len(proxy.writes)
    # Its Jobs may go, the operator may start anew: there is nothing left to do.
    space.kubectl("delete", "jobs", "--all")
    assert operator.stop() == 0
    operator.start()
    time.sleep(5)
    assert proxy.writes[written:] == []
    # An edit is seen, once, so that `kubectl wait` goes on believing the conditions.
    space.patch("idle", ttlSecondsAfterFinished=3600)
    until(lambda: space.status("idle")["observedGeneration"] == 2)
    space.kubectl("wait", "vcmp/idle", "--for=condition=Finished", "--timeout=5s")
    time.sleep(2)
    assert len(proxy.writes) == written + 1


def test_two_comparisons_run_side_by_side_and_share_nothing(space: Namespace) -> None:
    other = {**DIGEST, "summary": {**DIGEST["summary"], "verdict": "Different"}}
    space.apply(comparison("one"), comparison("two", digest=other, control="SharedInit"))
    assert space.finish("one")["summary"]["verdict"] == "Equivalent"
    assert space.finish("two")["summary"]["verdict"] == "Different"
    assert len(space.jobs()) == 6


def test_a_stranger_s_object_disturbs_nobody(space: Namespace) -> None:
    odd = comparison("odd")
    odd["metadata"]["annotations"] = {"diptych.dev/anything": '{"not": [json', "a": "x" * 9000}
    odd["metadata"]["labels"] = {"diptych.dev/uid": "somebody-else"}
    foreign = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {
            "name": "foreign-v0-r1",
            "labels": {"app.kubernetes.io/managed-by": "diptych", "diptych.dev/uid": "nobody"},
        },
        "spec": {
            "template": {
                "spec": {
                    "restartPolicy": "Never",
                    "containers": [{"name": "c", "image": "none"}],
                }
            }
        },
    }
    space.apply(foreign, odd)
    assert space.finish("odd")["summary"]["verdict"] == "Equivalent"
