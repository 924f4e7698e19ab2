"""Suspension, deletion, and an analysis that fails or is lost: nothing stays, nothing is lost."""

import contextlib

import pytest
from tests.e2e.clusters import Cluster, comparison, until
from tests.e2e.records import trials
from tools.cluster.errors import ClusterError


def test_suspended_and_resumed_it_goes_on_where_it_was(cluster: Cluster) -> None:
    name = cluster.apply(comparison(seeds={"first": 1, "count": 4}, trialsPerPod=1))
    until(lambda: cluster.status(name).get("trials", {}).get("committed", 0) >= 1, 180)

    cluster.kubectl("patch", "vcmp", name, "--type=merge", "-p", '{"spec":{"suspend":true}}')
    until(lambda: cluster.condition(name, "Suspended").get("status") == "True", 120)
    assert (cluster.jobs(name), cluster.pods(name)) == ([], []), "or it would not be suspended"
    with cluster.store(name) as store:
        before = trials(store)
    assert 1 <= len(before) < 8

    cluster.kubectl("patch", "vcmp", name, "--type=merge", "-p", '{"spec":{"suspend":false}}')
    status = cluster.wait_finished(name)
    assert status["display"]["trials"] == "8/8"
    assert all(
        job.endswith("-r2") for version in status["versions"] for job in version["jobs"][-1:]
    )
    with cluster.store(name) as store:
        after = trials(store)
    assert len(after) == 8
    assert {folder: after[folder] for folder in before} == before


def test_deleted_it_leaves_nothing_in_the_cluster(cluster: Cluster) -> None:
    name = cluster.apply(comparison())
    until(lambda: len(cluster.pods(name)) >= 2, 120)
    cluster.kubectl("delete", "vcmp", name, "--timeout=30s")
    until(lambda: not cluster.children(name), 120)


def test_deleted_without_an_operator_it_leaves_nothing_either(cluster: Cluster) -> None:
    name = cluster.apply(comparison())
    until(lambda: len(cluster.pods(name)) >= 2, 120)
    with cluster.without_operator():
        # No finalizer of ours holds it: nothing waits for the operator.
        cluster.kubectl("delete", "vcmp", name, "--timeout=30s")
        until(lambda: not cluster.children(name), 120)


def test_an_analysis_that_is_killed_is_run_again(cluster: Cluster) -> None:
    name = cluster.apply(comparison(seeds={"first": 1, "count": 1}))
    analysis = "app.kubernetes.io/component=analysis"

    def kill_it() -> bool:
        for pod in cluster.pods(name, analysis):
            with contextlib.suppress(ClusterError):
                stop = "import os, signal; os.kill(1, signal.SIGTERM)"
                cluster.kubectl("exec", pod["metadata"]["name"], "--", "python", "-c", stop)
        return any(pod["status"]["phase"] == "Failed" for pod in cluster.pods(name, analysis))

    until(kill_it, 180, every=0.05)
    status = cluster.wait_finished(name)
    assert status["summary"]["trials"]["committed"] == 2
    assert cluster.condition(name, "Succeeded")["status"] == "True"


def test_an_analysis_whose_pod_is_gone_before_it_was_read_is_run_again(cluster: Cluster) -> None:
    analysis = "app.kubernetes.io/component=analysis"
    name = cluster.apply(comparison(seeds={"first": 1, "count": 1}))
    until(lambda: cluster.pods(name, analysis), 180, every=0.1)
    with cluster.without_operator():
        (job,) = cluster.jobs(name, analysis)
        first = job["metadata"]["name"]
        cluster.kubectl("wait", f"job/{first}", "--for=condition=Complete", "--timeout=120s")
        for pod in cluster.pods(name, analysis):
            cluster.kubectl("delete", "pod", pod["metadata"]["name"])
        if cluster.condition(name, "Finished").get("status") == "True":
            pytest.fail("the operator had read it before it was stopped")
    status = cluster.wait_finished(name)
    assert status["summary"]["trials"]["committed"] == 2
    jobs = sorted(job["metadata"]["name"] for job in cluster.jobs(name, analysis))
    assert jobs[-1].endswith("-analysis-r2")


def test_a_job_that_somebody_deletes_is_made_again_for_what_is_missing(cluster: Cluster) -> None:
    name = cluster.apply(comparison(seeds={"first": 1, "count": 3}, trialsPerPod=1))
    until(lambda: cluster.status(name).get("trials", {}).get("committed", 0) >= 1, 180)
    victim = cluster.jobs(name, "diptych.dev/version=0")[0]["metadata"]["name"]
    cluster.kubectl("delete", "job", victim)
    assert cluster.wait_finished(name)["display"]["trials"] == "6/6"
    with cluster.store(name) as store:
        assert len(trials(store)) == 6


def test_what_defines_the_run_cannot_be_edited(cluster: Cluster) -> None:
    name = cluster.apply(comparison(suspend=True))
    with pytest.raises(ClusterError, match="immutable"):
        cluster.kubectl(
            "patch", "vcmp", name, "--type=merge", "-p", '{"spec":{"control":"Native"}}'
        )
