"""When trials do not start, the status says why in the words of whoever holds them up."""

import time

from tests.integration.kubernetes.cluster import Namespace, comparison, until

NAMES = ("2.1.0", "2.4.0", "2.8.4")


def message(space: Namespace, name: str) -> str:
    return str(space.condition(name, "Finished")["message"])


def test_an_image_that_is_not_there_is_named_while_the_others_go_on(space: Namespace) -> None:
    versions = [{"name": name} for name in NAMES]
    versions[1]["image"] = "registry.example/missing:2.4.0"
    began = time.monotonic()
    space.apply(comparison("image", versions=versions))
    until(lambda: space.reason("image") == "ErrImagePull", 60)
    assert time.monotonic() - began < 60
    told = message(space, "image")
    assert (
        "version 2.4.0: failed to pull image registry.example/missing:2.4.0: manifest unknown"
        in told
    )
    assert "2.1.0" not in told
    until(lambda: [v["committed"] for v in space.status("image")["versions"]] == [9, 0, 9])
    warnings = space.get("events", "--field-selector", "type=Warning,reason=ErrImagePull")["items"]
    assert len(warnings) == 1
    # A person ends it: what is committed is analysed.
    space.patch("image", activeDeadlineSeconds=1)
    space.finish("image")
    assert space.condition("image", "TrialsComplete")["reason"] == "DeadlineExceeded"


def committed(space: Namespace, name: str) -> list[int]:
    return [version["committed"] for version in space.status(name).get("versions", [])]


def test_pods_without_an_image_do_not_keep_the_gpus_from_other_versions(space: Namespace) -> None:
    product = "Few-GPUs"
    space.plane.add_nodes(1, gpus=2, product=product)
    versions = [{"name": name} for name in NAMES]
    # The first version's pods are placed first, on all GPUs that there are.
    versions[0]["image"] = "registry.example/missing:2.1.0"
    resources = {"gpus": 1, "gpuProduct": product}
    space.apply(comparison("starved", versions=versions, resources=resources, baseline=NAMES[1]))
    until(lambda: committed(space, "starved") == [0, 9, 9], 150)
    assert space.reason("starved") == "ErrImagePull"
    until(lambda: len(space.status("starved")["versions"][0]["jobs"]) > 1, 90)
    told = space.events("starved")
    assert told.count("ErrImagePull") == 1
    assert "DeletingJobs" in told
    space.patch("starved", activeDeadlineSeconds=1)
    space.finish("starved")


def test_the_scheduler_s_sentence_is_shown(space: Namespace) -> None:
    resources = {"gpus": 1, "gpuProduct": "No-Such-GPU"}
    space.apply(comparison("where", resources=resources))
    until(lambda: space.reason("where") == "Unschedulable", 60)
    assert "node(s) didn't match Pod's node affinity/selector" in message(space, "where")
    shown = space.kubectl("get", "vcmp", "where")
    assert "Unschedulable" in shown
    assert "didn't match" in space.kubectl("describe", "vcmp", "where")


def test_a_scheduler_that_is_not_there_is_named(space: Namespace) -> None:
    nobody = comparison("nobody")
    nobody["spec"]["template"]["spec"] = {"schedulerName": "volcano"}
    space.apply(nobody)
    until(lambda: space.reason("nobody") == "Unschedulable", 60)
    assert "no scheduler has looked at its pods" in message(space, "nobody")
    assert "schedulerName 'volcano'" in message(space, "nobody")


def test_a_quota_of_zero_for_a_while(space: Namespace) -> None:
    space.kubectl("create", "quota", "none", "--hard=pods=0")
    space.apply(comparison("quota"))
    until(lambda: space.reason("quota") == "QuotaExceeded", 60)
    assert "exceeded quota: none" in message(space, "quota")
    space.kubectl("delete", "quota", "none")
    assert space.finish("quota", 120)["phase"] == "Succeeded"


def test_a_quota_of_jobs_that_refuses_ours_is_told_and_tried_again(space: Namespace) -> None:
    space.kubectl("create", "quota", "none", "--hard=count/jobs.batch=0")
    until(lambda: "status" in space.get("quota", "none") and space.get("quota", "none")["status"])
    space.apply(comparison("jobs"))
    until(lambda: space.reason("jobs") == "QuotaExceeded", 60)
    assert "exceeded quota: none" in message(space, "jobs")
    space.kubectl("delete", "quota", "none")
    assert space.finish("jobs", 90)["phase"] == "Succeeded"


def test_pod_security_s_refusal_is_shown(space: Namespace) -> None:
    space.kubectl("label", "namespace", space.name, "pod-security.kubernetes.io/enforce=restricted")
    # Ours pass the strictest profile; what the user adds may not.
    space.apply(comparison("strict"))
    assert space.finish("strict")["phase"] == "Succeeded"
    loose = comparison("loose")
    annotations = loose["spec"]["template"]["metadata"]["annotations"]
    annotations["container.apparmor.security.beta.kubernetes.io/trial"] = "unconfined"
    space.apply(loose)
    until(lambda: space.reason("loose") == "PodSecurity", 60)
    assert 'violates PodSecurity "restricted:latest"' in message(space, "loose")


def test_a_store_that_goes_away_and_comes_back_is_told(space: Namespace) -> None:
    versions = [{"name": name, "image": "registry.example/manual:1"} for name in NAMES[:2]]
    # One pod of each version at once, and the first of the second version succeeds.
    space.apply(comparison("store", versions=versions, parallelism=2))
    space.end_pod(running(space, "-v1-r1-0-"), 0, now=True)
    pod = running(space, "-v1-r1-1-")
    words = "s3://nope/store: GetObject failed with HTTP 404 NoSuchBucket: there is no such bucket"
    began = time.monotonic()
    space.end_pod(pod, 75, words, now=True)
    until(lambda: space.reason("store") == "StoreUnreachable", 60)
    assert time.monotonic() - began < 60
    assert f"version 2.4.0: pod {pod} ended with exit code 75, saying: {words}" in message(
        space, "store"
    )
    assert "storeUnreachableSince" in space.status("store")
    # The Job controller makes the next pod of that block; that it runs proves nothing yet.
    pod = running(space, "-v1-r1-1-")
    assert space.reason("store") == "StoreUnreachable"
    space.end_pod(pod, 0, now=True)
    until(lambda: space.reason("store") == "Running", 60)
    assert "storeUnreachableSince" not in space.status("store")
    warnings = space.get("events", "--field-selector", "type=Warning,reason=StoreUnreachable")
    assert len(warnings["items"]) == 1


def running(space: Namespace, part: str) -> str:
    """Wait for the pod that runs with this part of a Job's name and index in its own."""

    def found() -> list[str]:
        pods = [pod for pod in space.pods() if pod["status"].get("phase") == "Running"]
        return [name for pod in pods if part in (name := pod["metadata"]["name"])]

    until(lambda: len(found()) == 1)
    return found()[0]


def test_a_name_that_is_taken_is_told(space: Namespace) -> None:
    space.apply(comparison("taken", suspend=True))
    until(lambda: space.reason("taken") == "Suspended")
    uid = space.get("vcmp", "taken")["metadata"]["uid"]
    stranger = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": f"taken-{uid[:8]}-plan"},
        "data": {"plan.json": "{}"},
    }
    space.apply(stranger)
    space.patch("taken", suspend=False)
    until(lambda: space.reason("taken") == "NameTaken")
    assert f"ConfigMap taken-{uid[:8]}-plan is there already" in message(space, "taken")
    assert space.jobs() == []
    space.kubectl("delete", "configmap", f"taken-{uid[:8]}-plan")
    assert space.finish("taken", 90)["phase"] == "Succeeded"
