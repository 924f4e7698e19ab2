"""Which Events tell a person what happened: one at each transition, none about progress.

Each follows from the difference between the status and what is, so that one which a pass could
not post before it was cut off is told by the next.
"""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from diptych.kubernetes import names, suspension
from diptych.kubernetes.conditions import TRUE, Now, shortened
from diptych.kubernetes.decision import Notice
from diptych.kubernetes.jobs import Job
from diptych.kubernetes.past import Past

#: An Event's message has 1,024 characters.
_MAX_MESSAGE = 1000
#: Reasons of Finished=False that are told by other Events, or that are no news.
_QUIET = frozenset(
    {names.STARTING, names.RUNNING, names.ANALYZING, names.SUSPENDED, names.SUSPENDING}
)


@dataclass(frozen=True)
class News:
    """What a pass does or sees for the first time, besides what the conditions say.

    Jobs made, deleted by somebody else, to be deleted, giving way; sentences about images.
    """

    made: Iterable[str]
    missing: Iterable[str]
    delete: Iterable[Job]
    gave_way: Iterable[str]
    images: Iterable[str]


def notices_of(past: Past, conditions: Mapping[str, Now], news: News) -> tuple[Notice, ...]:
    """Return the Events of a change from what was to what is."""
    found = [
        _of_condition(kind, conditions[kind])
        for kind in (names.ACCEPTED, names.SUSPENDED, names.TRIALS_COMPLETE, names.COMPARED)
        if _became_true(kind, past, conditions) and not _is_told_by_the_end(kind, conditions)
    ]
    suspended = conditions[names.SUSPENDED]
    was_asked_for = suspension.was_asked_for(past)
    goes_on = conditions[names.FINISHED].status != TRUE
    if goes_on and was_asked_for and suspended.reason in (names.RESUMED, names.RESUMING):
        found.append(Notice("Normal", names.RESUMED_AGAIN, suspended.message))
    found += [
        Notice(
            "Warning", names.JOB_MISSING, f"{job} is gone, and the operator did not delete it", job
        )
        for job in news.missing
    ]
    found += _made(news.made)
    going = [job.name for job in news.delete]
    # Once, though they are there until a later pass deletes them.
    if going and (
        (suspended.reason == names.SUSPENDING and not was_asked_for)
        or _became_late(past, conditions)
        or conditions[names.FINISHED].status == TRUE
    ):
        found.append(Notice("Normal", names.DELETING_JOBS, "deleting " + ", ".join(going)))
    found += [
        Notice(
            *("Normal", names.DELETING_JOBS),
            f"deleting {job}: its pods have no image, and others wait for their room",
            about=job,
        )
        for job in news.gave_way
    ]
    if moved := "; ".join(news.images):
        found.append(Notice("Warning", names.IMAGE_CHANGED, moved))
    found += _of_the_end(past, conditions)
    return tuple(
        dataclasses.replace(each, message=shortened(each.message, _MAX_MESSAGE)) for each in found
    )


def _made(jobs: Iterable[str]) -> Iterator[Notice]:
    """Return an Event for the trials of each round, and for each round of the analysis."""
    rounds: dict[str, list[str]] = {}
    for job in jobs:
        part = names.part_of(job)
        if part is not None:
            what = names.ANALYSIS if part.ordinal is None else ""
            rounds.setdefault(f"{what}{part.round}", []).append(job)
    for about, made in rounds.items():
        yield Notice("Normal", names.JOBS_CREATED, "made " + ", ".join(made), about)


def _of_the_end(past: Past, conditions: Mapping[str, Now]) -> list[Notice]:
    """Return the Event of what holds trials up, of the deadline, or of the end."""
    found = []
    if _became_late(past, conditions):
        over = conditions[names.TRIALS_COMPLETE]
        found.append(Notice("Warning", over.reason, over.message))
    finished = conditions[names.FINISHED]
    if finished.status == TRUE:
        well = conditions[names.SUCCEEDED].status == TRUE
        found.append(Notice("Normal" if well else "Warning", names.FINISHED, finished.message))
    elif finished.reason not in (past.reason(names.FINISHED), *_QUIET):
        is_passing = finished.reason in names.PASSING
        found.append(
            Notice("Normal" if is_passing else "Warning", finished.reason, finished.message)
        )
    return found


def _became_true(kind: str, past: Past, conditions: Mapping[str, Now]) -> bool:
    return conditions[kind].status == TRUE and not past.holds(kind)


def _is_told_by_the_end(kind: str, conditions: Mapping[str, Now]) -> bool:
    """Return whether the Event of the end has the same words: what failed says why only once."""
    return kind == names.COMPARED and conditions[kind].message == conditions[names.FINISHED].message


def _became_late(past: Past, conditions: Mapping[str, Now]) -> bool:
    kind, late = names.TRIALS_COMPLETE, names.DEADLINE_EXCEEDED
    return conditions[kind].reason == late != past.reason(kind)


def _of_condition(kind: str, now: Now) -> Notice:
    return Notice("Normal", kind, now.message)
