"""One look at the cluster: the comparison and its Jobs, fresh, and of pods only what is asked for.

Events of a watch say that something changed; what is, is read here. So a watch that is late, or
told twice, or lost an event, costs time and never a wrong decision.
"""

from collections.abc import Iterable
from typing import Any

from diptych.kubernetes import names, paths
from diptych.kubernetes.api import Api
from diptych.kubernetes.comparison import Comparison
from diptych.kubernetes.jobs import Children, Job, children_of
from diptych.kubernetes.looks import FEW, Look
from diptych.kubernetes.observed import Looked
from diptych.kubernetes.pods import Pod, Stall, pod_of, stall_of_event

Body = dict[str, Any]

#: Events of one object that are read; the API server keeps them for an hour.
_EVENTS = 20


async def jobs_of(api: Api, comparison: Comparison) -> list[Body]:
    """Return the Jobs that have the comparison's uid."""
    label = f"{names.UID}={comparison.uid}"
    return await api.list(paths.jobs(comparison.namespace), labelSelector=label)


def children(items: Iterable[Body], comparison: Comparison) -> Children:
    """Return the Jobs that the comparison controls."""
    return children_of(items, comparison.uid)


async def look(api: Api, namespace: str, looks: list[Look]) -> dict[str, Looked]:
    """Return what the looks saw, by the Job's uid."""
    seen: dict[str, Looked] = {}
    for each in looks:
        before = seen.get(each.job.uid, Looked())
        if each.phase is None:
            events = await _events(api, namespace, each.job.uid)
            seen[each.job.uid] = Looked(before.pods, (*before.events, *events))
            continue
        pods = await _pods(api, namespace, each.job, each.phase, each.limit)
        events = await _events_of_stuck(api, namespace, pods)
        seen[each.job.uid] = Looked((*before.pods, *pods), (*before.events, *events))
    return seen


async def _pods(api: Api, namespace: str, job: Job, phase: str, limit: int) -> list[Pod]:
    items = await api.list(
        paths.core(namespace, "pods"),
        limit=limit,
        labelSelector=f"{names.CONTROLLER_UID}={job.uid}",
        fieldSelector=f"status.phase={phase}",
    )
    return [pod_of(item) for item in items]


async def _events_of_stuck(api: Api, namespace: str, pods: list[Pod]) -> list[Stall]:
    """Return what Events say of a pod that has a node and still does not start."""
    stuck = [pod for pod in pods if pod.phase == "Pending" and pod.is_placed and not pod.stall]
    return await _events(api, namespace, stuck[0].uid) if stuck else []


async def _events(api: Api, namespace: str, uid: str) -> list[Stall]:
    """Return the warnings about an object that say why pods do not start, the newest first."""
    items = await api.list(
        paths.core(namespace, "events"),
        limit=_EVENTS,
        fieldSelector=f"involvedObject.uid={uid},type=Warning",
    )
    items.sort(key=lambda item: str(item.get("lastTimestamp") or ""), reverse=True)
    return [stall for item in items if (stall := stall_of_event(item)) is not None][:FEW]
