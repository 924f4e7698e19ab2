"""Twin of records/plans.py; what a changed or missing plan says is in test_analyze.py."""

import json
from pathlib import Path

import pytest
from tests.analysis.builder import A, cell, metric, plan, store, training

from diptych_analysis.errors import AnalysisError
from diptych_analysis.records.plans import read_plan
from diptych_analysis.records.reader import FolderReader
from diptych_runner.contract.plan import Plan


def read(folder: Path) -> str:
    return read_plan(FolderReader(folder)).sha256


def test_reads_a_valid_plan(tmp_path: Path) -> None:
    made = plan(seeds=1)
    assert read(store(tmp_path, made, lambda trial: training(trial.seed))) == made.sha256


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (plan(versions=(A, A)), "two versions have one name"),
        (plan(cells=[cell(setting=1)], axes={"settings": [{}, {}]}), "control 'Native' is not in"),
        (plan(seeds=1, cells=[cell(), cell(setting=1)]), "a cell is of setting 1 of 1, from 0"),
        (plan(seeds=1, cells=[cell(seeds=2)]), "a cell covers 2 seeds of 1"),
        (plan(seeds=1, cells=[cell(), cell()]), "two cells have one control, setting and repeat"),
        (plan(seeds=1, analysis={"metrics": [metric(), metric()]}), "two metrics have one name"),
        (
            plan(seeds=1, analysis={"metrics": [metric(margin="1", relativeMargin="5%")]}),
            "test_loss has a margin and a relativeMargin; one of them must be null",
        ),
    ],
)
def test_a_plan_without_a_question_is_told(tmp_path: Path, made: Plan, why: str) -> None:
    (tmp_path / "plan.json").write_text(json.dumps(made.document), encoding="utf-8")
    with pytest.raises(AnalysisError, match=why):
        read(tmp_path)


def test_a_plan_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "plan.json").mkdir()
    with pytest.raises(AnalysisError, match="not a regular file"):
        read(tmp_path)
