"""Pods of a round whose Job somebody deleted: the version's next round waits until they have ended.

A Job that the operator deletes stays until its pods are gone; one deleted in the background is gone
at once. A pod beside a newer one of the same trials would cost an attempt.
"""

from collections.abc import Container, Mapping, MutableMapping
from datetime import timedelta

from diptych.kubernetes import names
from diptych.kubernetes.counts import counted
from diptych.kubernetes.observed import Observed

#: No longer is waited, for pods of a lost node never say that they ended.
WAIT = timedelta(minutes=2)
#: Pods of a version that are counted.
MOST = 50


def suspects(observed: Observed) -> list[int]:
    """Return the versions without a Job of which pods of an earlier round may be there."""
    past = observed.comparison.past
    is_suspended = observed.accepted.resource.spec.suspend and past.holds(names.SUSPENDED)
    if is_suspended or observed.children.analysis is not None:
        return []
    return [
        ordinal
        for ordinal, version in enumerate(observed.accepted.plan.versions)
        if observed.children.current(ordinal) is None
        and not observed.is_committed(ordinal)
        and (observed.children.trials.get(ordinal) or past.jobs_of(version))
    ]


def waited_for(
    there: Mapping[int, int], since: MutableMapping[int, float], now: float
) -> dict[int, int]:
    """Return how many pods each version waits for; `since` keeps when it began to, by version."""
    for gone in since.keys() - there.keys():
        del since[gone]
    return {
        ordinal: pods
        for ordinal, pods in there.items()
        if now - since.setdefault(ordinal, now) < WAIT.total_seconds()
    }


def told(observed: Observed, waits_for: Container[int]) -> list[str]:
    """Return what is waited for, in words, a version each."""
    return [
        f"waiting for {_pods(observed.leftovers.get(ordinal, 0))} of version {version} to end"
        for ordinal, version in enumerate(observed.accepted.plan.versions)
        if ordinal in waits_for
    ]


def _pods(count: int) -> str:
    """Return how many pods there are; a Job that goes may be there a bit longer than they are.

    >>> _pods(0), _pods(1), _pods(3), _pods(MOST)
    ('pods', '1 pod', '3 pods', '50 pods or more')
    """
    if not count:
        return "pods"
    return counted(count, "pod") + (" or more" if count >= MOST else "")
