"""Why trials or the analysis do not run, for a person: one reason, and a sentence a version."""

from dataclasses import dataclass

from diptych.kubernetes import names
from diptych.kubernetes.jobs import Job
from diptych.kubernetes.observed import Looked, Observed
from diptych.kubernetes.pods import Pod, Stall
from diptych_runner.contract import names as contract

#: Characters of somebody else's words that are shown.
MAX_WORDS = 600

#: What to do about it, where that is not in the words themselves.
_ADVICE = {
    names.IMAGE_PULL: "it is tried again by itself once the image is there",
    names.QUOTA_EXCEEDED: "it goes on by itself when the quota allows",
    names.NAME_TAKEN: "delete that object",
}
#: Failed pods after which a version is said to fail although one of its pods runs.
_FAILING = 3


@dataclass(frozen=True)
class Hold:
    """What holds up the pods of one Job; whether any of them runs all the same."""

    who: str
    stall: Stall
    runs: bool

    @property
    def sentence(self) -> str:
        """The hold in a sentence."""
        advice = _ADVICE.get(self.stall.reason)
        words = " ".join(self.stall.message.split())[:MAX_WORDS].rstrip(" .;")
        return f"{self.who}: {words or self.stall.reason}" + (f"; {advice}" if advice else "")


def holds_of(observed: Observed) -> list[Hold]:
    """Return what holds up each Job that is open, those that nothing helps first."""
    past = observed.comparison.past
    jobs: list[tuple[str, Job | None]] = [("analysis", observed.children.analysis)]
    if not past.is_trials_over:
        versions = enumerate(observed.accepted.plan.versions)
        jobs = [(f"version {name}", observed.children.current(place)) for place, name in versions]
    found = [
        Hold(who, stall, job.ready > 0)
        for who, job in jobs
        if job is not None and (stall := _stall(job, observed)) is not None
    ]
    found += [Hold("API server", stall, runs=False) for stall in observed.refusals]
    return sorted(found, key=lambda hold: hold.stall.reason in names.PASSING)


def told(holds: list[Hold]) -> str:
    """Return all holds in words; what several have in common is said once.

    >>> waits = Stall("Unschedulable", "0/1 nodes are available")
    >>> told([Hold("version a", waits, runs=False), Hold("version b", waits, runs=False)])
    'version a, version b: 0/1 nodes are available'
    """
    groups: dict[Stall, list[Hold]] = {}
    for hold in holds:
        groups.setdefault(hold.stall, []).append(hold)
    return " | ".join(
        Hold(", ".join(hold.who for hold in group), stall, runs=False).sentence
        for stall, group in groups.items()
    )


def foremost(holds: list[Hold], *, runs: bool) -> Hold | None:
    """Return the hold to show as the reason: a lack of room is none while something runs."""
    for hold in holds:
        if hold.stall.reason not in names.PASSING or not runs:
            return hold
    return None


def _stall(job: Job, observed: Observed) -> Stall | None:
    if not job.is_open:
        return None
    if job.is_suspended:
        queue = observed.accepted.resource.spec.queue_name
        words = f"waits for quota in the queue {queue}" if queue else "its Job is suspended"
        return Stall(names.QUEUED, words)
    looked = observed.looked.get(job.uid, Looked())
    failed = [pod for pod in looked.in_phase("Failed") if pod.exit_code not in (None, 143)]
    # Ends that the failure policy ignores, such as of a store away, are in no count of the Job.
    is_often = max(job.pods_failed, len(failed)) >= _FAILING
    if failed and not job.succeeded and (job.ready == 0 or is_often):
        return _failing(job, failed[-1])
    if job.ready >= job.wanted:
        return None
    waiting = [pod.stall for pod in looked.in_phase("Pending") if pod.stall is not None]
    # A defect before a lack of room: the pods of a Job are alike, one tells for all.
    waiting.sort(key=lambda stall: stall.reason in names.PASSING)
    return next(iter([*waiting, *looked.events]), None)


def _failing(job: Job, pod: Pod) -> Stall:
    """Return why pods fail again and again before the first succeeds."""
    reason = names.TRIALS_FAILING if job.part.ordinal is not None else names.ANALYSIS_FAILING
    if pod.exit_code == contract.EXIT_UNREACHABLE:
        reason = names.STORE_UNREACHABLE
    return Stall(reason, last_words(pod))


def last_words(pod: Pod) -> str:
    """Return how a pod ended, and what it said."""
    words = " ".join(pod.message.split())
    said = f", saying: {words[-MAX_WORDS:]}" if words else ""
    how = "without an exit code" if pod.exit_code is None else f"with exit code {pod.exit_code}"
    # "Error" and "Completed" say no more than the code does.
    why = f" ({pod.ending})" if pod.ending not in ("", "Error", "Completed") else ""
    return f"pod {pod.name} ended {how}{why}{said}"
