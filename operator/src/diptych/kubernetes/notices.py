"""Which Events tell a person what happened: one at each transition, none about progress."""

from collections.abc import Iterable, Mapping

from diptych.kubernetes import names
from diptych.kubernetes.conditions import TRUE, Now, shortened
from diptych.kubernetes.decision import Body, Notice
from diptych.kubernetes.jobs import Job
from diptych.kubernetes.past import Past

#: An Event's message has 1,024 characters.
_MAX_MESSAGE = 1000
#: Reasons of Finished=False that are told by other Events, or that are no news.
_QUIET = frozenset({names.STARTING, names.RUNNING, names.ANALYZING, names.SUSPENDED})


def notices_of(
    past: Past, conditions: Mapping[str, Now], create: Iterable[Body], delete: Iterable[Job]
) -> tuple[Notice, ...]:
    """Return the Events of a change from what was to what is."""
    found = [
        _of_condition(kind, conditions[kind])
        for kind in (names.ACCEPTED, names.SUSPENDED, names.TRIALS_COMPLETE, names.COMPARED)
        if _became_true(kind, past, conditions)
    ]
    if past.holds(names.SUSPENDED) and conditions[names.SUSPENDED].status != TRUE:
        found.append(Notice("Normal", "Resumed", conditions[names.SUSPENDED].message))
    made = [body["metadata"]["name"] for body in create if body["kind"] == "Job"]
    if made:
        found.append(Notice("Normal", names.JOBS_CREATED, "made " + ", ".join(made)))
    gone = [job.name for job in delete]
    if gone:
        found.append(Notice("Normal", names.JOBS_DELETED, "deleted " + ", ".join(gone)))
    found += _of_the_end(past, conditions)
    return tuple(
        Notice(each.type, each.reason, shortened(each.message, _MAX_MESSAGE)) for each in found
    )


def _of_the_end(past: Past, conditions: Mapping[str, Now]) -> list[Notice]:
    """Return the Event of what holds trials up, of the deadline, or of the end."""
    found = []
    over = conditions[names.TRIALS_COMPLETE]
    if over.reason == names.DEADLINE_EXCEEDED != past.reason(names.TRIALS_COMPLETE):
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


def _of_condition(kind: str, now: Now) -> Notice:
    return Notice("Normal", kind, now.message)
