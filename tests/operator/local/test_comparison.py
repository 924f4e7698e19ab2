from pathlib import Path

import pytest
from tests.jobimage import fakes

from diptych.local import comparison
from diptych.local.errors import PreflightFailed
from diptych_runner.contract.plan import Plan
from diptych_runner.contract.trials import path_of


def test_a_plan_is_written_once_and_its_analysis_may_change(
    small_plan: Plan, tmp_path: Path
) -> None:
    comparison.write_plan(small_plan, tmp_path)
    changed = Plan(
        {
            **small_plan.document,
            "analysis": {**small_plan.document["analysis"], "confidence": "0.99"},
        }
    )
    path = comparison.write_plan(changed, tmp_path)
    assert Plan.from_text(path.read_text(encoding="utf-8")).document == changed.document
    assert [entry.name for entry in tmp_path.iterdir()] == ["plan.json"]


def test_a_folder_of_another_comparison_is_refused(small_plan: Plan, tmp_path: Path) -> None:
    comparison.write_plan(fakes.plan_of(seeds=(5,)), tmp_path)
    with pytest.raises(PreflightFailed, match="holds another comparison"):
        comparison.write_plan(small_plan, tmp_path)


def test_a_broken_plan_file_is_named(small_plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text("{", encoding="utf-8")
    with pytest.raises(PreflightFailed, match="not a plan"):
        comparison.write_plan(small_plan, tmp_path)


def test_committed_trials_are_those_with_a_commit(small_plan: Plan, tmp_path: Path) -> None:
    trial = small_plan.trial(3)
    home = tmp_path / path_of(trial)
    (home / "attempts" / "000-a").mkdir(parents=True)
    assert comparison.committed_trials(small_plan, tmp_path) == frozenset()
    (home / "COMMIT").touch()
    assert comparison.committed_trials(small_plan, tmp_path) == {trial}
