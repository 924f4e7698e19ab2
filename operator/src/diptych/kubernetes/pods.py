"""What is kept of a pod that was looked at: why it does not run, or what it said at its end."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from diptych.api.raw import at, integer_at, list_at, text_at
from diptych.kubernetes import names

Raw = Mapping[str, Any]

#: Reasons of a waiting container that are no reason to worry.
_USUAL = ("", "ContainerCreating", "PodInitializing")
#: The kubelet says the one and then the other, every few seconds, about the same image.
_PULLING = ("ErrImagePull", "ImagePullBackOff")


@dataclass(frozen=True)
class Stall:
    """Why pods do not run: a reason of ours, and the words of whoever holds them up."""

    reason: str
    message: str


@dataclass(frozen=True)
class Pod:
    """A pod of a Job, as it was when it was read."""

    name: str
    uid: str
    phase: str
    stall: Stall | None = None
    is_placed: bool = False
    image_id: str | None = None
    exit_code: int | None = None
    ending: str = ""
    message: str = ""


def pod_of(item: Raw) -> Pod:
    """Return what is kept of a pod."""
    ended = _terminated(item)
    return Pod(
        name=text_at(item, "metadata", "name") or "",
        uid=text_at(item, "metadata", "uid") or "",
        phase=text_at(item, "status", "phase") or "",
        stall=_stall(item),
        is_placed=bool(text_at(item, "spec", "nodeName")),
        image_id=next(filter(None, (text_at(c, "imageID") for c in _containers(item))), None),
        exit_code=integer_at(ended, "exitCode", default=0) if ended else None,
        ending=text_at(ended, "reason") or text_at(item, "status", "reason") or "",
        message=(text_at(ended, "message") or text_at(item, "status", "message") or "").strip(),
    )


def _stall(item: Raw) -> Stall | None:
    """Return why a pod waits, in the words of the kubelet or the scheduler."""
    for container in _containers(item):
        reason = text_at(container, "state", "waiting", "reason") or ""
        message = text_at(container, "state", "waiting", "message") or ""
        if reason in _PULLING:
            # While it backs off the kubelet quotes what it got before.
            return Stall(names.IMAGE_PULL, message.rpartition("ErrImagePull: ")[2])
        if reason not in _USUAL:
            return Stall(reason, message)
    for condition in list_at(item, "status", "conditions"):
        is_held = text_at(condition, "status") == "False"
        if text_at(condition, "type") == "PodScheduled" and is_held:
            return Stall(names.UNSCHEDULABLE, text_at(condition, "message") or "")
    return None


def _terminated(item: Raw) -> dict[str, Any]:
    found = (at(container, "state", "terminated") for container in _containers(item))
    return next((state for state in found if isinstance(state, dict)), {})


def _containers(item: Raw) -> Iterator[object]:
    yield from list_at(item, "status", "containerStatuses")


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
