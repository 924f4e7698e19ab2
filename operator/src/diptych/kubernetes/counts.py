"""How far the trials are, from the Jobs alone: lower bounds, and never less than was said."""

from dataclasses import dataclass

from diptych.kubernetes.jobs import Job
from diptych.kubernetes.observed import Observed
from diptych_runner.contract.plan import Plan

#: What lower bounds are told with.
AT_LEAST = "at least"


@dataclass(frozen=True)
class Counts:
    """Trials of the plan, of complete pods in all and by version, and pods that run."""

    total: int
    committed: tuple[int, ...]
    active: int
    #: How many trials the analysis read: that is no lower bound any more.
    read: int | None = None

    @property
    def committed_in_all(self) -> int:
        """Trials of complete pods."""
        return sum(self.committed)

    @property
    def words(self) -> str:
        """How far the trials are, in words."""
        done = self.committed_in_all if self.read is None else self.read
        return f"{done} of {self.total} trials are committed"

    @property
    def at_least(self) -> str:
        """How far they are where pods that failed have committed some, too."""
        return self.words if self.read is not None else f"{AT_LEAST} {self.words}"


def counted(count: int, thing: str) -> str:
    """Return how many things there are.

    >>> counted(0, "pod"), counted(1, "pod"), counted(2, "pod")
    ('no pod', '1 pod', '2 pods')
    """
    return f"{count or 'no'} {thing}{'' if count < 2 else 's'}"


def counts_of(observed: Observed, read: int | None = None) -> Counts:
    """Return the counts; what was written once stays, whatever became of its Job."""
    plan, past = observed.accepted.plan, observed.comparison.past
    jobs = observed.children.trials
    committed = tuple(
        max(
            past.committed_of(version),
            max((in_blocks(plan, job) for job in jobs.get(ordinal, ())), default=0),
        )
        for ordinal, version in enumerate(plan.versions)
    )
    running = sum(job.ready for version in jobs.values() for job in version if not job.is_deleted)
    return Counts(plan.trial_count, committed, running, read)


def in_blocks(plan: Plan, job: Job) -> int:
    """Return how many trials a Job's complete blocks have at least: the last block may be short."""
    short = plan.blocks_per_version * plan.trials_per_pod - plan.trials_per_version
    blocks = min(job.succeeded, plan.blocks_per_version)
    trials = blocks * plan.trials_per_pod - (short if blocks else 0)
    return max(0, trials)
