"""When a comparison is suspended: not before the last of its pods has ended.

Its Jobs are deleted so that they stay until their pods are gone; Jobs that ended have none.
"""

from collections.abc import Collection

from diptych.kubernetes import names, rounds
from diptych.kubernetes.comparison import Comparison
from diptych.kubernetes.counts import counted
from diptych.kubernetes.names import Part
from diptych.kubernetes.observed import Looked, Observed
from diptych.kubernetes.past import Past


def rest(observed: Observed) -> str:
    """Return what has yet to end, in words; nothing where nothing has."""
    going = [job for job in observed.children.all if job.is_open or job.is_deleted]
    there = {job.part.ordinal for job in going}
    # Somebody may have deleted a Job in the background: only its pods are there.
    alone = sum(pods for place, pods in observed.leftovers.items() if place not in there)
    pods = alone + sum(job.active + job.terminating for job in going)
    if pods:
        words = f"{counted(pods, 'pod')} {'has' if pods < 2 else 'have'} yet to end"
        looked = [observed.looked.get(job.uid, Looked()) for job in going]
        stalls = [pod.stall for each in looked for pod in each.pods if pod.stall is not None]
        stuck = next((stall for stall in stalls if stall.reason == names.POD_STUCK), None)
        return f"{words}; {stuck.message}; {stuck.advice}" if stuck else words
    return "its Jobs are being deleted" if going else ""


def is_resuming(observed: Observed, made: Collection[Part]) -> bool:
    """Return whether it was suspended, and what was deleted then has not all been made again."""
    past = observed.comparison.past
    if not was_asked_for(past) and past.reason(names.SUSPENDED) != names.RESUMING:
        return False
    if past.is_trials_over:
        return observed.children.analysis is None and not made
    return any(part not in made for part in rounds.missing_trials(observed))


def why_not(comparison: Comparison) -> str:
    """Return why a comparison is not suspended; asked for at its end, that is too late."""
    if comparison.spec.get("suspend") is True:
        return "spec.suspend has no effect: it has ended"
    return "spec.suspend is false"


def was_asked_for(past: Past) -> bool:
    """Return whether the status says that it is suspended, or about to be."""
    return past.reason(names.SUSPENDED) in (names.SUSPENDED, names.SUSPENDING)
