"""From what was observed to what is done about it: pure, so that every case is a table row.

Each pass decides anew from the cluster as it is; nothing is remembered between passes but what
the status says. So a pass that was cut off anywhere is made good by the next.
"""

import dataclasses
from collections.abc import Container, Iterable
from datetime import datetime, timedelta

from diptych.kubernetes import (
    deadline,
    images,
    job_objects,
    names,
    outage,
    room,
    rounds,
    suspension,
)
from diptych.kubernetes.conditions import Now
from diptych.kubernetes.configuration import Configuration
from diptych.kubernetes.counts import counts_of
from diptych.kubernetes.decision import NOTHING, Body, Decision
from diptych.kubernetes.holds import failing, holds_of
from diptych.kubernetes.jobs import Job
from diptych.kubernetes.notices import News, notices_of
from diptych.kubernetes.observed import Observed
from diptych.kubernetes.past import Past
from diptych.kubernetes.results import Result, result_of
from diptych.kubernetes.stages import Stage, conditions_of
from diptych.kubernetes.status import Facts, status_of

#: Between two looks at what holds trials up; a person is told within a minute.
EXPLAIN_AFTER = timedelta(seconds=15)
#: The same while pods of a version that gave way are tried again, and others wait for their room.
_TRY_AFTER = timedelta(seconds=2)
#: Between two looks at a comparison of which no event came: a watch may have missed one.
RESYNC_AFTER = timedelta(minutes=5)
#: Before it is seen whether what was deleted is gone, should no watch tell it sooner.
GONE_AFTER = timedelta(seconds=1)
#: Before a child that the API server refused is tried again.
RETRY_REFUSED_AFTER = timedelta(seconds=30)


def decide(observed: Observed, configuration: Configuration, now: datetime) -> Decision:
    """Return what is to be done about a comparison that was accepted and is not finished."""
    comparison = observed.comparison
    if comparison.is_deleted or comparison.past.is_finished:
        return NOTHING
    spent = deadline.active_time(observed, now)
    limit = observed.accepted.resource.spec.active_deadline_seconds
    left = deadline.remaining(limit, spent, now)
    away_since = outage.away_since(comparison.past, holds_of(observed), now)
    is_away_too_long = outage.is_too_long(away_since, configuration.store_patience, now)
    stage = _stage(observed, left)
    stage = dataclasses.replace(
        stage,
        is_given_up=is_away_too_long and not stage.is_suspended,
        kept_back_for=deadline.kept_back_for_good(observed, now),
    )
    goes_on = not (stage.is_suspended or stage.is_final or stage.are_trials_over)
    ways = room.gave_way(observed, now) if goes_on else {}
    out = {at: way for at, way in ways.items() if room.is_out(observed, ways, at, now)}
    # What the server refuses is not made, named or told, or each pass would change the status.
    ending = observed.children.ending(now) | observed.leftovers.keys()
    stage = dataclasses.replace(stage, waits_for=_waited_for(observed, stage, out, ending))
    again_at = stage.result.again_at if stage.result else None
    waits = [again_at - now] if again_at is not None and now < again_at else []
    is_kept = bool(observed.refusals or waits)
    create = () if is_kept else _creations(observed, configuration, stage, out, ending)
    parts = [part for body in create if (part := names.part_of(body["metadata"]["name"]))]
    is_resuming = suspension.is_resuming(observed, parts) and not stage.is_final
    stage = dataclasses.replace(stage, is_resuming=is_resuming)
    made = rounds.unwritten(observed, create)
    delete = _deletions(observed, stage) or room.leaving(observed, ways)
    ran = images.ran(observed)
    conditions = conditions_of(observed, stage, images.remarks(observed, ran))
    news = room.news(observed, ways)
    moved = images.news(observed, ran)
    facts = Facts(
        counts=counts_of(observed),
        spent=spent.ended(now) if stage.is_final or _are_over_now(observed, stage) else spent,
        images=ran,
        away_since=away_since,
        made=create,
        failing=() if stage.is_suspended or stage.is_final else failing(observed),
        gave_way=room.remembered(observed) if stage.are_trials_over else ways,
        digest=stage.result.digest if stage.result else None,
    )
    status = status_of(observed, conditions, facts, now)
    return Decision(
        create=create,
        status=status if status != comparison.past.raw else None,
        # A version that gives way does so by what is seen now, and not at a later look; nor is the
        # image of a pod seen again. What is deleted waits for the status.
        urgent=bool(create or delete or news or moved) or is_urgent(comparison.past, conditions),
        notices=notices_of(
            comparison.past,
            conditions,
            News(made, rounds.missing(observed, made), delete, gave_way=news, images=moved),
        ),
        delete=delete,
        look_again=_look_again(
            *(observed, stage, left),
            [*waits, *(way.until - now for way in out.values())],
            is_ending=bool(ending) or (stage.is_suspended and bool(delete)),
            explain=explain_after(observed, now),
        ),
    )


def _are_over_now(observed: Observed, stage: Stage) -> bool:
    return stage.are_trials_over and not observed.comparison.past.is_trials_over


def explain_after(observed: Observed, now: datetime) -> timedelta:
    """Return the time between two looks at what holds trials up."""
    return _TRY_AFTER if room.is_tried(observed, now) else EXPLAIN_AFTER


def is_urgent(past: Past, conditions: dict[str, Now]) -> bool:
    """Return whether a condition changed its status, which is never kept waiting."""
    return any(
        kind not in past.conditions or past.conditions[kind].status != now.status
        for kind, now in conditions.items()
    )


def _stage(observed: Observed, left: timedelta | None) -> Stage:
    comparison, children = observed.comparison, observed.children
    is_late = left is not None and left <= timedelta(0)
    was_late = comparison.past.reason(names.TRIALS_COMPLETE) == names.DEADLINE_EXCEEDED
    ended = all(
        observed.is_committed(place) if job is None else job.ended is not None
        for place in range(len(observed.accepted.images))
        for job in [children.current(place)]
    )
    has_ended = comparison.past.holds(names.TRIALS_COMPLETE) or (ended and not was_late)
    is_over = has_ended or was_late or is_late
    result = result_of(observed) if is_over else None
    return Stage(
        is_suspended=observed.accepted.resource.spec.suspend and not _is_final(result),
        are_trials_complete=has_ended,
        is_late=(was_late or is_late) and not has_ended,
        result=result,
    )


def _is_final(result: Result | None) -> bool:
    return result is not None and not result.may_try_again


def _creations(
    observed: Observed,
    configuration: Configuration,
    stage: Stage,
    out: Container[int],
    ending: set[int],
) -> tuple[Body, ...]:
    """Return the children to make: the plan first, for pods wait for it; out: not these yet."""
    comparison, accepted = observed.comparison, observed.accepted
    if stage.is_suspended or stage.is_final:
        return ()
    plan = job_objects.plan_map(comparison, accepted)
    # Somebody may have deleted the plan that pods wait for.
    lacking = any(hold.stall.reason == names.FAILED_MOUNT for hold in holds_of(observed))
    if stage.are_trials_over:
        if ending or _late_trials(observed, stage):
            # What they commit until they are gone would be in no verdict.
            return (plan,) if lacking else ()
        if stage.result is None and observed.children.analysis is not None:
            return (plan,) if lacking else ()
        part = rounds.next_analysis(observed)
        jobs = [job_objects.analysis_job(comparison, accepted, configuration, part)]
    else:
        # An attempt that has not been withdrawn yet counts as one that was killed.
        missing = [
            part
            for part in rounds.missing_trials(observed)
            if part.ordinal not in out and part.ordinal not in ending
        ]
        jobs = [
            job_objects.trial_job(comparison, accepted, configuration, part) for part in missing
        ]
    return (plan, *jobs) if jobs or lacking else ()


def _waited_for(
    observed: Observed, stage: Stage, out: Container[int], ending: set[int]
) -> frozenset[int]:
    """Return the versions whose pods must end before anything is made."""
    if stage.are_trials_over:
        return frozenset(ending) if observed.children.analysis is None else frozenset()
    next_ones = {part.ordinal for part in rounds.missing_trials(observed)}
    return frozenset(each for each in ending if each in next_ones and each not in out)


def _deletions(observed: Observed, stage: Stage) -> tuple[Job, ...]:
    """Return the Jobs to delete: open ones when suspended or given up, open trials when late."""
    if stage.is_suspended or stage.is_given_up or stage.kept_back_for is not None:
        return tuple(job for job in observed.children.all if job.is_open)
    return _late_trials(observed, stage)


def _late_trials(observed: Observed, stage: Stage) -> tuple[Job, ...]:
    """Return the trials' Jobs that still run although their time is over."""
    if not stage.is_late:
        return ()
    return tuple(job for jobs in observed.children.trials.values() for job in jobs if job.is_open)


def _look_again(
    observed: Observed,
    stage: Stage,
    left: timedelta | None,
    others: Iterable[timedelta],
    *,
    is_ending: bool,
    explain: timedelta,
) -> timedelta | None:
    if stage.is_final:
        return None
    if observed.refusals:
        return RETRY_REFUSED_AFTER
    waits = [RESYNC_AFTER, *others]
    if is_ending or _late_trials(observed, stage):
        waits.append(GONE_AFTER)
    if left is not None and not stage.are_trials_over:
        waits.append(max(left, timedelta(seconds=1)))
    # Something changed, or this look would not be: what it means for the pods is seen at the next.
    if not stage.is_suspended and (_may_be_held(observed) or not observed.is_explained):
        waits.append(explain)
    return min(waits)


def _may_be_held(observed: Observed) -> bool:
    """Return whether a Job lacks pods or the store, or a version's image is not known yet."""
    written = observed.comparison.past.versions
    has_images = all(
        written.get(version, {}).get("imageID") for version in observed.accepted.plan.versions
    )
    opened = [job for job in observed.children.all if job.is_open]
    lacks_pods = any(job.ready < job.wanted for job in opened)
    return not opened or not has_images or lacks_pods or bool(holds_of(observed))
