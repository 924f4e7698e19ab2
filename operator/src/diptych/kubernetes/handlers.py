"""kopf's handlers: each turns an event into the key of a comparison to look at.

`on.event` alone: change handlers would write annotations, timers and daemons would put a finalizer
on the resource and hold up its deletion while the operator is down. An event is read by bounds: a
stranger's annotation or label can break nothing here.

They are coroutines although they wait for nothing: kopf runs plain functions in threads, and queue
and freshness belong to the one thread of the event loop.
"""

from collections.abc import Callable
from typing import Any

import kopf

from diptych.api.base import API_VERSION, KIND
from diptych.api.crd import PLURAL
from diptych.api.raw import at, list_at, mapping_at, text_at
from diptych.kubernetes import names
from diptych.kubernetes.freshness import Freshness
from diptych.kubernetes.keys import Key
from diptych.kubernetes.queue import Queue
from diptych.kubernetes.settings import configure

#: Seconds that events are gathered for: a burst of them is one look.
BURST = 0.1


def registry_of(
    queue: Queue[Key], freshness: Freshness, clock: Callable[[], float], silence: int
) -> kopf.OperatorRegistry:
    """Return the handlers, bound to the queue they fill; silence: a dead watch's seconds."""
    registry = kopf.OperatorRegistry()

    # Authentication is the Kubernetes client's: in a pod its service account, else a kubeconfig.
    kopf.on.login(registry=registry, id="login")(kopf.login_via_client)

    @kopf.on.startup(registry=registry, id="settings")
    async def started(settings: kopf.OperatorSettings, **_: Any) -> None:  # noqa: ANN401 - kopf's
        configure(settings, silence)

    @kopf.on.event(API_VERSION, PLURAL, registry=registry)
    async def comparison_changed(event: kopf.RawEvent, **_: Any) -> None:  # noqa: ANN401 - kopf's
        take(key_of_comparison(event["object"]), event)

    @kopf.on.event("batch", "v1", "jobs", registry=registry)
    async def job_changed(event: kopf.RawEvent, **_: Any) -> None:  # noqa: ANN401 - kopf's
        take(key_of_owner(event["object"]), event)

    @kopf.on.probe(registry=registry, id="watches")
    async def progress(**_: Any) -> str:  # noqa: ANN401 - kopf's
        complaint = freshness.complaint(clock())
        if complaint is not None:
            raise kopf.PermanentError(complaint)
        return "progress"

    def take(key: Key | None, event: kopf.RawEvent) -> None:
        if key is None:
            return
        uid = text_at(event["object"], "metadata", "uid") or ""
        version = text_at(event["object"], "metadata", "resourceVersion") or ""
        freshness.told(key, uid, version)
        queue.add(key, BURST)

    return registry


def key_of_comparison(item: object) -> Key | None:
    """Return the key of a comparison, or None when it has no name."""
    return _key(text_at(item, "metadata", "namespace"), text_at(item, "metadata", "name"))


def key_of_owner(item: object) -> Key | None:
    """Return the key of the comparison that controls a Job, or None when none does."""
    for reference in list_at(item, "metadata", "ownerReferences"):
        is_ours = text_at(reference, "kind") == KIND and at(reference, "controller") is True
        if is_ours and text_at(reference, "apiVersion") == API_VERSION:
            return _key(text_at(item, "metadata", "namespace"), text_at(reference, "name"))
    return None


def is_watched(item: object) -> bool:
    """Return whether the watch of Jobs, which goes by a label, tells of this one."""
    return mapping_at(item, "metadata", "labels").get(names.MANAGED_BY) == names.US


def _key(namespace: str | None, name: str | None) -> Key | None:
    return Key(namespace, name) if namespace and name else None
