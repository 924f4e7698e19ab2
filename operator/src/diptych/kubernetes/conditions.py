"""Conditions: all seven from the first sight on, each with the generation it was seen for.

A condition's time changes when its status does, not when only its words do.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from diptych.kubernetes import names, times
from diptych.kubernetes.past import Past

TRUE, FALSE, UNKNOWN = "True", "False", "Unknown"
#: The schema's limits; what is longer is cut here and not refused there.
_MAX_REASON = 128
_MAX_MESSAGE = 4096
#: Reasons of Finished=False that are the state of the whole.
PHASES = (names.SUSPENDING, names.SUSPENDED, names.QUEUED, names.ANALYZING, names.RUNNING)


class Now(NamedTuple):
    """What a condition is from now on."""

    status: str
    reason: str
    message: str


def rendered(
    conditions: Mapping[str, Now], past: Past, generation: int, moment: datetime
) -> list[dict[str, Any]]:
    """Return the list for the status, in the order of names.CONDITIONS."""
    return [
        {
            "type": kind,
            "status": now.status,
            "reason": now.reason[:_MAX_REASON],
            "message": shortened(now.message, _MAX_MESSAGE),
            "lastTransitionTime": times.spelled(_since(kind, now, past, moment)),
            "observedGeneration": generation,
        }
        for kind in names.CONDITIONS
        if (now := conditions.get(kind)) is not None
    ]


def kept(past: Past) -> dict[str, Now]:
    """Return the conditions as they were."""
    return {kind: Now(old.status, old.reason, old.message) for kind, old in past.conditions.items()}


def phase_of(conditions: Mapping[str, Now], *, has_begun: bool = False) -> str:
    """Return the state in one word, as it follows from the conditions and the counts."""
    finished = conditions[names.FINISHED]
    if finished.status == TRUE:
        ended_well = conditions[names.SUCCEEDED].status == TRUE
        return names.SUCCEEDED if ended_well else names.FAILED
    if finished.reason in PHASES:
        return finished.reason
    over = conditions[names.TRIALS_COMPLETE]
    if over.status == TRUE or over.reason == names.DEADLINE_EXCEEDED:
        return names.ANALYZING
    # What holds up one version, or came later, is no state of the whole.
    return names.RUNNING if has_begun else names.PENDING


def shortened(text: str, limit: int) -> str:
    """Return a text of at most so many characters, with a mark where it was cut."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _since(kind: str, now: Now, past: Past, moment: datetime) -> datetime:
    old = past.conditions.get(kind)
    if old is None or old.status != now.status or old.since is None:
        return moment
    return old.since
