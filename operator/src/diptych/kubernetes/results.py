"""What became of the analysis: a digest, one more round, or nothing after all rounds.

The analysis is idempotent, so a pod that is gone before it was read costs a round and no result.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from diptych.kubernetes import names, times
from diptych.kubernetes.digest import Digest, DigestError, digest_of
from diptych.kubernetes.holds import last_words
from diptych.kubernetes.jobs import Job
from diptych.kubernetes.observed import Looked, Observed
from diptych_runner.contract import names as contract

#: After the first round that left no digest, and twice as long after each one that follows: what
#: deletes pods may do so for a while.
_FIRST_WAIT = timedelta(seconds=10)


@dataclass(frozen=True)
class Result:
    """A digest, or why there is none and when another round may give one, if it may."""

    digest: Digest | None
    why: str = ""
    again_at: datetime | None = None

    @property
    def may_try_again(self) -> bool:
        """Whether another round may give a digest."""
        return self.again_at is not None


def result_of(observed: Observed) -> Result | None:
    """Return what became of the newest analysis; None while there is none or it runs."""
    job = observed.children.analysis
    if job is None or job.ended is None:
        return None
    looked = observed.looked.get(job.uid, Looked())
    digest, why = _read(job, looked)
    if digest is not None:
        return Result(digest)
    if any(pod.exit_code == contract.EXIT_IMPOSSIBLE for pod in looked.in_phase("Failed")):
        return Result(None, f"{job.name}: {why}")
    ended = [each for each in observed.children.analyses if each.ended and not each.is_deleted]
    # Of earlier rounds that ended well only this one tells whether there was anything to read.
    is_empty = job.ended == "Complete" and bool(looked.in_phase("Succeeded"))
    failed = ended if is_empty else [each for each in ended if each.ended == "Failed"]
    if len(failed) >= names.ANALYSIS_ROUNDS or len(ended) >= names.ANALYSIS_ROUNDS_IN_ALL:
        return Result(None, f"{job.name}, the last of {len(ended)} rounds: {why}")
    wait = _FIRST_WAIT * 2 ** (len(ended) - 1)
    return Result(None, f"{job.name}: {why}", (job.ended_at or times.LONG_AGO) + wait)


def _read(job: Job, looked: Looked) -> tuple[Digest | None, str]:
    """Return the digest of an ended Job's pods, or why there is none."""
    if job.ended == "Failed":
        # One that was stopped says nothing; why it was, the Job does.
        failed = looked.in_phase("Failed")
        pods = [pod for pod in failed if pod.exit_code != contract.EXIT_STOPPED]
        return None, last_words(pods[-1]) if pods else job.why or "it failed, and no pod is left"
    why = "its pod was deleted before it was read"
    for pod in looked.in_phase("Succeeded"):
        try:
            return digest_of(pod.message), ""
        except DigestError as error:
            why = str(error)
    return None, why
