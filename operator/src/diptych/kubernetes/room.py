"""Room that pods without an image keep from others: their version gives way for a while.

A pod that was placed keeps its GPUs while it waits for its image. Where nothing of a version ever
ran and another version waits for room, its Job is deleted, and its next round is made some minutes
later; at once where no other version has anything to run. What must last between looks is in the
status.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from diptych.kubernetes import names
from diptych.kubernetes.holds import MAX_WORDS, has_run, stall_of
from diptych.kubernetes.jobs import Job
from diptych.kubernetes.observed import Looked, Observed
from diptych.kubernetes.past import GaveWay
from diptych.kubernetes.pods import Pod, Stall

#: Time until the next round: so many times as long as its pods kept their room, for others are to
#: have it most of the time, and at most as long as a kubelet waits too.
_TIMES_AS_LONG = 4
_SHORTEST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(minutes=5)
#: A new round's pods are looked at often for so long: they are to keep room for seconds, not more.
_NEW = timedelta(minutes=1)
_NO_IMAGE = frozenset({names.IMAGE_PULL, "InvalidImageName", "ErrImageNeverPull"})

GaveWays = Mapping[int, GaveWay]


def gave_way(observed: Observed, now: datetime) -> dict[int, GaveWay]:
    """Return what each version was held up by that gives way, now or since before.

    It is remembered until something of the version runs, so that its next round does not look as
    if nothing were known.
    """
    found = remembered(observed)
    for ordinal, job in _current(observed):
        before = found.get(ordinal)
        if not has_run(observed, ordinal) and (before is None or before.round < job.part.round):
            way = _gives_way(observed, ordinal, job, now)
            if way is not None:
                found[ordinal] = way
    return found


def remembered(observed: Observed) -> dict[int, GaveWay]:
    """Return what is written of versions that gave way: at the end it says why they never ran."""
    found = {}
    for ordinal, version in enumerate(observed.accepted.plan.versions):
        before = observed.comparison.past.gave_way(version)
        if before is not None and not has_run(observed, ordinal):
            found[ordinal] = before
    return found


def news(observed: Observed, ways: GaveWays) -> list[str]:
    """Return the Jobs of versions that give way, of which the status does not tell yet."""
    versions, past = observed.accepted.plan.versions, observed.comparison.past
    return [each.job for at, each in ways.items() if past.gave_way(versions[at]) != each]


def leaving(observed: Observed, ways: GaveWays) -> tuple[Job, ...]:
    """Return the Jobs to delete: open ones of the round that gives way, or of one before."""
    return tuple(
        job
        for ordinal, each in ways.items()
        for job in observed.children.trials.get(ordinal, ())
        if job.is_open and job.part.round <= each.round
    )


def is_out(observed: Observed, ways: GaveWays, ordinal: int, now: datetime) -> bool:
    """Return whether a version's next round is not due: it is too soon, and others have work."""
    return ordinal in ways and ways[ordinal].until > now and _has_others(observed, ordinal)


def is_tried(observed: Observed, now: datetime) -> bool:
    """Return whether a version that gave way before has a new round that does not run yet."""
    past = observed.comparison.past
    return any(
        past.gave_way(observed.accepted.plan.versions[ordinal]) is not None
        and job.is_open
        and not (job.ready or job.is_suspended)
        and now - (job.started or now) < _NEW
        for ordinal, job in _current(observed)
    )


def _gives_way(observed: Observed, ordinal: int, job: Job, now: datetime) -> GaveWay | None:
    # Seen a while ago is not enough: the image may be there by now, and the pods about to run.
    pods = _without_image(observed, job) if observed.is_explained else []
    if not pods or not _is_waited_for(observed, ordinal):
        return None
    lacks = pods[0][1]
    words = " ".join(lacks.message.split())[:MAX_WORDS]
    kept = max(now - (pod.taken or now) for pod, _ in pods)
    return GaveWay(job.name, lacks.reason, words, now + _wait_after(kept))


def _without_image(observed: Observed, job: Job) -> list[tuple[Pod, Stall]]:
    """Return the pods that have a node and no image, with what they say about it."""
    if not job.is_open or job.is_suspended or job.ready:
        return []
    pods = observed.looked.get(job.uid, Looked()).in_phase("Pending")
    stalls = [(pod, pod.stall) for pod in pods if pod.is_placed and pod.stall is not None]
    return [(pod, stall) for pod, stall in stalls if stall.reason in _NO_IMAGE]


def _is_waited_for(observed: Observed, ordinal: int) -> bool:
    """Return whether another version lacks room."""
    others = [job for place, job in _current(observed) if place != ordinal]
    stalls = [stall_of(job, observed) for job in others]
    return any(stall is not None and stall.reason in names.PASSING for stall in stalls)


def _has_others(observed: Observed, ordinal: int) -> bool:
    return any(job.is_open for place, job in _current(observed) if place != ordinal)


def _current(observed: Observed) -> list[tuple[int, Job]]:
    places = range(len(observed.accepted.plan.versions))
    found = [(place, observed.children.current(place)) for place in places]
    return [(place, job) for place, job in found if job is not None]


def _wait_after(kept: timedelta) -> timedelta:
    """Return how long the next round waits after one that kept room for so long.

    >>> [_wait_after(timedelta(seconds=kept)).total_seconds() for kept in (2, 15, 40, 75, 900)]
    [60.0, 60.0, 160.0, 300.0, 300.0]
    """
    return max(_SHORTEST_WAIT, min(kept * _TIMES_AS_LONG, _LONGEST_WAIT))
