"""Comparisons whose reports are tested: an ordinary one, and one with hostile text everywhere."""

import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.analysis import builder
from tests.analysis.builder import A, B, Train, Training, cell, metric, plan, store, training

from diptych_analysis import analyze_folder
from diptych_analysis.report import Report, prepare
from diptych_analysis.source import source_at
from diptych_runner.contract.plan import Plan
from diptych_runner.contract.trials import Trial

Prepared = Callable[..., Report]
EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(2)>'\"&{{7*7}}"
STEPS = 40


def noisy(trial: Trial, steps: int = STEPS) -> Training:
    """Return a trial whose losses, weights and metric depend on version and seed."""
    rng = np.random.default_rng([trial.seed, zlib.crc32(trial.version.encode())])
    losses = 2 * np.exp(-np.arange(steps) / steps) + 0.1 * rng.random(steps)
    return training(1 + 0.01 * rng.random(), rng.random(), losses=tuple(map(float, losses)))


def hostile(trial: Trial) -> Training:
    """Return a trial that fails in one version and has hostile text wherever text is free."""
    done = noisy(trial)
    environment = {
        "python": EVIL,
        "switches": {EVIL: EVIL},
        "cpu": {"model": EVIL, "flags": [EVIL, trial.version]},
    }
    failed = trial.version == B and trial.seed == 2
    return replace(done, environment=environment, outcome="Failed" if failed else done.outcome)


@pytest.fixture
def prepared(tmp_path: Path) -> Prepared:
    """Return a function from a plan and its training to what the report shows."""

    def prepare_one(made: Plan | None = None, train: Train = noisy) -> Report:
        folder = store(tmp_path / str(len(list(tmp_path.iterdir()))), made or ordinary(), train)
        return prepare(source_at(folder), analyze_folder(folder))

    return prepare_one


def ordinary(versions: tuple[str, ...] = (A, B)) -> Plan:
    """Return a plan with repeats and a ladder."""
    cells = [cell(seeds=5), cell(repeat=1, seeds=2), cell("SharedInit", seeds=3)]
    return plan(seeds=5, versions=versions, cells=cells, analysis={"metrics": [metric(margin="1")]})


def evil_plan() -> Plan:
    """Return a plan whose free texts are hostile."""
    axes = builder.plan(seeds=3).axes
    workload = dict(axes["workload"], parameters={"note": EVIL})
    return plan(seeds=3, axes={"workload": workload}, analysis={"minimumCompletedPercent": 10})
