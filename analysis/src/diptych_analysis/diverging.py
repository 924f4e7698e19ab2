"""Which seeds diverge, or fail, in which version: outcomes that are measured, like any metric.

A comparison over the seeds that survive would call a version equivalent that loses half of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from diptych_analysis.records.outcome import Committed, Record
from diptych_analysis.statistics.discordant import p_discordant, smallest_p
from diptych_runner.contract import names


@dataclass(frozen=True)
class Diverging:
    """The seeds that completed in both versions, under one control and setting.

    `baseline` and `candidate` are those of them that diverge there. `exact`: each version computed
    the same bits for every seed, so that its outcome is known and not sampled. With `outcome`
    Failed: the seeds that ended in both, and those of them whose every attempt failed.
    `unpaired`: a trial diverges whose partner failed or is missing, which no set can hold.
    """

    setting: int
    seeds: int
    baseline: frozenset[int]
    candidate: frozenset[int]
    exact: bool
    outcome: str = names.DIVERGED
    unpaired: bool = False

    @property
    def sets_differ(self) -> bool:
        """Whether other seeds diverge in one version than in the other."""
        return self.baseline != self.candidate

    @property
    def differ(self) -> bool:
        """Whether it is not shown that the same seeds diverge in both versions."""
        return self.unpaired or self.sets_differ

    @property
    def discordant(self) -> int:
        """How many seeds diverge in one version only."""
        return len(self.baseline ^ self.candidate)

    @property
    def p_difference(self) -> float:
        """The p of "a seed that diverges in one version only may do so in either"."""
        if self.exact and self.sets_differ:
            return 0.0
        return p_discordant(
            len(self.baseline - self.candidate), len(self.candidate - self.baseline)
        )

    def can_show(self, alpha: float) -> bool:
        """Whether so many discordant seeds could give a p below alpha, whichever side they are on.

        A test that cannot is no member of Holm's family, so that nothing is paid for it where
        nothing diverges: Tarone (1990), Biometrics 46, 515-522.
        """
        return (self.exact and self.sets_differ) or smallest_p(self.discordant) < alpha


def diverging_of(
    setting: int, baseline: Sequence[Record], candidate: Sequence[Record]
) -> Diverging:
    """Return which seeds diverge, from all records of both versions in one control and setting.

    A seed diverges in a version when one of its repeats does; only repeats that completed in both
    versions count as pairs; one that diverges beside a repeat that did not complete is unpaired.
    """
    left, right = _completed(baseline), _completed(candidate)
    runs = left.keys() & right.keys()
    seeds = {seed for seed, _ in runs}
    return Diverging(
        setting=setting,
        seeds=len(seeds),
        baseline=frozenset(seed for seed, repeat in runs if _diverged(left[seed, repeat])),
        candidate=frozenset(seed for seed, repeat in runs if _diverged(right[seed, repeat])),
        exact=len(seeds) > 1 and _one_result(left.values()) and _one_result(right.values()),
        unpaired=any(
            _diverged(record)
            for each in (left, right)
            for run, record in each.items()
            if run not in runs
        ),
    )


def failing_of(setting: int, baseline: Sequence[Record], candidate: Sequence[Record]) -> Diverging:
    """Return which seeds fail, from all records of both versions in one control and setting.

    A seed fails in a version when one of its repeats does; only repeats that ended in both
    versions count, whatever their outcome.
    """
    left, right = _ended(baseline), _ended(candidate)
    runs = left.keys() & right.keys()
    return Diverging(
        setting=setting,
        seeds=len({seed for seed, _ in runs}),
        baseline=frozenset(seed for seed, repeat in runs if _failed(left[seed, repeat])),
        candidate=frozenset(seed for seed, repeat in runs if _failed(right[seed, repeat])),
        exact=False,
        outcome=names.FAILED,
    )


def completed(record: Record) -> bool:
    """Say whether a trial has a measured outcome: Succeeded or Diverged."""
    return isinstance(record, Committed) and record.outcome != names.FAILED


def _completed(records: Iterable[Record]) -> dict[tuple[int, int], Committed]:
    return _ended(record for record in records if completed(record))


def _ended(records: Iterable[Record]) -> dict[tuple[int, int], Committed]:
    return {
        (record.trial.seed, record.trial.repeat): record
        for record in records
        if isinstance(record, Committed)
    }


def _failed(record: Committed) -> bool:
    return record.outcome == names.FAILED


def _diverged(record: Committed) -> bool:
    return record.outcome == names.DIVERGED


def _one_result(records: Iterable[Committed]) -> bool:
    return len({record.fingerprint for record in records}) == 1
