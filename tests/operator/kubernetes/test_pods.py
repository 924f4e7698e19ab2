from typing import Any

import pytest

from diptych.kubernetes import names
from diptych.kubernetes.pods import Stall, pod_of, stall_of_event


def pod(state: object = None, **status: object) -> dict[str, Any]:
    container = {"name": "trial", "state": state or {}, "imageID": "repo@sha256:1"}
    return {
        "metadata": {"name": "p", "uid": "u"},
        "spec": {"nodeName": "n"},
        "status": {"phase": "Pending", "containerStatuses": [container], **status},
    }


def waiting(reason: str, message: str = "") -> dict[str, Any]:
    return {"waiting": {"reason": reason, "message": message}}


@pytest.mark.parametrize(
    ("state", "stall"),
    [
        (waiting("ErrImagePull", "manifest unknown"), Stall(names.IMAGE_PULL, "manifest unknown")),
        (
            waiting("ImagePullBackOff", 'Back-off pulling image "x": ErrImagePull: not found'),
            Stall(names.IMAGE_PULL, "not found"),
        ),
        (
            waiting("CreateContainerConfigError", 'secret "s3" not found'),
            Stall("CreateContainerConfigError", 'secret "s3" not found'),
        ),
        (waiting("ContainerCreating"), None),
        ({"running": {}}, None),
    ],
)
def test_a_waiting_container_tells_why(state: object, stall: Stall | None) -> None:
    assert pod_of(pod(state)).stall == stall


def test_the_scheduler_tells_why() -> None:
    condition = {"type": "PodScheduled", "status": "False", "message": "0/2 nodes"}
    found = pod_of(pod(conditions=[condition], containerStatuses=[]))
    assert found.stall == Stall(names.UNSCHEDULABLE, "0/2 nodes")


def test_an_end_has_its_code_and_its_last_words() -> None:
    found = pod_of(pod({"terminated": {"exitCode": 42, "message": " no such version \n"}}))
    assert (found.exit_code, found.message) == (42, "no such version")
    assert found.image_id == "repo@sha256:1"


@pytest.mark.parametrize(
    ("reason", "message", "stall"),
    [
        ("FailedCreate", "exceeded quota: q, requested", names.QUOTA_EXCEEDED),
        ("FailedCreate", 'violates PodSecurity "restricted:latest"', names.POD_SECURITY),
        ("FailedCreate", "admission webhook denied", names.FAILED_CREATE),
        ("FailedMount", 'configmap "my-code" not found', names.FAILED_MOUNT),
        ("BackoffLimitExceeded", "it failed", None),
        ("Unhealthy", "x", None),
    ],
)
def test_an_event_tells_why(reason: str, message: str, stall: str | None) -> None:
    found = stall_of_event({"reason": reason, "message": message})
    assert found == (None if stall is None else Stall(stall, message))


def test_garbage_is_a_pod_that_tells_nothing() -> None:
    for garbage in ({}, {"status": None}, {"status": {"containerStatuses": [None, 7]}}):
        assert pod_of(garbage).stall is None
