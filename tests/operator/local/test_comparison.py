from pathlib import Path

import pytest
from tests.jobimage import fakes

from diptych.local import comparison
from diptych.local.errors import PreflightFailed
from diptych_runner.contract.plan import Plan
from diptych_runner.contract.trials import path_of
from diptych_runner.stores.folder import Folder


@pytest.fixture
def store(tmp_path: Path) -> Folder:
    return Folder(str(tmp_path))


def test_before_a_trial_is_committed_the_judgement_may_change(
    small_plan: Plan, store: Folder
) -> None:
    comparison.write_plan(small_plan, store)
    changed = Plan(
        {
            **small_plan.document,
            "analysis": {**small_plan.document["analysis"], "confidence": "0.99"},
        }
    )
    comparison.write_plan(changed, store)
    content = store.read("plan.json") or b""
    assert Plan.from_text(content.decode("utf-8")).document == changed.document
    assert store.children("") == ["plan.json"]


def test_a_folder_of_another_comparison_is_refused(small_plan: Plan, store: Folder) -> None:
    comparison.write_plan(fakes.plan_of(seeds=(5,)), store)
    with pytest.raises(PreflightFailed, match="holds another comparison"):
        comparison.write_plan(small_plan, store)


def test_a_broken_plan_file_is_named(small_plan: Plan, store: Folder) -> None:
    store.write("plan.json", b"{")
    with pytest.raises(PreflightFailed, match=r"plan\.json: not JSON .*; remove it; choose"):
        comparison.write_plan(small_plan, store)


def test_committed_trials_are_those_with_a_commit(small_plan: Plan, store: Folder) -> None:
    trial = small_plan.trial(3)
    home = path_of(trial)
    store.write(f"{home}/attempts/000-a/COMMIT/x", b"no commit")
    assert comparison.committed_trials(small_plan, store) == frozenset()
    store.write(f"{home}/COMMIT", b"")
    assert comparison.committed_trials(small_plan, store) == {trial}


def test_once_a_trial_is_committed_the_declared_judgement_stays(
    small_plan: Plan, store: Folder
) -> None:
    comparison.write_plan(small_plan, store)
    store.write(f"{path_of(small_plan.trial(0))}/COMMIT", b"")
    analysis = small_plan.document["analysis"]
    asked = {**analysis, "confidence": "0.99", "calibration": True}
    execution = {**small_plan.document["execution"], "retriesPerTrial": 7}
    changed = Plan({**small_plan.document, "analysis": asked, "execution": execution})
    comparison.write_plan(changed, store)
    found = Plan.from_text((store.read("plan.json") or b"").decode("utf-8")).document
    assert found["analysis"] == {**analysis, "calibration": True}
    assert found["execution"] == execution
