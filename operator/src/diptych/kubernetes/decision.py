"""What is to be done about a comparison: values that `apply` carries out, in this order."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from diptych.kubernetes.jobs import Job

Body = dict[str, Any]


@dataclass(frozen=True)
class Notice:
    """An Event to post about the comparison, when its status is written.

    `about` tells it from another of the same reason that may end the same status.
    """

    type: str
    reason: str
    message: str
    about: str = ""


@dataclass(frozen=True)
class Decision:
    """Children to make, the status to write, Events to post, Jobs to delete, when to look again.

    `status` is None when nothing of it changed; `urgent` says that a condition changed, so that
    it is written at once. `delete_comparison` is the end of a finished one.
    """

    create: tuple[Body, ...] = ()
    status: Body | None = None
    urgent: bool = False
    notices: tuple[Notice, ...] = ()
    delete: tuple[Job, ...] = ()
    delete_comparison: bool = False
    look_again: timedelta | None = None


NOTHING = Decision()
