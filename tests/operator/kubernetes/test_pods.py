from datetime import timedelta
from typing import Any

import pytest
from tests.operator.kubernetes.builders import START

from diptych.api.status import Condition
from diptych.kubernetes import names
from diptych.kubernetes.holds import last_words
from diptych.kubernetes.pods import Stall, pod_of, stall_of_event, tells
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


@pytest.mark.parametrize(
    ("reason", "word"),
    [
        ("Waiting for node", "WaitingForNode"),
        ("image-pull: 2nd try…", "ImagePull2ndTry"),
        ("2 many", "Many"),
        ("…", "Waiting"),
        ("Long" * 99, "Long" * 32),
    ],
)
def test_a_reason_that_no_condition_may_have_becomes_a_word(reason: str, word: str) -> None:
    """A virtual kubelet writes what it likes, and the API server would refuse the whole status."""
    stall = pod_of(pod(waiting(reason)), START).stall
    assert stall == Stall(word, reason)
    told = pod_of(pod(waiting(reason, "no capacity")), START).stall
    assert told == Stall(word, "no capacity")
    spelled_out = {"type": "Finished", "status": "False", "reason": word}
    Condition.model_validate({**spelled_out, "lastTransitionTime": spelled(START)})


def test_the_scheduler_tells_why() -> None:
    condition = {"type": "PodScheduled", "status": "False", "message": "0/2 nodes"}
    found = pod_of(pod(conditions=[condition], containerStatuses=[]), START)
    assert found.stall == Stall(names.UNSCHEDULABLE, "0/2 nodes")


def unseen(age: int, scheduler: str = "volcano", **spec: object) -> dict[str, Any]:
    """Return a pod of an age in seconds that nobody has said anything about."""
    made = spelled(START - timedelta(seconds=age))
    return {
        "metadata": {"name": "p", "uid": "u", "creationTimestamp": made},
        "spec": {"schedulerName": scheduler, **spec},
        "status": {"phase": "Pending"},
    }


def test_a_pod_that_no_scheduler_looks_at_is_told_after_some_seconds() -> None:
    stall = pod_of(unseen(10), START).stall
    assert stall is not None
    assert stall.reason == names.UNSCHEDULABLE
    assert "no scheduler has looked at its pods" in stall.message
    assert "schedulerName 'volcano'" in stall.message
    assert pod_of(unseen(60), START).stall == stall
    assert pod_of(unseen(9), START).stall is None
    assert pod_of(unseen(60, nodeName="n"), START).stall is None


def going(phase: str, past: int) -> dict[str, Any]:
    """Return a pod that should have ended so many seconds ago."""
    until = spelled(START - timedelta(seconds=past))
    return {
        "metadata": {"name": "p", "uid": "u", "deletionTimestamp": until},
        "spec": {"nodeName": "gpu-7"},
        "status": {"phase": phase},
    }


def test_a_pod_that_its_node_does_not_let_go_is_told_with_the_node() -> None:
    for phase in ("Pending", "Running"):
        stall = pod_of(going(phase, 61), START).stall
        assert stall is not None
        assert stall.reason == "PodStuck"
        assert "pod p should have ended by 2026-11-25T00:58:59Z, and node gpu-7" in stall.message
        assert "kubectl delete node gpu-7" in stall.advice
        assert pod_of(going(phase, 60), START).stall is None
    assert pod_of(going("Failed", 600), START).stall is None


def test_an_end_has_its_code_and_its_last_words() -> None:
    found = pod_of(pod({"terminated": {"exitCode": 42, "message": " no such version \n"}}), START)
    assert (found.exit_code, found.message) == (42, "no such version")
    assert found.image_id == "repo@sha256:1"


def rejected(reason: str, **more: object) -> dict[str, Any]:
    """Return a pod that failed, and of which no container ever was."""
    found = pod(phase="Failed", reason=reason, message="Pod was rejected: no GPU", **more)
    del found["status"]["containerStatuses"]
    found["metadata"]["creationTimestamp"] = spelled(START)
    return found


def test_a_pod_that_its_node_refuses_tells_why() -> None:
    found = pod_of(rejected("UnexpectedAdmissionError"), START)
    assert found.never_began
    assert tells(found)
    assert (found.ending, found.ended) == ("UnexpectedAdmissionError", START)
    later = spelled(START + MINUTE)
    assert pod_of(rejected("OutOfcpu", startTime=later), START).ended == START + MINUTE
    assert last_words(found) == (
        "pod p never began (UnexpectedAdmissionError), saying: Pod was rejected: no GPU"
    )


def test_a_pod_that_was_stopped_tells_nothing() -> None:
    disrupted = {"type": "DisruptionTarget", "status": "True"}
    assert not tells(pod_of(rejected("NodeShutdown", conditions=[disrupted]), START))
    assert not tells(pod_of(rejected("Evicted"), START))
    assert not tells(pod_of(rejected("NodeShutdown"), START))
    assert not tells(pod_of(rejected(""), START))
    gone = rejected("Terminated")
    gone["metadata"]["deletionTimestamp"] = spelled(START)
    assert not tells(pod_of(gone, START))


def test_a_container_that_a_webhook_put_before_ours_tells_why() -> None:
    before = {"name": "vault-agent", "state": waiting("ImagePullBackOff", "ErrImagePull: no such")}
    found = pod_of(pod(waiting("PodInitializing"), initContainerStatuses=[before]), START)
    assert found.stall == Stall(names.IMAGE_PULL, "no such")
    state = {"exitCode": 1, "message": "no role", "finishedAt": spelled(START)}
    before = {"name": "vault-agent", "state": {"terminated": state}}
    failed = pod(waiting("PodInitializing"), phase="Failed", initContainerStatuses=[before])
    found = pod_of(failed, START)
    assert tells(found)
    assert (found.exit_code, found.ended) == (None, START)
    assert last_words(found) == (
        "pod p never began, saying: its init container vault-agent ended with exit code 1: no role"
    )
    # One that ended well says nothing of what comes after it.
    del state["exitCode"]
    assert not tells(pod_of(failed, START))


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


def test_a_container_beside_ours_tells_nothing_of_its_end() -> None:
    """A webhook may put one first in the list, and it may end first."""
    beside = {
        "name": "proxy",
        "imageID": "proxy@sha256:2",
        "state": {"terminated": {"exitCode": 0, "finishedAt": spelled(START)}},
    }
    ended = {"terminated": {"exitCode": 1, "message": "no numpy", "reason": "Error"}}
    both = pod(ended)
    both["status"]["containerStatuses"].insert(0, beside)
    found = pod_of(both, START)
    assert (found.exit_code, found.message, found.image_id) == (1, "no numpy", "repo@sha256:1")
    pulled = pod(waiting("ErrImagePull", "not found"))
    ours = pulled["status"]["containerStatuses"][0] | {"imageID": ""}
    pulled["status"]["containerStatuses"] = [beside, ours]
    found = pod_of(pulled, START)
    assert (found.exit_code, found.image_id) == (None, None)
    assert found.stall == Stall(names.IMAGE_PULL, "not found")


def test_garbage_is_a_pod_that_tells_nothing() -> None:
    for garbage in ({}, {"status": None}, {"status": {"containerStatuses": [None, 7]}}):
        assert pod_of(garbage, START).stall is None


def test_of_a_pod_that_was_evicted_the_kubelet_s_words_count() -> None:
    stopped = {"terminated": {"exitCode": 143, "reason": "Error", "message": "stopped by SIGTERM"}}
    words = "The node was low on resource: ephemeral-storage."
    found = pod_of(pod(stopped, phase="Failed", reason="Evicted", message=words), START)
    assert (found.exit_code, found.ending, found.message) == (143, "Evicted", words)
    other = pod_of(pod(stopped, phase="Failed", reason="NodeLost", message=words), START)
    assert (other.ending, other.message) == ("Error", "stopped by SIGTERM")
