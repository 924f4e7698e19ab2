"""Twin of records/plans.py; what a changed or missing plan says is in test_analyze.py."""

from pathlib import Path

import pytest
from tests.analysis.builder import A, cell, plan, store, training

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
    ],
)
def test_a_plan_without_a_question_is_told(tmp_path: Path, made: Plan, why: str) -> None:
    folder = store(tmp_path, made, lambda trial: training(trial.seed))
    with pytest.raises(AnalysisError, match=why):
        read(folder)


def test_a_plan_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "plan.json").mkdir()
    with pytest.raises(AnalysisError, match="not a regular file"):
        read(tmp_path)
