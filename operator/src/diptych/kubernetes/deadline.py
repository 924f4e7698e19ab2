"""activeDeadlineSeconds: the time in which trials were to run and nobody had suspended them.

Time without a Job counts too: what a quota or a webhook never lets begin must end all the same.
Time in which Kueue holds all of the Jobs does not. After the trials that time counts in which the
API server refuses the analysis' Job, or a queue holds it, or its pod cannot begin: a quota that is
never lifted, or a node that never comes, must not keep it from its end.

It is kept in the status as the seconds of spans that are over and the beginning of the one under
way, so it survives the operator and costs a write only where a span begins or ends.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from diptych.kubernetes import names
from diptych.kubernetes.holds import stall_of
from diptych.kubernetes.observed import Observed

#: An analysis that is kept back is waited for as long as trials may take, and at least so long: a
#: webhook that is away for minutes is no end.
_SHORTEST_WAIT = timedelta(hours=1)
#: What holds up an analysis whose pods do begin: the Job's own limits, or the store's, end that.
_BEGAN = (names.ANALYSIS_FAILING, names.STORE_UNREACHABLE, names.EVICTED)


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


def active_time(observed: Observed, now: datetime) -> ActiveTime:
    """Return the time so far, with a span begun or ended where trials may run or not."""
    past = observed.comparison.past
    so_far = ActiveTime(past.active_seconds, past.active_since)
    is_suspended = observed.accepted.resource.spec.suspend
    is_kept_back = _is_analysis_kept_back(observed)
    if is_kept_back:
        return ActiveTime(so_far.seconds, so_far.since or now)
    if is_kept_back is None:
        return so_far
    if is_suspended or past.is_trials_over or _are_all_held(observed):
        return so_far.ended(now)
    jobs = [job for version in observed.children.trials.values() for job in version if job.is_open]
    # Kueue may hold a Job for days, so its creation says nothing; its start is seen a bit late.
    began = [job.started or now for job in jobs if not job.is_suspended]
    return ActiveTime(so_far.seconds, so_far.since or min([*began, now]))


def _are_all_held(observed: Observed) -> bool:
    """Return whether a queue holds the Jobs of all versions that have anything to run."""
    jobs = [
        observed.children.current(ordinal)
        for ordinal in range(len(observed.accepted.images))
        if not observed.is_committed(ordinal)
    ]
    going = [job for job in jobs if job is None or job.is_open]
    return bool(going) and all(job is not None and job.is_suspended for job in going)


def kept_back_for_good(observed: Observed, now: datetime) -> timedelta | None:
    """Return how long nothing lets the analysis run, where that is to be the end."""
    since = observed.comparison.past.active_since
    limit = observed.accepted.resource.spec.active_deadline_seconds
    if limit is None or since is None or not _is_analysis_kept_back(observed):
        return None
    patience = max(timedelta(seconds=limit), _SHORTEST_WAIT)
    return patience if now - since >= patience else None


def _is_analysis_kept_back(observed: Observed) -> bool | None:
    """Return whether its Job is refused, or held by a queue, or its pod cannot begin.

    None where its pod does not run and this look did not see why: that proves no change.
    """
    if not observed.comparison.past.is_trials_over or observed.accepted.resource.spec.suspend:
        return False
    job = observed.children.analysis
    if job is not None and job.is_open:
        stall = stall_of(job, observed)
        if stall is None:
            return None if job.ready == 0 else False
        return stall.reason not in _BEGAN
    runs = any(each.is_open for each in observed.children.all)
    return bool(observed.refusals) and not runs


def remaining(limit: int | None, spent: ActiveTime, now: datetime) -> timedelta | None:
    """Return the time until the deadline, negative when it is over; None when there is none."""
    if limit is None:
        return None
    return timedelta(seconds=limit - spent.at(now))
