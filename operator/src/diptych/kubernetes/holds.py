"""Why trials or the analysis do not run, for a person: one reason, and a sentence a version."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from diptych.kubernetes import names, times
from diptych.kubernetes.jobs import Job
from diptych.kubernetes.observed import Looked, Observed
from diptych.kubernetes.pods import Pod, Stall, tells
from diptych_runner.contract import names as contract

#: Characters of somebody else's words that are shown.
MAX_WORDS = 600

#: What to do about it, where that is not in the words themselves.
_ADVICE = {
    names.IMAGE_PULL: "it is tried again by itself once the image is there",
    names.QUOTA_EXCEEDED: "it goes on by itself when the quota allows",
    names.NAME_TAKEN: "delete that object",
    # The Job controller waits 10 s after the first pod of an index, and never more than this.
    names.STORE_UNREACHABLE: "it is tried again by itself, after 10 minutes at the latest",
}
#: Failed pods after which a version is said to fail although one of its pods runs.
_FAILING = 3
#: Evictions of one block after which it is said that it is evicted: one or two may be a node's.
_EVICTED = 3
#: A pod that runs so much longer than the last that could not reach the store has reached it; a
#: pod that was cut off in the middle of its training is no measure beyond the second.
_LONGER = timedelta(seconds=30)
_LONG_ENOUGH = timedelta(minutes=5)
#: Reasons that stay until a pod does better.
_LASTING = (names.TRIALS_FAILING, names.ANALYSIS_FAILING)
_VERSION = "version "

#: Of the runner's progress a line, or what is left of one where the message begins.
_EVENT = re.compile(r'^(?:\{.*"event": ".*\}|.*"trial": "[^"]*"\})$', re.MULTILINE)


@dataclass(frozen=True)
class Hold:
    """What holds up the pods of one Job; whether any of them runs all the same."""

    who: str
    stall: Stall
    runs: bool

    @property
    def words(self) -> str:
        """Who is held up, and by what."""
        words = " ".join(self.stall.message.split())[:MAX_WORDS].rstrip(" .;")
        return f"{self.who}: {words or self.stall.reason}"

    @property
    def sentence(self) -> str:
        """The hold in a sentence, with what helps."""
        advice = self.stall.advice or _ADVICE.get(self.stall.reason)
        return self.words + (f"; {advice}" if advice else "")


def holds_of(observed: Observed) -> list[Hold]:
    """Return what holds up each Job that is open, those that nothing helps first."""
    if observed.comparison.past.is_trials_over:
        job = observed.children.analysis
        stalls = [(names.ANALYSIS, job, None if job is None else stall_of(job, observed))]
    else:
        stalls = [
            (f"{_VERSION}{name}", observed.children.current(place), _of_version(observed, place))
            for place, name in enumerate(observed.accepted.plan.versions)
        ]
    found = [
        Hold(who, stall, runs=job is not None and job.ready > 0)
        for who, job, stall in stalls
        if stall is not None
    ]
    found += [Hold("API server", stall, runs=False) for stall in observed.refusals]
    return sorted(found, key=lambda hold: hold.stall.reason in names.PASSING)


def told(holds: list[Hold]) -> str:
    """Return all holds in words; what several have in common is said once.

    >>> waits = Stall("Unschedulable", "0/1 nodes are available")
    >>> told([Hold("version a", waits, runs=False), Hold("version b", waits, runs=False)])
    'versions a and b: 0/1 nodes are available'
    """
    groups: dict[Stall, list[str]] = {}
    for hold in holds:
        groups.setdefault(hold.stall, []).append(hold.who)
    return " | ".join(
        Hold(_together(whos), stall, runs=False).sentence for stall, whos in groups.items()
    )


def _together(whos: list[str]) -> str:
    """Return several in words; only versions have a hold in common.

    >>> _together(["analysis"]), _together(["version a", "version b", "version c"])
    ('analysis', 'versions a, b and c')
    """
    if len(whos) < 2:
        return whos[0]
    *others, last = (who.removeprefix(_VERSION) for who in whos)
    return f"versions {', '.join(others)} and {last}"


def failing(observed: Observed) -> list[str]:
    """Return the Jobs whose pods fail: that is remembered until one of them does better."""
    stalls = [(job, stall_of(job, observed)) for job in observed.children.all]
    return [job.name for job, stall in stalls if stall is not None and stall.reason in _LASTING]


def foremost(holds: list[Hold], *, runs: bool) -> Hold | None:
    """Return the hold to show as the reason: a lack of room is none while something runs."""
    for hold in holds:
        if hold.stall.reason not in names.PASSING or not runs:
            return hold
    return None


def has_run(observed: Observed, ordinal: int) -> bool:
    """Return whether anything of a version was ever seen to run: then its image is there."""
    version, past = observed.accepted.plan.versions[ordinal], observed.comparison.past
    if past.image_that_ran(version) or past.committed_of(version):
        return True
    job = observed.children.current(ordinal)
    if job is None:
        return False
    pods = observed.looked.get(job.uid, Looked()).pods
    ran = any(pod.image_id or pod.exit_code is not None for pod in pods)
    return bool(job.ready or job.succeeded or ran)


def _of_version(observed: Observed, ordinal: int) -> Stall | None:
    """Return what holds a version up: what is seen now, or why it gave its room away."""
    job = observed.children.current(ordinal)
    now = None if job is None else stall_of(job, observed)
    way = observed.comparison.past.gave_way(observed.accepted.plan.versions[ordinal])
    if way is None or has_run(observed, ordinal) or observed.comparison.past.holds(names.SUSPENDED):
        return now
    if now is not None and now.reason not in names.PASSING:
        return now
    advice = (
        f"{way.job} was deleted, for others wait for the room of its pods, and the next is made at "
        f"{times.spelled(way.until)} or when no other has anything to run"
        if job is None
        else "its pods gave their room to others, and are tried again now"
    )
    return Stall(way.reason, way.message, advice)


def stall_of(job: Job, observed: Observed) -> Stall | None:
    """Return what holds up the pods of a Job that is open; None when nothing is seen to."""
    if not job.is_open:
        return None
    if job.is_suspended:
        queue = observed.accepted.resource.spec.queue_name
        words = f"the queue {queue} has no quota yet" if queue else "its Job is suspended"
        return Stall(names.QUEUED, words)
    looked = observed.looked.get(job.uid, Looked())
    was_failing = job.name in observed.comparison.past.failing_jobs
    ended = _told_by_ends(job, looked, was_failing=was_failing)
    if ended is not None or job.ready >= job.wanted:
        return ended
    waiting = [pod.stall for pod in looked.pods if pod.stall is not None]
    # A defect before a lack of room: the pods of a Job are alike, one tells for all.
    found = sorted([*waiting, *looked.events], key=lambda stall: stall.reason in names.PASSING)
    return next(iter(found), None)


def _told_by_ends(job: Job, looked: Looked, *, was_failing: bool) -> Stall | None:
    """Return what holds pods up by how others ended before them."""
    cut_off, failing = _cut_off(job, looked), _failing(job, looked, was_failing=was_failing)
    if cut_off is not None and (failing is None or _end(failing) <= _end(cut_off)):
        return Stall(names.STORE_UNREACHABLE, last_words(cut_off))
    if failing is not None:
        is_trial = job.part.ordinal is not None
        reason = names.TRIALS_FAILING if is_trial else names.ANALYSIS_FAILING
        return Stall(reason, last_words(failing))
    evicted = _evicted(job, looked)
    return None if evicted is None else Stall(names.EVICTED, last_words(evicted))


def _cut_off(job: Job, looked: Looked) -> Pod | None:
    """Return the last pod that could not reach the store, unless one has got through since.

    Of a block that is complete by now it tells nothing any more.
    """
    ends = [pod for pod in _tell(_ends(job, looked)) if _is_cut_off(pod)]
    if not ends or any(_got_through(pod, ends[-1]) for pod in looked.pods):
        return None
    return ends[-1]


def _got_through(pod: Pod, last: Pod) -> bool:
    if pod.phase == "Succeeded":
        return _end(pod) > _end(last)
    is_later = pod.began is not None and pod.began >= _end(last)
    return pod.phase == "Running" and is_later and pod.ran > min(last.ran + _LONGER, _LONG_ENOUGH)


def _failing(job: Job, looked: Looked, *, was_failing: bool) -> Pod | None:
    """Return the last pod that failed, where pods fail again and again before any succeeds.

    Once that is told it stays until a pod does better: the next one that runs has not done so yet,
    and a block may be complete because all that failed in it is committed as failed.
    """
    every = [pod for pod in _tell(looked.in_phase("Failed")) if not _is_cut_off(pod)]
    if not every or any(_does_better(pod, every) for pod in looked.pods):
        return None
    if was_failing:
        return every[-1]
    ends = [pod for pod in every if job.has_open(pod.index)]
    is_often = max(job.pods_failed, len(ends)) >= _FAILING
    return ends[-1] if ends and not job.succeeded and (job.ready == 0 or is_often) else None


def _does_better(pod: Pod, failed: list[Pod]) -> bool:
    """Return whether a later pod runs longer than any that failed, or did all without failing."""
    last = _end(failed[-1])
    if pod.phase == "Succeeded":
        return _end(pod) > last and all(pod.index != each.index for each in failed)
    longest = max(each.ran for each in failed)
    is_later = pod.began is not None and pod.began >= last
    return pod.phase == "Running" and is_later and pod.ran > longest + _LONGER


def _evicted(job: Job, looked: Looked) -> Pod | None:
    """Return the last pod of a block that is evicted again and again: the Job counts none."""
    ends = [pod for pod in _ends(job, looked) if pod.ending == names.EVICTED]
    often = Counter(pod.index for pod in ends)
    return next((pod for pod in reversed(ends) if often[pod.index] >= _EVICTED), None)


def _tell(ends: Iterable[Pod]) -> list[Pod]:
    """Return those that tell something about what was run in them, by their ends."""
    return sorted(filter(tells, ends), key=_end)


def _is_cut_off(pod: Pod) -> bool:
    return pod.exit_code == contract.EXIT_UNREACHABLE


def _ends(job: Job, looked: Looked) -> list[Pod]:
    """Return the failed pods of blocks that are still to be done, by their ends."""
    ends = [pod for pod in looked.in_phase("Failed") if job.has_open(pod.index)]
    return sorted(ends, key=_end)


def _end(pod: Pod) -> datetime:
    return pod.ended or times.LONG_AGO


def last_words(pod: Pod) -> str:
    """Return how a pod ended, and what it said but for the runner's events."""
    words = " ".join(_EVENT.sub("", pod.message).split())
    said = f", saying: {words[-MAX_WORDS:]}" if words else ""
    code = "without an exit code" if pod.exit_code is None else f"with exit code {pod.exit_code}"
    how = "never began" if pod.never_began else f"ended {code}"
    # "Error" and "Completed" say no more than the code does.
    why = f" ({pod.ending})" if pod.ending not in ("", "Error", "Completed") else ""
    return f"pod {pod.name} {how}{why}{said}"
