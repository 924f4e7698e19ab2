"""What is kept of a pod that was looked at: why it does not run, or what it said at its end."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from diptych.api.raw import at, integer_at, list_at, text_at
from diptych.kubernetes import names, times
from diptych_runner.contract import names as contract

Raw = Mapping[str, Any]

#: Phases of a pod that has not ended.
_OPEN = ("Pending", "Running")
#: Reasons of a waiting container that are no reason to worry.
_USUAL = ("", "ContainerCreating", "PodInitializing")
#: The kubelet says the one and then the other, every few seconds, about the same image.
_PULLING = ("ErrImagePull", "ImagePullBackOff")
#: Why a node ends or refuses a pod, for reasons of its own.
_NOT_ITS_OWN = (names.EVICTED, "NodeShutdown")
#: Characters of a condition's reason.
_MAX_REASON = 128
#: A scheduler that is there has looked at a pod by then, and said why it has no node.
_UNSEEN_AFTER = timedelta(seconds=10)
#: Past the time that it was given to end, a pod whose node still lives has ended.
_STUCK_AFTER = timedelta(minutes=1)


@dataclass(frozen=True)
class Stall:
    """Why pods do not run: a reason of ours, and the words of whoever holds them up."""

    reason: str
    message: str
    #: What helps, where more is known than the reason tells.
    advice: str = ""


@dataclass(frozen=True)
class Pod:
    """A pod of a Job, as it was when it was read."""

    name: str
    uid: str
    phase: str
    stall: Stall | None = None
    is_placed: bool = False
    #: Since when its node knows of it: from then on it keeps its room.
    taken: datetime | None = None
    image_id: str | None = None
    exit_code: int | None = None
    ending: str = ""
    message: str = ""
    #: Which block of an Indexed Job it is for.
    index: int | None = None
    began: datetime | None = None
    ended: datetime | None = None
    #: How long it has run, until its end or until it was read.
    ran: timedelta = timedelta(0)
    #: Whether it failed before what it is for began: by its node, or by a container before ours.
    never_began: bool = False


def pod_of(item: Raw, now: datetime) -> Pod:
    """Return what is kept of a pod that was read now."""
    terminated = _terminated(item)
    before = {} if terminated else _failed_before(item)
    never_began = bool(before) or _is_rejected(item, terminated)
    index = text_at(item, "metadata", "labels", names.INDEX) or ""
    began = times.parsed(at(terminated, "startedAt")) or _running_since(item)
    ended = times.parsed(at(before or terminated, "finishedAt"))
    if ended is None and never_began:
        # Its node refuses a pod when it hears of it.
        ended = times.parsed(at(item, "status", "startTime")) or times.parsed(
            at(item, "metadata", "creationTimestamp")
        )
    return Pod(
        name=text_at(item, "metadata", "name") or "",
        uid=text_at(item, "metadata", "uid") or "",
        phase=text_at(item, "status", "phase") or "",
        stall=_stall(item, now),
        is_placed=bool(text_at(item, "spec", "nodeName")),
        taken=times.parsed(at(item, "status", "startTime")),
        image_id=next(filter(None, (text_at(each, "imageID") for each in _ours(item))), None),
        exit_code=integer_at(terminated, "exitCode", default=0) if terminated else None,
        ending=_ending(item, terminated),
        message=_said_before(before) if before else _last_words(item, terminated),
        index=int(index) if index.isdigit() else None,
        began=began,
        ended=ended,
        ran=max(timedelta(0), (ended or now) - began) if began else timedelta(0),
        never_began=never_began,
    )


def tells(pod: Pod) -> bool:
    """Return whether the end of a failed pod tells anything about what was run in it."""
    is_stopped = pod.exit_code in (None, contract.EXIT_STOPPED)
    return pod.never_began or (not is_stopped and pod.ending != names.EVICTED)


def _stall(item: Raw, now: datetime) -> Stall | None:
    """Return why a pod waits or does not go, in the words of the kubelet or the scheduler."""
    if text_at(item, "status", "phase") not in _OPEN:
        return None
    until = times.parsed(at(item, "metadata", "deletionTimestamp"))
    if until is not None and now - until > _STUCK_AFTER:
        return _stuck(item, until)
    for container in (*_before(item), *_containers(item)):
        reason = text_at(container, "state", "waiting", "reason") or ""
        message = text_at(container, "state", "waiting", "message") or ""
        if reason in _PULLING:
            # While it backs off the kubelet quotes what it got before.
            return Stall(names.IMAGE_PULL, message.rpartition("ErrImagePull: ")[2])
        if reason not in _USUAL:
            return Stall(_word(reason), message or reason)
    for condition in list_at(item, "status", "conditions"):
        is_held = text_at(condition, "status") == "False"
        if text_at(condition, "type") == "PodScheduled" and is_held:
            return Stall(names.UNSCHEDULABLE, text_at(condition, "message") or "")
    return _unseen(item, now)


def _word(reason: str) -> str:
    """Return a reason as a condition may have it: whoever runs a pod writes there what he likes.

    >>> _word("Waiting for node"), _word("CreateContainerError"), _word("..."), _word("2 many")
    ('WaitingForNode', 'CreateContainerError', 'Waiting', 'Many')
    """
    parts = re.findall("[A-Za-z0-9]+", reason)
    joined = "".join(part[0].upper() + part[1:] for part in parts)
    return joined.lstrip("0123456789")[:_MAX_REASON] or "Waiting"


def _stuck(item: Raw, until: datetime) -> Stall:
    """Return that a pod does not go: where a node is lost and not deleted, nobody ends it."""
    pod, node = text_at(item, "metadata", "name"), text_at(item, "spec", "nodeName")
    return Stall(
        names.POD_STUCK,
        f"pod {pod} should have ended by {times.spelled(until)}, and node {node} does not say that "
        "it did; no other pod takes its place before that",
        f"where the node is lost, `kubectl delete node {node}` lets it go",
    )


def _unseen(item: Raw, now: datetime) -> Stall | None:
    """Return that no scheduler has looked at a pod; None where one did, or may do so yet."""
    conditions = list_at(item, "status", "conditions")
    if any(text_at(condition, "type") == "PodScheduled" for condition in conditions):
        return None
    made = times.parsed(at(item, "metadata", "creationTimestamp"))
    if text_at(item, "spec", "nodeName") or made is None or now - made < _UNSEEN_AFTER:
        return None
    scheduler = text_at(item, "spec", "schedulerName") or ""
    return Stall(
        names.UNSCHEDULABLE,
        "no scheduler has looked at its pods: there is none with the schedulerName "
        f"{scheduler!r}, or it does not run",
    )


def _ending(item: Raw, terminated: Raw) -> str:
    own = text_at(item, "status", "reason") or ""
    return own if own == names.EVICTED else text_at(terminated, "reason") or own


def _last_words(item: Raw, terminated: Raw) -> str:
    if text_at(item, "status", "reason") == names.EVICTED:
        # The container heard of it as of any stop; the kubelet says why.
        return (text_at(item, "status", "message") or "").strip()
    return (text_at(terminated, "message") or text_at(item, "status", "message") or "").strip()


def _running_since(item: Raw) -> datetime | None:
    since = (
        times.parsed(at(container, "state", "running", "startedAt")) for container in _ours(item)
    )
    return next(filter(None, since), None)


def _terminated(item: Raw) -> dict[str, Any]:
    found = (at(container, "state", "terminated") for container in _ours(item))
    return next((state for state in found if isinstance(state, dict)), {})


def _ours(item: Raw) -> Iterator[object]:
    """Yield the container that trains or analyses, and none that a webhook put beside it."""
    ours = (names.TRIAL, names.ANALYSIS)
    yield from (each for each in _containers(item) if text_at(each, "name") in ours)


def _containers(item: Raw) -> Iterator[object]:
    yield from list_at(item, "status", "containerStatuses")


def _before(item: Raw) -> Iterator[object]:
    """Yield the containers that a webhook put before ours: ours has none."""
    yield from list_at(item, "status", "initContainerStatuses")


def _failed_before(item: Raw) -> dict[str, Any]:
    """Return how a container before ours failed, with its name; empty if none did."""
    if text_at(item, "status", "phase") != "Failed" or _is_disrupted(item):
        return {}
    for container in _before(item):
        state = at(container, "state", "terminated")
        if isinstance(state, dict) and state.get("exitCode"):
            return {**state, "name": text_at(container, "name")}
    return {}


def _said_before(before: Raw) -> str:
    said = (text_at(before, "message") or "").strip()
    how = f"its init container {before['name']} ended with exit code {before['exitCode']}"
    return f"{how}: {said}" if said else how


def _is_rejected(item: Raw, terminated: Raw) -> bool:
    """Return whether the node refused the pod, as by its device plugin: nothing of it ran."""
    reason = text_at(item, "status", "reason") or ""
    is_failed = text_at(item, "status", "phase") == "Failed" and not terminated
    return is_failed and reason not in ("", *_NOT_ITS_OWN) and not _is_disrupted(item)


def _is_disrupted(item: Raw) -> bool:
    """Return whether a pod was stopped from outside: that tells nothing of what was run in it."""
    return at(item, "metadata", "deletionTimestamp") is not None or any(
        text_at(condition, "type") == "DisruptionTarget" and text_at(condition, "status") == "True"
        for condition in list_at(item, "status", "conditions")
    )


def stall_of_event(event: Raw) -> Stall | None:
    """Return what an Event says about pods that could not be made or mounted; None if nothing."""
    reason = text_at(event, "reason") or ""
    message = text_at(event, "message") or ""
    if reason == "FailedCreate":
        if "exceeded quota" in message:
            return Stall(names.QUOTA_EXCEEDED, message)
        if "violates PodSecurity" in message:
            return Stall(names.POD_SECURITY, message)
        return Stall(names.FAILED_CREATE, message)
    if reason in ("FailedMount", "FailedAttachVolume"):
        return Stall(names.FAILED_MOUNT, message)
    if reason in ("FailedCreatePodSandBox", "NetworkNotReady"):
        return Stall(reason, message)
    return None
