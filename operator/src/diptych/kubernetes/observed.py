"""What one look at the cluster saw: everything that a decision may depend on, besides the time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from diptych.kubernetes.comparison import Accepted, Comparison
from diptych.kubernetes.jobs import Children
from diptych.kubernetes.pods import Pod, Stall


@dataclass(frozen=True)
class Looked:
    """What was seen of a Job's pods: a few of them, and what Events say of those that are not."""

    pods: tuple[Pod, ...] = ()
    events: tuple[Stall, ...] = ()

    def also(self, other: "Looked") -> "Looked":
        """Return both: a later look at a few pods leaves the others as they were."""
        newer = {pod.uid for pod in other.pods}
        kept = tuple(pod for pod in self.pods if pod.uid not in newer)
        return Looked((*kept, *other.pods), (*other.events, *self.events))

    def in_phase(self, phase: str) -> tuple[Pod, ...]:
        """Return the pods of a phase."""
        return tuple(pod for pod in self.pods if pod.phase == phase)


@dataclass(frozen=True)
class Observed:
    """A comparison, its Jobs, what was looked at of their pods, by the Job's uid."""

    comparison: Comparison
    accepted: Accepted
    children: Children = field(default_factory=lambda: Children({}))
    looked: Mapping[str, Looked] = field(default_factory=dict)
    #: What the API server said against children of this decision's first try.
    refusals: tuple[Stall, ...] = ()
    #: Whether pods were looked at for what holds them up: that is not done at each look.
    is_explained: bool = True
    #: How long no pod of it has been seen to run; None when none ever was.
    idle: timedelta | None = None
    #: Pods of earlier rounds that the next one of their version waits for, by the version's place.
    leftovers: Mapping[int, int] = field(default_factory=dict)

    def is_committed(self, ordinal: int) -> bool:
        """Return whether all trials of a version are known to be, whatever became of its Job."""
        plan, past = self.accepted.plan, self.comparison.past
        return past.committed_of(plan.versions[ordinal]) >= plan.trials_per_version
