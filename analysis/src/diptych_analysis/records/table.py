"""All planned trials of a comparison with what the store holds of each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from diptych_analysis.evaluators import evaluators_of
from diptych_analysis.records.outcome import Committed, Record
from diptych_analysis.records.reader import Reader
from diptych_analysis.records.trial import read_trial
from diptych_runner.contract import hashing
from diptych_runner.contract.plan import Plan
from diptych_runner.contract.trials import Trial, path_of

Progress = Callable[[int, int], None]
Cell = tuple[str, int]


@dataclass(frozen=True)
class Table:
    """Every planned trial's record, in the plan's order."""

    plan: Plan
    records: dict[Trial, Record]

    def of(self, version: str, cell: Cell) -> list[Record]:
        """Return one version's records of a (control, setting), in the plan's order."""
        return list(self._cells.get((version, cell), ()))

    def committed(self, *versions: str) -> Iterator[Committed]:
        """Yield the committed records of these versions (all, when none is named)."""
        for trial, record in self.records.items():
            if isinstance(record, Committed) and (not versions or trial.version in versions):
                yield record

    def succeeded(self, version: str, cell: Cell) -> list[Committed]:
        """Return one version's Succeeded records of a (control, setting)."""
        return [r for r in self.of(version, cell) if isinstance(r, Committed) and r.succeeded]

    @cached_property
    def _cells(self) -> dict[tuple[str, Cell], list[Record]]:
        cells: dict[tuple[str, Cell], list[Record]] = {}
        for trial, record in self.records.items():
            key = (trial.version, (trial.control, trial.setting))
            cells.setdefault(key, []).append(record)
        return cells

    @property
    def commits_sha256(self) -> str:
        """The sha256 over (trial path, sha256 of COMMIT), sorted."""
        return hashing.sha256_of_json(
            sorted([path_of(r.trial), r.commit_sha256] for r in self.committed())
        )

    @cached_property
    def results_sha256(self) -> str:
        """The sha256 over what every committed trial computed, sorted by path.

        Outcome, metrics.jsonl and every array; neither attempt names nor times. Two undisturbed
        runs of one plan on one machine have the same.
        """
        return hashing.sha256_of_json(
            sorted(
                [path_of(r.trial), r.outcome, r.metrics_sha256 or "", sorted(r.contents.items())]
                for r in self.committed()
            )
        )


def read_table(reader: Reader, plan: Plan, progress: Progress | None = None) -> Table:
    """Read and verify every planned trial, one after the other."""
    evaluators = evaluators_of(plan.document["analysis"]["metrics"])
    records: dict[Trial, Record] = {}
    for done, trial in enumerate(plan.trials(), start=1):
        records[trial] = read_trial(reader, plan, trial, evaluators)
        if progress is not None:
            progress(done, plan.trial_count)
    return Table(plan, records)
