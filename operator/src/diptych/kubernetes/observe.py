"""One look at the cluster: the comparison and its Jobs, fresh, and of pods only what is asked for.

Events of a watch say that something changed; what is, is read here. So a watch that is late, or
told twice, or lost an event, costs time and never a wrong decision.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from diptych.api.raw import at, text_at
from diptych.api.storage import Storage
from diptych.kubernetes import names, paths, times
from diptych.kubernetes.api import Api
from diptych.kubernetes.comparison import Comparison
from diptych.kubernetes.jobs import Children, children_of, is_owned
from diptych.kubernetes.leftovers import MOST
from diptych.kubernetes.looks import FEW, Look, proofs
from diptych.kubernetes.observed import Looked
from diptych.kubernetes.pods import Pod, Stall, pod_of, stall_of_event, tells
from diptych.kubernetes.storage import begun_with

Body = dict[str, Any]

#: Events of one object that are read: far more than it gathers in the hour that the server keeps
#: them. They come by name, so those left out of a smaller number would often be the newest.
_EVENTS = 500
#: An older Event says nothing of now: what goes on is told again every five minutes.
_EVENTS_COUNT_FOR = timedelta(minutes=6)


async def storage_of(api: Api, comparison: Comparison) -> Storage | None:
    """Return the store that a comparison began with; None before, and where it is not written."""
    name = names.plan_name(comparison.name, comparison.uid)
    plan = await api.get(f"{paths.core(comparison.namespace, 'configmaps')}/{name}")
    if plan is None or not is_owned(plan, comparison.uid):
        return None
    return begun_with(text_at(plan, "data", names.STORAGE_KEY))


async def jobs_of(api: Api, comparison: Comparison) -> list[Body]:
    """Return the Jobs that have the comparison's uid, and the newest that its status names.

    Somebody may have edited the label of one that runs; another beside it would repeat its trials.
    """
    jobs = paths.jobs(comparison.namespace)
    found = await api.list(jobs, labelSelector=f"{names.UID}={comparison.uid}")
    there = {text_at(item, "metadata", "name") for item in found}
    for name in comparison.past.newest_jobs:
        item = None if name in there else await api.get(f"{jobs}/{name}")
        found += [] if item is None else [item]
    return found


def children(items: Iterable[Body], comparison: Comparison) -> Children:
    """Return the Jobs that the comparison controls."""
    return children_of(items, comparison.uid)


async def leftovers(api: Api, comparison: Comparison, ordinals: list[int]) -> dict[int, int]:
    """Return how many pods of these versions have not ended, of those that have any."""
    found = {}
    for ordinal in ordinals:
        pods = await api.list(
            paths.core(comparison.namespace, "pods"),
            limit=MOST,
            labelSelector=f"{names.UID}={comparison.uid},{names.VERSION}={ordinal}",
            fieldSelector="status.phase!=Succeeded,status.phase!=Failed",
        )
        if pods:
            found[ordinal] = len(pods)
    return found


async def look(api: Api, namespace: str, looks: list[Look], now: datetime) -> dict[str, Looked]:
    """Return what the looks saw, by the Job's uid; Events count that are fresh at `now`."""
    seen: dict[str, Looked] = {}
    waiting = list(looks)
    while waiting:
        each = waiting.pop(0)
        before = seen.get(each.job.uid, Looked())
        if each.phase is None:
            events = await _events(api, namespace, each.job.uid, now)
            seen[each.job.uid] = Looked(before.pods, (*before.events, *events))
            continue
        pods = await _pods(api, namespace, each, now)
        if each.phase == "Failed" and any(tells(pod) for pod in pods):
            waiting += [proof for proof in proofs(each.job) if proof not in waiting]
        events = await _events_of_stuck(api, namespace, pods, now)
        seen[each.job.uid] = Looked((*before.pods, *pods), (*before.events, *events))
    return seen


async def _pods(api: Api, namespace: str, each: Look, now: datetime) -> list[Pod]:
    labels = f"{names.CONTROLLER_UID}={each.job.uid}"
    if each.indexes:
        labels += f",{names.INDEX} in ({','.join(map(str, each.indexes))})"
    fields = f"status.phase={each.phase}"
    if each.is_placed is not None:
        fields += f",spec.nodeName{'!=' if each.is_placed else '='}"
    items = await api.list(
        paths.core(namespace, "pods"),
        limit=each.limit,
        labelSelector=labels,
        fieldSelector=fields,
    )
    # Whoever may make pods may give one this label, too.
    return [pod_of(item, now) for item in items if is_owned(item, each.job.uid)]


async def _events_of_stuck(api: Api, namespace: str, pods: list[Pod], now: datetime) -> list[Stall]:
    """Return what Events say of a pod that has a node and still does not start."""
    stuck = [pod for pod in pods if pod.phase == "Pending" and pod.is_placed and not pod.stall]
    return await _events(api, namespace, stuck[0].uid, now) if stuck else []


async def _events(api: Api, namespace: str, uid: str, now: datetime) -> list[Stall]:
    """Return the fresh warnings about an object that say why pods do not start, newest first."""
    items = await api.list(
        paths.core(namespace, "events"),
        limit=_EVENTS,
        fieldSelector=f"involvedObject.uid={uid},type=Warning",
    )
    told = [(_last_told(item), item) for item in items]
    fresh = [(when, item) for when, item in told if now - when < _EVENTS_COUNT_FOR]
    fresh.sort(key=lambda each: each[0], reverse=True)
    return [stall for _, item in fresh if (stall := stall_of_event(item)) is not None][:FEW]


def _last_told(event: Body) -> datetime:
    """Return when an Event was last told, in whichever of its forms; else long ago."""
    given = (
        at(event, "series", "lastObservedTime"),
        at(event, "lastTimestamp"),
        at(event, "eventTime"),
        at(event, "metadata", "creationTimestamp"),
    )
    return next((when for each in given if (when := times.parsed(each))), times.LONG_AGO)
