"""When trials cannot start, the comparison itself says why within a minute."""

import time
import uuid
from pathlib import Path
from typing import Any

from tests.e2e.clusters import Cluster, comparison, until
from tests.e2e.records import trials


def test_a_version_without_an_image_is_named_while_the_others_go_on(
    cluster: Cluster, captures: Path
) -> None:
    resource = comparison(seeds={"first": 1, "count": 2}, trialsPerPod=1, parallelism=6)
    missing = {"name": "gone", "version": "1.4.0", "image": "registry.invalid/no-such:1"}
    # The first version's pods are placed first, and there are two GPUs: they take both.
    resource["spec"]["versions"].insert(0, missing)
    resource["spec"]["baseline"] = "1.2.1"
    resource["spec"]["resources"] |= {"cpu": "250m"}
    name = cluster.apply(resource)
    began = time.monotonic()
    until(lambda: cluster.condition(name, "Finished").get("reason") == "ErrImagePull", 60)
    assert time.monotonic() - began < 60
    message = cluster.condition(name, "Finished")["message"]
    assert "version gone" in message
    assert "registry.invalid/no-such:1" in message
    (captures / "describe-missing-image.txt").write_text(cluster.kubectl("describe", "vcmp", name))
    # Two versions of two seeds are committed although the third never starts.
    until(lambda: cluster.status(name)["trials"]["committed"] == 4, 240)
    with cluster.store(name) as store:
        assert len(trials(store)) == 4


def test_a_quota_of_zero_is_told_and_waited_for(cluster: Cluster, captures: Path) -> None:
    cluster.kubectl("create", "quota", "nothing", "--hard=pods=0")
    try:
        name = cluster.apply(comparison(seeds={"first": 1, "count": 1}))
        until(lambda: cluster.condition(name, "Finished").get("reason") == "QuotaExceeded", 60)
        assert "exceeded quota: nothing" in cluster.condition(name, "Finished")["message"]
        (captures / "describe-quota.txt").write_text(cluster.kubectl("describe", "vcmp", name))
    finally:
        cluster.kubectl("delete", "quota", "nothing")
    assert cluster.wait_finished(name)["display"]["trials"] == "2/2"


def test_a_pod_that_no_node_can_hold_is_told_with_the_schedulers_words(cluster: Cluster) -> None:
    resource = comparison(seeds={"first": 1, "count": 1})
    resource["spec"]["resources"]["memory"] = "900Gi"
    name = cluster.apply(resource)
    until(lambda: cluster.condition(name, "Finished").get("reason") == "Unschedulable", 60)
    assert "Insufficient memory" in cluster.condition(name, "Finished")["message"]


def test_a_bucket_that_is_made_later_is_waited_for(cluster: Cluster, captures: Path) -> None:
    bucket = f"late-{uuid.uuid4().hex[:8]}"
    resource = comparison(seeds={"first": 1, "count": 1}, storage={"uri": f"s3://{bucket}/team"})
    name = cluster.apply(resource)
    until(lambda: any(ended(pod) == 75 for pod in cluster.pods(name)), 120)
    until(lambda: cluster.condition(name, "Finished").get("reason") == "StoreUnreachable", 60)
    message = cluster.condition(name, "Finished")["message"]
    assert f"s3://{bucket}/team" in message
    assert "NoSuchBucket" in message
    (captures / "describe-no-bucket.txt").write_text(cluster.kubectl("describe", "vcmp", name))
    cluster.make_bucket(bucket)
    status = cluster.wait_finished(name)
    assert status["display"]["trials"] == "2/2"
    assert "storeUnreachableSince" not in status


def ended(pod: dict[str, Any]) -> int | None:
    """Return the exit code of a pod that has ended."""
    states = [each["state"] for each in pod["status"].get("containerStatuses", [])]
    return next((s["terminated"]["exitCode"] for s in states if "terminated" in s), None)
