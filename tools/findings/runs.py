"""Trains a committed YAML and reads what it left: the summary, its report, and values by seed."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from tools.findings.distances import Distance, distance_of

from diptych.cli.exits import Exit
from diptych.cli.files import read_comparison
from diptych_analysis import analyze_folder
from diptych_analysis.records.lazy import Loader
from diptych_analysis.records.outcome import Committed
from diptych_analysis.records.table import Table, read_table
from diptych_analysis.report import Report, prepare
from diptych_analysis.source import Source, source_at
from diptych_analysis.statistics.sample import Sample, pair
from diptych_analysis.summary import Candidate, Metric, Summary

ROOT = Path(__file__).resolve().parents[2]
YAMLS = ROOT / "manifests" / "findings"


@dataclass(frozen=True)
class Run:
    """One comparison that is run to its end."""

    name: str
    source: Source
    report: Report
    table: Table

    @property
    def summary(self) -> Summary:
        """What the analysis says."""
        return self.report.summary

    @property
    def candidate(self) -> Candidate:
        """The first candidate: the only one, but in the comparison of many versions."""
        return self.summary.candidates[0]

    @property
    def control(self) -> str:
        """What the verdict's trials hold equal."""
        return str(self.report.plan.document["analysis"]["control"])

    @property
    def seeds(self) -> int:
        """How many seeds decide."""
        return len(self.report.plan.seeds)

    @property
    def training_seconds(self) -> float:
        """Seconds of training, one trial after the other."""
        timings = [record.timing for record in self.table.committed()]
        return sum(timing.wall_seconds for timing in timings if timing is not None)

    def metric(self, name: str) -> Metric:
        """Return the first candidate's metric as given."""
        return next(m for m in self.candidate.metrics if (m.name, m.setting) == (name, 0))

    def sample(self, value: Callable[[Committed], float | None], control: str = "") -> Sample:
        """Return a value of each record, paired by seed, under a control (the verdict's)."""
        cell = (control or self.control, 0)
        return self.sample_of(self.candidate.version, value, cell)

    def sample_of(
        self, version: str, value: Callable[[Committed], float | None], cell: tuple[str, int]
    ) -> Sample:
        """Return a value of each record of the baseline and a version, paired by seed."""
        left, right = (
            self._values(which, value, cell) for which in (self.summary.baseline, version)
        )
        return pair(left, right, self.report.plan.seeds)

    def distance(self, metric: str, control: str = "") -> Distance | None:
        """Return how far apart the versions are in a metric; None where nothing was run."""
        sample = self.sample(lambda record: record.metrics.get(metric), control)
        if not sample.count:
            return None
        differences = np.where(
            np.abs(sample.differences) <= sample.rounding, 0.0, sample.differences
        )
        return distance_of(differences)

    def share(self, metric: str, control: str = "") -> Distance | None:
        """Return the same as a share of the baseline's value, seed by seed."""
        sample = self.sample(lambda record: record.metrics.get(metric), control)
        return distance_of(sample.differences / sample.baseline) if sample.count else None

    @cached_property
    def loader(self) -> Loader:
        """What reads arrays of a record."""
        return Loader(self.source.reader)

    def _values(
        self,
        version: str,
        value: Callable[[Committed], float | None],
        cell: tuple[str, int],
    ) -> dict[int, list[float]]:
        found: dict[int, list[float]] = {}
        for record in self.table.succeeded(version, cell):
            number = value(record)
            if number is not None:
                found.setdefault(record.trial.seed, []).append(number)
        return found


def train(name: str, output: str) -> None:
    """Train what is missing of a comparison; `load` tells whether it reached its end."""
    command = [sys.executable, "-m", "diptych", "run", str(YAMLS / f"{name}.yaml")]
    done = subprocess.run([*command, "--output", output], cwd=ROOT, check=False)
    if done.returncode == Exit.INTERRUPTED:
        raise KeyboardInterrupt


def load(name: str, output: str) -> Run | None:
    """Return a comparison's results; None when it is not run to its end."""
    folder = Path(output) / read_comparison(YAMLS / f"{name}.yaml").plan.folder
    if not (folder / "plan.json").exists():
        return None
    summary = analyze_folder(folder)
    if summary.trials.committed < summary.trials.planned:
        return None
    source = source_at(folder)
    return Run(name, source, prepare(source, summary), read_table(source.reader, source.plan))
