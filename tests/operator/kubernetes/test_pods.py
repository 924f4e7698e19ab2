from datetime import timedelta
from typing import Any

import pytest
from tests.operator.kubernetes.builders import START

from diptych.kubernetes import names
from diptych.kubernetes.pods import Stall, pod_of, stall_of_event
from diptych.kubernetes.times import spelled

MINUTE = timedelta(minutes=1)


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
    assert pod_of(pod(state), START).stall == stall


def test_the_scheduler_tells_why() -> None:
    condition = {"type": "PodScheduled", "status": "False", "message": "0/2 nodes"}
    found = pod_of(pod(conditions=[condition], containerStatuses=[]), START)
    assert found.stall == Stall(names.UNSCHEDULABLE, "0/2 nodes")


def test_an_end_has_its_code_and_its_last_words() -> None:
    found = pod_of(pod({"terminated": {"exitCode": 42, "message": " no such version \n"}}), START)
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


def test_a_pod_has_its_index_and_how_long_it_ran() -> None:
    ran = {"exitCode": 75, "startedAt": spelled(START), "finishedAt": spelled(START + MINUTE)}
    ended = pod({"terminated": ran})
    ended["metadata"]["labels"] = {names.INDEX: "7"}
    found = pod_of(ended, START + 9 * MINUTE)
    assert (found.index, found.ended, found.ran) == (7, START + MINUTE, MINUTE)
    runs = pod_of(pod({"running": {"startedAt": spelled(START)}}), START + 9 * MINUTE)
    assert (runs.index, runs.began, runs.ended, runs.ran) == (None, START, None, 9 * MINUTE)


def test_garbage_is_a_pod_that_tells_nothing() -> None:
    for garbage in ({}, {"status": None}, {"status": {"containerStatuses": [None, 7]}}):
        assert pod_of(garbage, START).stall is None
