"""The status as a whole: what was, with what is known now put over it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from diptych.api.raw import mapping_at
from diptych.kubernetes import conditions as each_condition
from diptych.kubernetes import names, times
from diptych.kubernetes.conditions import TRUE, Now
from diptych.kubernetes.counts import Counts
from diptych.kubernetes.deadline import ActiveTime
from diptych.kubernetes.digest import Digest
from diptych.kubernetes.images import Ran
from diptych.kubernetes.observed import Observed
from diptych.kubernetes.past import GaveWay, Past

Body = dict[str, Any]

#: Names of Jobs that are kept of a version, as the schema allows.
_MAX_JOBS = 32


@dataclass(frozen=True)
class Facts:
    """What the status tells besides conditions: counts, time, images, children made, the result."""

    counts: Counts
    spent: ActiveTime
    images: Ran
    away_since: datetime | None = None
    made: Sequence[Body] = ()
    #: Names of the Jobs whose pods fail, until one does better.
    failing: Sequence[str] = ()
    #: Versions that gave their pods' room to others, by their places.
    gave_way: Mapping[int, GaveWay] = field(default_factory=dict)
    digest: Digest | None = None


def status_of(
    observed: Observed, conditions: Mapping[str, Now], facts: Facts, now: datetime
) -> Body:
    """Return the status of a comparison that was accepted."""
    past, plan, counts = observed.comparison.past, observed.accepted.plan, facts.counts
    started = past.start_time or (now if facts.made or observed.children.all else None)
    status: Body = {
        **past.raw,
        **framed(observed.comparison.generation, conditions, past, now),
        "phase": each_condition.phase_of(
            conditions, has_begun=counts.active > 0 or counts.committed_in_all > 0
        ),
        "display": {
            "versions": versions_shown(plan.versions, plan.document["analysis"]["baseline"]),
            "trials": f"{counts.committed_in_all}/{counts.total}",
        },
        "trials": {
            "total": counts.total,
            "committed": counts.committed_in_all,
            "active": 0 if conditions[names.FINISHED].status == TRUE else counts.active,
        },
        "versions": _versions(observed, facts),
        "activeTime": _active_time(facts.spent),
    }
    if facts.away_since is None:
        status.pop("storeUnreachableSince", None)
    else:
        status["storeUnreachableSince"] = times.spelled(facts.away_since)
    status.pop("failingJobs", None)
    if facts.failing:
        status["failingJobs"] = list(facts.failing)
    if analyses := _analysis_jobs(observed, facts):
        status["analysisJobs"] = analyses
    if started is not None:
        status["startTime"] = times.spelled(started)
    if facts.digest is not None:
        status |= facts.digest.as_status()
        read = facts.digest.summary.trials
        status["trials"] |= {
            "committed": read.committed,
            "succeeded": read.succeeded,
            "failed": read.failed,
        }
        status["display"]["trials"] = f"{read.committed}/{counts.total}"
    return status


def framed(generation: int, conditions: Mapping[str, Now], past: Past, now: datetime) -> Body:
    """Return what every status has: generation, phase, conditions, and the end if it is one."""
    frame: Body = {
        "observedGeneration": generation,
        "phase": each_condition.phase_of(conditions),
        "conditions": each_condition.rendered(conditions, past, generation, now),
    }
    if conditions[names.FINISHED].status == TRUE:
        frame["completionTime"] = times.spelled(past.completion_time or now)
    return frame


def at_rest(past: Past, now: datetime) -> Body:
    """Return what was written, as it is when nothing of it runs any more."""
    status: Body = dict(past.raw)
    status.pop("failingJobs", None)
    if trials := mapping_at(status, "trials"):
        status["trials"] = {**trials, "active": 0}
    if past.active_since is not None:
        spent = ActiveTime(past.active_seconds, past.active_since)
        status["activeTime"] = _active_time(spent.ended(now))
    return status


def versions_shown(versions: Sequence[str], baseline: str) -> str:
    """Return the versions in one line, the baseline first.

    >>> versions_shown(["2.4.0", "2.1.0", "2.8.0"], "2.1.0")
    '2.1.0 → 2.4.0, 2.8.0'
    """
    others = ", ".join(version for version in versions if version != baseline)
    return each_condition.shortened(f"{baseline} → {others}", 250)


def _versions(observed: Observed, facts: Facts) -> list[Body]:
    past, entries = observed.comparison.past, []
    for ordinal, version in enumerate(observed.accepted.plan.versions):
        there = [job.name for job in observed.children.trials.get(ordinal, ())]
        new = _made(facts, names.VERSION, str(ordinal))
        ran = list(facts.images[ordinal])
        entry: Body = {
            "name": version,
            "image": observed.accepted.images[ordinal],
            "imageID": next(iter(ran), None),
            "otherImageIDs": ran[1:],
            "committed": _committed(observed, facts, ordinal),
            "jobs": _newest([*past.jobs_of(version), *there, *new]),
            "gaveWay": _gave_way(facts.gave_way.get(ordinal)),
        }
        entries.append({key: value for key, value in entry.items() if value not in (None, [])})
    return entries


def _committed(observed: Observed, facts: Facts, ordinal: int) -> int:
    """Return a version's committed trials: those that the analysis read, as of all of them."""
    plan, read = observed.accepted.plan, None
    if facts.digest is not None:
        read = facts.digest.committed_of(plan.versions[ordinal], plan.trials_per_version)
    return facts.counts.committed[ordinal] if read is None else read


def _gave_way(way: GaveWay | None) -> Body | None:
    if way is None:
        return None
    until = times.spelled(way.until)
    return {"job": way.job, "reason": way.reason, "message": way.message, "until": until}


def _analysis_jobs(observed: Observed, facts: Facts) -> list[str]:
    there = [job.name for job in observed.children.analyses]
    new = _made(facts, names.COMPONENT, names.ANALYSIS)
    return _newest([*observed.comparison.past.analysis_jobs, *there, *new])


def _made(facts: Facts, label: str, value: str) -> list[str]:
    """Return the names of what was made just now with a label."""
    return [
        body["metadata"]["name"]
        for body in facts.made
        if body["metadata"]["labels"].get(label) == value
    ]


def _newest(jobs: Sequence[str]) -> list[str]:
    """Return the Jobs once each, by round, as many as the schema allows."""
    return sorted(dict.fromkeys(jobs), key=_round)[-_MAX_JOBS:]


def _round(job: str) -> int:
    part = names.part_of(job)
    return 0 if part is None else part.round


def _active_time(spent: ActiveTime) -> Body:
    since = {} if spent.since is None else {"since": times.spelled(spent.since)}
    return {"seconds": spent.seconds, **since}
