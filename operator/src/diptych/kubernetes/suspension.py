"""When a comparison is suspended: not before the last of its pods has ended.

Its Jobs are deleted so that they stay until their pods are gone; Jobs that ended have none.
"""

from diptych.kubernetes import names
from diptych.kubernetes.counts import counted
from diptych.kubernetes.observed import Observed
from diptych.kubernetes.past import Past


def rest(observed: Observed) -> str:
    """Return what has yet to end, in words; nothing where nothing has."""
    going = [job for job in observed.children.all if job.is_open or job.is_deleted]
    there = {job.part.ordinal for job in going}
    # Somebody may have deleted a Job in the background: only its pods are there.
    alone = sum(pods for place, pods in observed.leftovers.items() if place not in there)
    pods = alone + sum(job.active + job.terminating for job in going)
    if pods:
        return f"{counted(pods, 'pod')} {'has' if pods < 2 else 'have'} yet to end"
    return "its Jobs are being deleted" if going else ""


def was_asked_for(past: Past) -> bool:
    """Return whether the status says that it is suspended, or about to be."""
    return past.reason(names.SUSPENDED) in (names.SUSPENDED, names.SUSPENDING)
