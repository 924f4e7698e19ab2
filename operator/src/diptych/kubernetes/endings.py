"""Comparisons that need no look at their Jobs: refused ones, and those at their end."""

import dataclasses
from datetime import datetime, timedelta

from diptych.api.raw import list_at, names_in, text_at
from diptych.kubernetes import conditions, names, stages, suspension
from diptych.kubernetes.comparison import Comparison, Refused
from diptych.kubernetes.conditions import rendered
from diptych.kubernetes.decision import NOTHING, Decision, Notice
from diptych.kubernetes.jobs import Children
from diptych.kubernetes.observed import Observed
from diptych.kubernetes.status import at_rest, framed, versions_shown


def refuse(comparison: Comparison, why: Refused, children: Children, now: datetime) -> Decision:
    """Return the end of a comparison that cannot be run: the status says why, nothing starts."""
    left = tuple(job for job in children.all if job.is_open)
    if left:
        # An older operator may have started what this one refuses. Before the end is written:
        # after it nobody looks at Jobs any more.
        return Decision(delete=left, look_again=timedelta(seconds=1))
    told = stages.refused(why.problems)
    frame = framed(comparison.generation, told, comparison.past, now)
    message = conditions.shortened("; ".join(why.problems), 1000)
    shown = {"display": {"versions": versions}} if (versions := _versions(comparison)) else {}
    return Decision(
        status={**at_rest(comparison.past, now), **shown, **frame},
        urgent=True,
        notices=(Notice("Warning", "Invalid", message),),
    )


def never_made(observed: Observed) -> Refused | None:
    """Return why no Job can ever be made; None where one may be, or was already.

    Of one that has begun the server took the same before: it may do so again.
    """
    if observed.children.all or observed.comparison.past.start_time is not None:
        return None
    for stall in observed.refusals:
        if stall.reason == names.CHILD_INVALID:
            words = " ".join(stall.message.split())
            return Refused((f"{words}; make a new comparison without that",))
    return None


def _versions(comparison: Comparison) -> str:
    """Return the versions as they were asked for, as far as they can be read."""
    found = [name for _, name in names_in(list_at(comparison.spec, "versions"))]
    if len(found) < 2:
        return ""
    baseline = text_at(comparison.spec, "baseline")
    return versions_shown(found, baseline if baseline in found else found[0])


def after_end(comparison: Comparison, children: Children, now: datetime) -> Decision:
    """Return what is left to do at the end: open Jobs to delete, an edit to acknowledge, to go."""
    left = tuple(job for job in children.all if job.is_open)
    return dataclasses.replace(_after_end(comparison, now), delete=left)


def _after_end(comparison: Comparison, now: datetime) -> Decision:
    past = comparison.past
    ttl = comparison.seconds_after_finished
    if ttl is not None and past.completion_time is not None:
        left = past.completion_time + timedelta(seconds=ttl) - now
        if left <= timedelta(0):
            return Decision(delete_comparison=True)
    else:
        left = None
    if past.raw.get("observedGeneration") == comparison.generation:
        return Decision(look_again=left) if left else NOTHING
    # `kubectl wait` does not believe a condition of an older generation.
    known = conditions.kept(past)
    if past.reason(names.SUSPENDED) in (names.RESUMED, names.RESUMING):
        told = suspension.why_not(comparison)
        known[names.SUSPENDED] = known[names.SUSPENDED]._replace(message=told)
    seen = rendered(known, past, comparison.generation, now)
    status = {
        **past.raw,
        "observedGeneration": comparison.generation,
        "conditions": seen,
    }
    return Decision(status=status, urgent=True, look_again=left)
