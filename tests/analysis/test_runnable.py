"""Twin of runnable.py: no YAML is offered that `diptych validate` refuses, and that is said."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.analysis.builder import B, Training, metric, plan, store, training

from diptych.api.load import load_bytes
from diptych_analysis import analyze_folder
from diptych_analysis.report import write_report
from diptych_analysis.resource import resource_of
from diptych_analysis.runnable import not_runnable, ready
from diptych_runner.contract.plan import Plan
from diptych_runner.contract.trials import Trial


def workload(name: str, **parameters: int) -> dict[str, Any]:
    return {"workload": {"builtin": name, "module": None, "parameters": parameters, "data": None}}


FOREIGN = {
    "Diptych has no built-in workload synthetic": plan(axes=workload("synthetic")),
    "Diptych has no framework jax": plan(axes={"framework": "jax"}),
    "before is no version of tensorflow": plan(versions=("before", "after")),
    "adam-linear-regression has no parameter depth": plan(
        axes=workload("adam-linear-regression", depth=3)
    ),
    "adam-linear-regression has no metric score": plan(
        analysis={"metrics": [metric(name="score")]}
    ),
    "in one the margin of test_loss is more than 0, and here 0": plan(
        analysis={"metrics": [metric(margin="0.0")]}
    ),
    "in one minimumCompletedPercent is at least 1, and here 0": plan(
        analysis={"minimumCompletedPercent": 0}
    ),
}


@pytest.mark.parametrize(("why", "made"), FOREIGN.items(), ids=FOREIGN)
def test_what_validate_refuses_is_not_ready(why: str, made: Plan) -> None:
    assert load_bytes(resource_of(made).encode(), "a test").problems
    assert ready(made) is None
    assert not_runnable(made) == f"No YAML to run: {why}."


def test_a_relative_margin_of_0_is_not_ready_either() -> None:
    made = plan(analysis={"metrics": [metric(relativeMargin="0.0%")]})
    assert load_bytes(resource_of(made).encode(), "a test").problems
    assert ready(made) is None


def test_what_can_be_run_is_ready() -> None:
    made = plan(analysis={"minimumCompletedPercent": 1})
    text = ready(made)
    assert text is not None
    assert not load_bytes(text.encode(), "a test").problems
    assert not_runnable(made) is None


def test_records_of_another_program_have_sizes_and_no_yaml(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        rng = np.random.default_rng([trial.seed, trial.version == B])
        return replace(training(2 + rng.random()), losses=(2.0, 1.0))

    analysis = {"metrics": [metric(margin="0.3")]}
    made = plan(seeds=6, axes=workload("synthetic"), analysis=analysis)
    folder = store(tmp_path, made, train)
    summary = analyze_folder(folder)
    assert summary.fresh is not None
    assert summary.ladder is not None
    assert (summary.fresh.resource, summary.ladder.resource) == (None, None)
    assert summary.not_runnable == "No YAML to run: Diptych has no built-in workload synthetic."
    write_report(folder, summary)
    page = (folder / "report.html").read_text()
    assert f"<p>{summary.not_runnable}</p>" in page
    assert "a fresh comparison of about" in page
    for offered in ("comparison.yaml", "diptych run", "fresh.yaml", "ladder.yaml", "ready to run"):
        assert offered not in page.split('<script type="application/json"', maxsplit=1)[0]
    assert not list(folder.glob("*.yaml"))
    assert "notRunnable" in json.loads(summary.to_json())
