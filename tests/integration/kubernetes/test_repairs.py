"""What somebody deletes or breaks under a comparison is made good, or said to be given up."""

import functools
import json
import time
from typing import Any

from tests.integration.kubernetes.cluster import DIGEST, Namespace, comparison, until
from tests.integration.kubernetes.operators import Operator, started
from tests.integration.kubernetes.proxy import Proxy


def analysis_pods(space: Namespace, number: int = 1) -> list[dict[str, Any]]:
    pods = space.pods(f"app.kubernetes.io/component=analysis,diptych.dev/round={number}")
    return [pod for pod in pods if pod["status"]["phase"] == "Running"]


def test_a_job_deleted_by_hand_becomes_the_next_round(space: Namespace) -> None:
    space.apply(comparison("hand", runs_for="600s"))
    until(lambda: space.reason("hand") == "Running")
    first = space.jobs()
    space.kubectl("delete", "job", first[1])
    until(lambda: space.jobs() == [first[0], first[1][:-1] + "2"])
    until(lambda: space.events("hand") == ["Accepted", "JobsCreated", "JobMissing", "JobsCreated"])


def owners(space: Namespace) -> set[str]:
    """Return the Jobs of the pods that are there, those that end included."""
    return {pod["metadata"]["labels"]["batch.kubernetes.io/job-name"] for pod in space.pods()}


def test_the_next_round_of_a_job_deleted_by_hand_waits_for_its_pods(space: Namespace) -> None:
    space.apply(comparison("beside", runs_for="600s", stops_in="6s"))
    until(lambda: len(owners(space)) == 2)
    first = space.jobs()
    space.kubectl("delete", "job", first[1])
    words = "waiting for 3 pods of version 2.4.0 to end"
    until(lambda: words in space.condition("beside", "Finished")["message"])
    while first[1] in (there := owners(space)):
        assert there == set(first), "pods of two rounds of one version"
        time.sleep(0.1)
    until(lambda: owners(space) == {first[0], first[1][:-1] + "2"})
    assert "waiting" not in space.condition("beside", "Finished")["message"]


def variables(job: dict[str, Any]) -> dict[str, Any]:
    (container,) = job["spec"]["template"]["spec"]["containers"]
    return {each["name"]: each.get("value", each.get("valueFrom")) for each in container["env"]}


def test_a_comparison_stays_in_the_store_that_it_began_in(space: Namespace, own: Operator) -> None:
    own.set("DIPTYCH_CREDENTIALS_SECRET", "first")
    with started(own):
        space.apply(comparison("kept", runs_for="600s"))
        until(lambda: space.reason("kept") == "Running")
        own.kill()
        own.set("DIPTYCH_STORE", "s3://elsewhere/all")
        own.set("DIPTYCH_S3_ENDPOINT", "http://elsewhere:9000")
        own.set("DIPTYCH_CREDENTIALS_SECRET", "second")
        space.kubectl("delete", "job", space.jobs()[0])
        own.start()
        until(lambda: len(space.jobs()) == 2 and len(space.pods()) == 6)
        for pod in space.pods():
            name = pod["metadata"]["name"]
            until(functools.partial(is_ready, space, name))
            space.end_pod(name, 0)
        until(lambda: len(space.jobs()) == 3, why=lambda: str(space.jobs()))
        for job in space.get("jobs")["items"]:
            given = variables(job)
            assert given["DIPTYCH_STORE"] == "s3://results/test"
            assert "DIPTYCH_S3_ENDPOINT" not in given
            assert given["AWS_ACCESS_KEY_ID"]["secretKeyRef"]["name"] == "first"
        # One that begins now begins in the new store.
        space.apply(comparison("new", runs_for="600s"))
        until(lambda: space.reason("new") == "Running")
        jobs = space.get("jobs", "-l", "diptych.dev/comparison=new")["items"]
        assert {variables(job)["DIPTYCH_STORE"] for job in jobs} == {"s3://elsewhere/all"}


def is_ready(space: Namespace, pod: str) -> bool:
    return bool(space.get("pod", pod)["status"].get("containerStatuses"))


def test_an_analysis_that_fails_once_and_is_deleted_once_still_gives_the_verdict(
    space: Namespace, own: Operator
) -> None:
    # Analysis pods of this image wait for the test to say how they end.
    own.set("DIPTYCH_ANALYSIS_IMAGE", "registry.example/manual:1")
    with started(own):
        space.apply(comparison("again"))
        until(lambda: analysis_pods(space))
        space.end_pod(analysis_pods(space)[0]["metadata"]["name"], 1, "MemoryError")
        # The Job makes the next pod; this one succeeds, and is gone before it can be read.
        until(lambda: analysis_pods(space), 60)
        own.kill()
        pod = analysis_pods(space)[0]["metadata"]["name"]
        space.end_pod(pod, 0, json.dumps(DIGEST))
        until(lambda: space.get("job", space.jobs()[0])["status"].get("succeeded") == 1)
        space.kubectl("delete", "pod", pod)
        own.start()
        until(lambda: analysis_pods(space, 2))
        message = space.condition("again", "Finished")["message"]
        assert "its pod was deleted before it was read" in message
        space.end_pod(analysis_pods(space, 2)[0]["metadata"]["name"], 0, json.dumps(DIGEST))
        assert space.finish("again")["summary"]["verdict"] == "Equivalent"


def test_a_store_that_is_away_uses_up_no_try_of_the_analysis(
    space: Namespace, own: Operator
) -> None:
    own.set("DIPTYCH_ANALYSIS_IMAGE", "registry.example/manual:1")
    with started(own):
        space.apply(comparison("away"))
        # More often than a Job's pods may fail; the Job controller waits longer each time.
        for _ in range(3):
            until(lambda: analysis_pods(space))
            pod = analysis_pods(space)[0]["metadata"]["name"]
            space.end_pod(pod, 75, "the store does not answer")
        until(lambda: space.reason("away") == "StoreUnreachable", 60)
        assert "the store does not answer" in space.condition("away", "Finished")["message"]
        until(lambda: analysis_pods(space))
        space.end_pod(analysis_pods(space)[0]["metadata"]["name"], 0, json.dumps(DIGEST))
        assert space.finish("away")["summary"]["verdict"] == "Equivalent"
        assert [name[-12:] for name in space.jobs()[:1]] == ["-analysis-r1"]


def test_an_analysis_that_never_leaves_a_digest_is_given_up(space: Namespace) -> None:
    space.apply(comparison("never", digest=None))
    status = space.finish("never", 90)
    failed = space.condition("never", "Failed")
    assert (failed["status"], failed["reason"]) == ("True", "AnalysisFailed")
    assert "it left no digest" in failed["message"]
    assert "summary" not in status
    assert [name[-12:] for name in space.jobs()[:3]] == [f"-analysis-r{n}" for n in (1, 2, 3)]
    space.kubectl("wait", "vcmp/never", "--for=condition=Failed", "--timeout=5s")


def test_an_analysis_that_no_retry_helps_is_given_up_at_once(
    space: Namespace, own: Operator, proxy: Proxy
) -> None:
    # Pods of this image end with exit code 42: a broken plan, another comparison's place.
    own.set("DIPTYCH_ANALYSIS_IMAGE", "registry.example/impossible:1")
    with started(own):
        space.apply(comparison("never-so"))
        space.finish("never-so")
        failed = space.condition("never-so", "Failed")
        assert (failed["status"], failed["reason"]) == ("True", "AnalysisFailed")
        assert "is not tried again; never-so-" in failed["message"]
        assert "tensorflow 2.4.1 is in the image" in failed["message"], "the pod's own words"
        assert [name[-12:] for name in space.jobs() if "analysis" in name] == ["-analysis-r1"]
        assert len(space.pods("app.kubernetes.io/component=analysis")) == 1
        assert space.events("never-so")[-1] == "Finished"
        written = len(proxy.writes)
        time.sleep(5)
        assert len(proxy.writes) == written


def test_a_version_whose_pods_all_fail_is_analysed_with_the_others(space: Namespace) -> None:
    invalid = {**DIGEST["summary"], "verdict": "Invalid", "reason": "2.4.0 has no trials."}
    versions = [{"name": "2.1.0"}, {"name": "2.4.0", "image": "registry.example/impossible:1"}]
    space.apply(comparison("half", versions=versions, digest={**DIGEST, "summary": invalid}))
    space.finish("half")
    failed = space.condition("half", "Failed")
    assert (failed["status"], failed["reason"]) == ("True", "Invalid")
    assert failed["message"] == "2.4.0 has no trials."
    over = space.condition("half", "TrialsComplete")
    assert (over["status"], over["reason"]) == ("True", "SomePodsFailed")
    assert "3 pods failed for good" in over["message"]
