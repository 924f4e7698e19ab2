"""How far the trials are, from the Jobs alone: lower bounds, and never less than was said."""

from dataclasses import dataclass

from diptych.kubernetes.jobs import Job
from diptych.kubernetes.observed import Observed
from diptych_runner.contract.plan import Plan


@dataclass(frozen=True)
class Counts:
    """Trials of the plan, of complete pods in all and by version, and pods that run."""

    total: int
    committed: tuple[int, ...]
    active: int

    @property
    def committed_in_all(self) -> int:
        """Trials of complete pods."""
        return sum(self.committed)

    @property
    def words(self) -> str:
        """How far the trials are, in words."""
        return f"{self.committed_in_all} of {self.total} trials are committed"


def counted(count: int, thing: str) -> str:
    """Return how many things there are.

    >>> counted(0, "pod"), counted(1, "pod"), counted(2, "pod")
    ('no pod', '1 pod', '2 pods')
    """
    return f"{count or 'no'} {thing}{'' if count < 2 else 's'}"


def counts_of(observed: Observed) -> Counts:
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
    return Counts(plan.trial_count, committed, running)


def in_blocks(plan: Plan, job: Job) -> int:
    """Return how many trials a Job's complete blocks have at least: the last block may be short."""
    short = plan.blocks_per_version * plan.trials_per_pod - plan.trials_per_version
    blocks = min(job.succeeded, plan.blocks_per_version)
    trials = blocks * plan.trials_per_pod - (short if blocks else 0)
    return max(0, trials)
