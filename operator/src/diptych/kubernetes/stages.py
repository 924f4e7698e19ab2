"""Where a comparison is, and the seven conditions that say so in words.

A comparison is suspended, or in its trials, or in its analysis, or at its end; the reason of
Finished is what `kubectl get` shows, before the end too.
"""

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from diptych.kubernetes import leftovers, names, suspension
from diptych.kubernetes.conditions import FALSE, TRUE, UNKNOWN, Now
from diptych.kubernetes.counts import AT_LEAST, Counts, counted, counts_of
from diptych.kubernetes.digest import Digest
from diptych.kubernetes.holds import foremost, holds_of, told
from diptych.kubernetes.observed import Observed
from diptych.kubernetes.outage import of_the_store
from diptych.kubernetes.results import Result

#: As long as a pod ran so shortly before, a lack of room is no reason to show.
_BETWEEN_PODS = timedelta(seconds=30)
_ANALYSED = ", and those are analysed"
_NO_VERDICT = "there is no verdict yet"
_NO_VERDICT_EVER = "there is no verdict"


@dataclass(frozen=True)
class Stage:
    """Where a comparison is."""

    is_suspended: bool = False
    are_trials_complete: bool = False
    is_late: bool = False
    is_given_up: bool = False
    #: How long neither the API server nor a queue let the analysis run, where it is waited for no
    #: longer.
    kept_back_for: timedelta | None = None
    result: Result | None = None
    #: The versions, by their places, whose pods must end before anything is made.
    waits_for: frozenset[int] = frozenset()
    #: Whether it was suspended, and Jobs of it have yet to be made again.
    is_resuming: bool = False

    @property
    def are_trials_over(self) -> bool:
        """Whether trials have ended, or their time has."""
        return self.are_trials_complete or self.is_late

    @property
    def read(self) -> int | None:
        """How many trials the analysis read; None before it did."""
        digest = None if self.result is None else self.result.digest
        return None if digest is None else digest.summary.trials.committed

    @property
    def is_final(self) -> bool:
        """Whether the analysis gave a result, or never will."""
        has_result = self.result is not None and not self.result.may_try_again
        return self.is_given_up or self.kept_back_for is not None or has_result


def conditions_of(observed: Observed, stage: Stage, remarks: Iterable[str]) -> dict[str, Now]:
    """Return the seven conditions; remarks: sentences for that of Accepted."""
    counts = counts_of(observed, stage.read)
    if stage.is_given_up:
        ending = _given_up(observed)
    elif stage.kept_back_for is not None:
        ending = _never_analysed(observed, stage.kept_back_for)
    elif stage.is_final and stage.result is not None:
        ending = _ended(observed, stage, stage.result, counts)
    else:
        reason, message = _meanwhile(observed, stage, counts)
        ending = {
            names.COMPARED: Now(FALSE, reason, _NO_VERDICT),
            names.FINISHED: Now(FALSE, reason, message),
            names.SUCCEEDED: Now(UNKNOWN, reason, _NO_VERDICT),
            names.FAILED: Now(FALSE, reason, "nothing has failed for good"),
        }
    return {
        names.ACCEPTED: Now(TRUE, names.VALID, _accepted(observed, remarks)),
        names.SUSPENDED: _suspended(observed, stage),
        names.TRIALS_COMPLETE: _trials(observed, stage, counts),
        **ending,
    }


def _accepted(observed: Observed, remarks: Iterable[str]) -> str:
    plan = observed.accepted.plan
    versions = len(plan.versions)
    return "; ".join(
        (
            f"{plan.trial_count} trials of {versions} versions in "
            f"{plan.blocks_per_version * versions} pods",
            f"records go to {observed.accepted.place.uri}/{plan.folder}",
            *observed.accepted.remarks,
            *remarks,
        )
    )


def _suspended(observed: Observed, stage: Stage) -> Now:
    if not stage.is_suspended:
        reason = names.RESUMING if stage.is_resuming else names.RESUMED
        return Now(FALSE, reason, suspension.why_not(observed.comparison))
    if rest := suspension.rest(observed):
        return Now(FALSE, names.SUSPENDING, f"spec.suspend is true; {rest}")
    message = "spec.suspend is true: its Jobs are deleted, what is committed is kept"
    return Now(TRUE, names.SUSPENDED, message)


def _trials(observed: Observed, stage: Stage, counts: Counts) -> Now:
    done = counts.words
    if stage.is_late:
        words = _late(observed, counts)
        is_read = not stage.is_final or stage.read is not None
        said = words if is_read else words.removesuffix(_ANALYSED)
        return Now(FALSE, names.DEADLINE_EXCEEDED, said)
    if stage.is_given_up and not stage.are_trials_complete:
        return Now(FALSE, names.STORE_UNREACHABLE, counts.at_least)
    if not stage.are_trials_complete:
        return Now(FALSE, names.SUSPENDED if stage.is_suspended else names.RUNNING, done)
    jobs = [
        job
        for ordinal in range(len(observed.accepted.images))
        if (job := observed.children.current(ordinal)) is not None
    ]
    failed = sum(job.failed.count for job in jobs)
    # Not by its pods but as a whole, such as by a limit that somebody else put on it.
    whys = [
        f"Job {job.name} failed: {job.why or 'it does not say why'}"
        for job in jobs
        if job.ended == "Failed" and not job.failed.count
    ]
    if failed or whys:
        # The trials of a pod that failed later are committed too, and in no count of a Job.
        pods = [f"{counted(failed, 'pod')} failed for good"] if failed else []
        reason = "SomePodsFailed" if failed else "SomeJobsFailed"
        return Now(TRUE, reason, "; ".join([counts.at_least, *pods, *whys]))
    return Now(TRUE, "AllPodsEnded", done)


def _late(observed: Observed, counts: Counts) -> str:
    """Say that the deadline passed, and what held versions up then; that is not seen later."""
    written = observed.comparison.past.conditions.get(names.TRIALS_COMPLETE)
    done = f"; {counts.at_least}{_ANALYSED}"
    if written is not None and written.reason == names.DEADLINE_EXCEEDED:
        why, bound, _ = written.message.rpartition(f"; {AT_LEAST} ")
        return why + done if bound and counts.read is not None else written.message
    seconds = observed.accepted.resource.spec.active_deadline_seconds
    limit = f"activeDeadlineSeconds ({seconds})" if seconds else "activeDeadlineSeconds"
    # What is refused at this look is the analysis already, and of its trials nothing says more.
    held = holds_of(dataclasses.replace(observed, refusals=()))
    words = "this held up " + " | ".join(hold.words for hold in held) if held else ""
    if not words and observed.refusals:
        words = f"the API server refused Jobs ({observed.refusals[0].message})"
    lacking = f" while {words}" if words else ""
    return f"{limit} passed{lacking}{done}"


def _meanwhile(observed: Observed, stage: Stage, counts: Counts) -> tuple[str, str]:
    """Return why it is not finished: a word, and a sentence for a person."""
    if stage.is_suspended:
        rest = suspension.rest(observed)
        words = f"spec.suspend is true; {rest}" if rest else "spec.suspend is true"
        reason = names.SUSPENDING if rest else names.SUSPENDED
        return reason, f"{words}; set spec.suspend to false to go on"
    runs = any(job.ready for job in observed.children.all if job.is_open)
    holds = holds_of(observed)
    # Between two pods that follow each other on a full node nothing is wrong; what a queue holds
    # has no pod to come.
    opened = [job for job in observed.children.all if job.is_open]
    is_queued = bool(opened) and all(job.is_suspended for job in opened)
    ran = observed.idle is not None and observed.idle < _BETWEEN_PODS and not is_queued
    hold = foremost(holds, runs=runs or ran)
    words = told(holds)
    waits = "".join(f", {each}" for each in leftovers.told(observed, stage.waits_for))
    if stage.are_trials_over:
        usual = _analysing(stage, runs=runs) + waits
        return (hold.stall.reason, f"{words}; {usual}") if hold else (names.ANALYZING, usual)
    pods = f"{counted(counts.active, 'pod')} {'runs' if counts.active < 2 else 'run'}"
    usual = f"{counts.words}, {pods}{waits}{_failed_for_good(observed)}"
    if not words:
        has_begun = runs or ran or counts.committed_in_all > 0
        return (names.RUNNING if has_begun else names.STARTING), usual
    if hold is None:
        return names.RUNNING, f"{usual}; {words}"
    return hold.stall.reason, f"{words}; {usual}"


def _failed_for_good(observed: Observed) -> str:
    """Tell of pods that no other takes the place of: the verdict will lack their trials."""
    words = ""
    for ordinal, version in enumerate(observed.accepted.plan.versions):
        job = observed.children.current(ordinal)
        if job is not None and job.failed.count:
            pods = counted(job.failed.count, "pod")
            words += f"; {pods} of version {version} failed for good (Job {job.name})"
    return words


def _analysing(stage: Stage, *, runs: bool) -> str:
    again = f" again, for {stage.result.why}" if stage.result else ""
    how = "are" if runs else "are to be"
    return f"trials are over; their records {how} analysed{again}"


def _ended(observed: Observed, stage: Stage, result: Result, counts: Counts) -> dict[str, Now]:
    """Return the conditions of the end, whichever it is."""
    digest = result.digest
    if digest is None:
        message = (
            f"the analysis gave no result, and is not tried again; {result.why}; {_stays(observed)}"
        )
        return _failed(names.ANALYSIS_FAILED, message, compared=False)
    verdict = digest.summary.verdict
    # The reason begins with the verdict.
    message = (digest.summary.reason or verdict) + _lost(digest, counts)
    if digest.is_invalid:
        if stage.is_late:
            message = f"{_late(observed, counts)}. {message}"
            return _failed(names.DEADLINE_EXCEEDED, message, compared=True)
        return _failed(names.INVALID, message, compared=True)
    return {
        names.COMPARED: Now(TRUE, verdict, message),
        names.FINISHED: Now(TRUE, names.COMPARED, _where(digest)),
        names.SUCCEEDED: Now(TRUE, verdict, message),
        names.FAILED: Now(FALSE, verdict, "it did not fail"),
    }


def _lost(digest: Digest, counts: Counts) -> str:
    """Tell of records that were there when their pods ended, and that the analysis did not find."""
    lost = counts.committed_in_all - digest.summary.trials.committed
    if lost <= 0:
        return ""
    return (
        f" {counted(lost, 'trial')} that had been committed {'was' if lost < 2 else 'were'} in the "
        "store no more, or could not be verified, when it was analysed."
    )


def _given_up(observed: Observed) -> dict[str, Now]:
    """Return the conditions of a comparison whose store was away for too long."""
    words = " | ".join(hold.words for hold in of_the_store(holds_of(observed)))
    message = (
        f"{words}; it was so for as long as DIPTYCH_STORE_PATIENCE says, and is not tried again; "
        f"{_stays(observed)}"
    )
    return _failed(names.STORE_UNREACHABLE, message, compared=False)


def _never_analysed(observed: Observed, kept_back_for: timedelta) -> dict[str, Now]:
    """Return the conditions of a comparison whose analysis was kept back for too long."""
    words = " | ".join(hold.words for hold in holds_of(observed))
    message = (
        f"trials are over, and for {kept_back_for.total_seconds():.0f} s no analysis could run: "
        f"{words}; it is not tried again; {_stays(observed)}"
    )
    return _failed(names.DEADLINE_EXCEEDED, message, compared=False)


def _stays(observed: Observed) -> str:
    folder = f"{observed.accepted.place.uri}/{observed.accepted.plan.folder}"
    return f"what is committed stays, and `diptych analyze {folder}` reads it"


def _where(digest: Digest) -> str:
    """Return what is left to say at the end: the verdict stands in the other conditions."""
    words = "there is a verdict"
    return words if digest.report is None else f"{words}; its report is {digest.report.uri}"


def _failed(reason: str, message: str, *, compared: bool) -> dict[str, Now]:
    """Return the end of what failed: why, where people look for it, and not in every condition."""
    verdict = Now(TRUE, reason, message) if compared else Now(FALSE, reason, _NO_VERDICT_EVER)
    return {
        names.COMPARED: verdict,
        names.FINISHED: Now(TRUE, reason, message),
        names.SUCCEEDED: Now(FALSE, reason, "it failed"),
        names.FAILED: Now(TRUE, reason, message),
    }


def refused(problems: tuple[str, ...]) -> dict[str, Now]:
    """Return the conditions of a comparison that cannot be run: nothing was started."""
    message = "; ".join(problems)
    return {
        names.ACCEPTED: Now(FALSE, names.INVALID, message),
        names.SUSPENDED: Now(FALSE, names.INVALID, "nothing was started"),
        names.TRIALS_COMPLETE: Now(FALSE, names.INVALID, "nothing was started"),
        **_failed(names.INVALID, message, compared=False),
    }
