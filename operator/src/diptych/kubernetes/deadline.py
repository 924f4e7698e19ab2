"""activeDeadlineSeconds: the time in which a trial Job was there and not suspended.

It is kept in the status as the seconds of spans that are over and the beginning of the one under
way, so it survives the operator and costs a write only where a span begins or ends.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from diptych.kubernetes.jobs import Children
from diptych.kubernetes.past import Past


@dataclass(frozen=True)
class ActiveTime:
    """Seconds of the spans that are over, and the beginning of the one under way."""

    seconds: int
    since: datetime | None

    def at(self, now: datetime) -> float:
        """Return the seconds until now."""
        under_way = 0.0 if self.since is None else (now - self.since).total_seconds()
        return self.seconds + max(0.0, under_way)

    def ended(self, now: datetime) -> "ActiveTime":
        """Return the time with the span under way, if there is one, ended now."""
        return ActiveTime(round(self.at(now)), None)


def active_time(past: Past, children: Children, now: datetime, *, is_suspended: bool) -> ActiveTime:
    """Return the time so far, with a span begun or ended where Jobs are seen to run or not."""
    so_far = ActiveTime(past.active_seconds, past.active_since)
    # Jobs that are still there although they are to be deleted count no more.
    if is_suspended or past.is_trials_over:
        return so_far.ended(now)
    began = [
        # Kueue may hold a Job for days, so its creation says nothing; its start comes a bit late.
        job.started or now
        for jobs in children.trials.values()
        for job in jobs
        if job.is_open and not job.is_suspended
    ]
    if not began:
        return so_far.ended(now)
    return ActiveTime(so_far.seconds, so_far.since or min([*began, now]))


def remaining(limit: int | None, spent: ActiveTime, now: datetime) -> timedelta | None:
    """Return the time until the deadline, negative when it is over; None when there is none."""
    if limit is None:
        return None
    return timedelta(seconds=limit - spent.at(now))
