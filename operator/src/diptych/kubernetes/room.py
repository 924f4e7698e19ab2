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
from diptych.kubernetes.pods import Stall

#: Time until the next round, twice as long after each, at most as long as a kubelet waits too.
_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(minutes=5)
_NO_IMAGE = frozenset({names.IMAGE_PULL, "InvalidImageName", "ErrImageNeverPull"})

GaveWays = Mapping[int, GaveWay]


def gave_way(observed: Observed, now: datetime) -> dict[int, GaveWay]:
    """Return what each version was held up by that gives way, now or since before.

    It is remembered until something of the version runs, so that its next round does not look as
    if nothing were known.
    """
    found = {}
    for ordinal, version in enumerate(observed.accepted.plan.versions):
        if has_run(observed, ordinal):
            continue
        before = observed.comparison.past.gave_way(version)
        job = observed.children.current(ordinal)
        if job is not None and (before is None or before.round < job.part.round):
            before = _gives_way(observed, ordinal, job, now) or before
        if before is not None:
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


def _gives_way(observed: Observed, ordinal: int, job: Job, now: datetime) -> GaveWay | None:
    # Seen a while ago is not enough: the image may be there by now, and the pods about to run.
    lacks = _image_that_lacks(observed, job) if observed.is_explained else None
    if lacks is None or not _is_waited_for(observed, ordinal):
        return None
    words = " ".join(lacks.message.split())[:MAX_WORDS]
    return GaveWay(job.name, lacks.reason, words, now + _wait_after(job.part.round))


def _image_that_lacks(observed: Observed, job: Job) -> Stall | None:
    """Return what a pod that has a node says about its image; None where none keeps room so."""
    if not job.is_open or job.is_suspended or job.ready:
        return None
    pods = observed.looked.get(job.uid, Looked()).in_phase("Pending")
    stalls = [pod.stall for pod in pods if pod.is_placed and pod.stall is not None]
    return next((stall for stall in stalls if stall.reason in _NO_IMAGE), None)


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


def _wait_after(number: int) -> timedelta:
    """Return how long after the end of a round the next is made.

    >>> [_wait_after(number).total_seconds() for number in (1, 2, 3, 4, 99)]
    [60.0, 120.0, 240.0, 300.0, 300.0]
    """
    doublings = min(number - 1, 9)
    wait: timedelta = _FIRST_WAIT * 2**doublings
    return min(wait, _LONGEST_WAIT)
