"""Twin of analyze.py and candidates.py: whole comparisons, from files to the summary."""

import json
import shutil
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.analysis import builder
from tests.analysis.builder import A, B, Training, cell, diverged, metric, plan, store, training

from diptych_analysis import AnalysisError, analyze_folder
from diptych_analysis.records.files import checkpoint_path
from diptych_runner.contract import names
from diptych_runner.contract.trials import Trial, path_of

SHIFT = {A: 0.0, B: 0.5}


def noisy(trial: Trial) -> Training:
    version = zlib.crc32(trial.version.encode())
    rng = np.random.default_rng([trial.seed, trial.repeat, len(trial.control), version])
    shift = SHIFT.get(trial.version, 0.0)
    return training(1 + shift + 0.01 * rng.random(), rng.random())


def test_a_clear_shift_is_different_and_says_so(tmp_path: Path) -> None:
    made = plan(seeds=5, analysis={"metrics": [metric(margin="0.004")]})
    summary = analyze_folder(store(tmp_path, made, noisy))
    (candidate,) = summary.candidates
    assert summary.verdict == candidate.verdict == "Different"
    assert summary.reason.startswith("Different: test_loss of 2.4.0 is 0.")
    assert summary.reason.endswith("margin 0.004) over 5 seeds (few seeds: Student's t alone).")
    assert (summary.baseline, summary.comparison.name) == (A, "demo")
    assert (summary.trials.planned, summary.trials.succeeded) == (10, 10)
    assert candidate.metrics[0].difference == pytest.approx(0.5, abs=0.01)


def test_a_shift_inside_the_margin_is_equivalent(tmp_path: Path) -> None:
    made = plan(seeds=5, analysis={"metrics": [metric(margin="1")]})
    summary = analyze_folder(store(tmp_path, made, noisy))
    assert summary.verdict == "Equivalent"


def test_a_workload_without_randomness_is_one_observation(tmp_path: Path) -> None:
    summary = analyze_folder(store(tmp_path, plan(seeds=3), lambda t: training(SHIFT[t.version])))
    (candidate,) = summary.candidates
    assert summary.verdict == "Different"
    assert "All 3 seeds computed the same bits" in candidate.reason
    row = candidate.metrics[0]
    assert row.interval == (row.difference, row.difference)
    assert (row.p_difference, row.minimum_detectable, row.correlation) == (0.0, None, None)


@pytest.mark.parametrize("path", ["COMMIT", "timing.json", "predictions.npz", checkpoint_path(2)])
def test_a_refused_record_is_listed_and_never_averaged_in(tmp_path: Path, path: str) -> None:
    made = plan(seeds=5, analysis={"minimumCompletedPercent": 50})
    folder = store(tmp_path, made, noisy)
    whole = analyze_folder(folder)
    trial = path_of(Trial(B, "Native", 0, 3, 0))
    base = folder / trial if path == "COMMIT" else folder / trial / "attempts" / "a1"
    (base / path).write_bytes(b"garbage")
    summary = analyze_folder(folder)
    (failed,) = summary.trials.failed
    assert (failed.trial, failed.status) == (trial, "Refused")
    assert failed.reason.startswith(f"{path}: ")
    assert failed.reason.endswith(f"delete {trial} and run again to train it anew")
    assert summary.trials.committed == 9
    row = summary.candidates[0].metrics[0]
    assert row.seeds == 4
    assert row.candidate_mean != whole.candidates[0].metrics[0].candidate_mean
    assert "1 missing or refused" in summary.candidates[0].reason


def test_an_empty_store_is_invalid_and_complete(tmp_path: Path) -> None:
    made = plan(seeds=2)
    folder = store(tmp_path, made, noisy)
    shutil.rmtree(folder / "trials")
    summary = analyze_folder(folder)
    assert summary.verdict == "Invalid"
    assert [failed.status for failed in summary.trials.failed] == ["Missing"] * 4
    assert summary.candidates[0].trajectory is None


def test_two_undisturbed_runs_give_one_result_whatever_their_times(tmp_path: Path) -> None:
    made = plan(
        seeds=3, cells=[cell(seeds=3), cell(repeat=1, seeds=2), cell("SharedInit", seeds=2)]
    )
    first = analyze_folder(store(tmp_path / "1", made, noisy))
    folder = store(tmp_path / "2", made, lambda t: replace(noisy(t), timing={"wallSeconds": 5.0}))
    assert analyze_folder(folder) == analyze_folder(folder)
    second = analyze_folder(folder)
    assert first.results == second.results
    assert first.commits != second.commits
    assert _comparable(first.to_json()) == _comparable(second.to_json())
    other = analyze_folder(
        store(tmp_path / "3", made, lambda t: noisy(t) if t.seed != 1 else training(1))
    )
    assert other.results != first.results


def _comparable(text: str) -> Any:  # noqa: ANN401 - JSON
    document = json.loads(text)
    del document["commits"]
    for asked in (document["fresh"], document["ladder"]):
        if asked is not None:
            del asked["trialHours"]
    for candidate in document["candidates"]:
        del candidate["resources"]
    return document


def test_sixteen_versions_are_corrected_together(tmp_path: Path) -> None:
    versions = (A, B, *(f"3.{k}" for k in range(14)))
    summary = analyze_folder(store(tmp_path, plan(seeds=4, versions=versions), noisy))
    verdicts = {candidate.version: candidate.verdict for candidate in summary.candidates}
    assert len(verdicts) == 15
    assert verdicts.pop(B) == "Different"
    assert set(verdicts.values()) == {"Inconclusive"}
    assert summary.verdict == "Different"


def test_only_primary_metrics_at_setting_0_decide(tmp_path: Path) -> None:
    cells = [cell(setting=k, seeds=5) for k in (0, 1)]
    metrics = [metric(margin="1"), metric(name="second", primary=False)]
    made = plan(
        seeds=5, cells=cells, axes={"settings": [{}, {"steps": 3}]}, analysis={"metrics": metrics}
    )

    def train(trial: Trial) -> Training:
        done = noisy(trial)
        return replace(done, outputs=done.outputs + 9 * trial.setting * (trial.version == B))

    summary = analyze_folder(store(tmp_path, made, train))
    (candidate,) = summary.candidates
    assert summary.verdict == "Equivalent"
    rows = [(row.name, row.setting, row.verdict) for row in candidate.metrics]
    assert rows == [
        ("test_loss", 0, "Equivalent"),
        ("second", 0, "Different"),
        ("test_loss", 1, "Different"),
        ("second", 1, "Different"),
    ]
    told = "Not deciding, but different: second, test_loss (setting 1), second (setting 1)."
    assert told in candidate.reason


def test_metrics_that_overflow_are_invalid_and_never_a_crash(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        return replace(noisy(trial), outputs=np.full((4, 1), 1e200))

    summary = analyze_folder(store(tmp_path, plan(seeds=3), train))
    assert summary.verdict == "Invalid"
    assert "test_loss is beyond float64 for seed 1" in summary.reason


def test_failed_trials_are_listed_with_their_error_cut(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        return replace(noisy(trial), outcome=names.FAILED if trial.seed == 1 else names.SUCCEEDED)

    summary = analyze_folder(store(tmp_path, plan(seeds=2), train))
    assert [failed.reason for failed in summary.trials.failed] == ["ValueError: bad"] * 2


def test_a_diverged_trial_is_listed_with_what_was_not_finite(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        lost = diverged(noisy(trial))
        if trial.version == A:
            return replace(lost, losses=(2.0, float("inf"), float("nan")), checkpoints={})
        return replace(lost, outputs=np.full((4, 1), np.nan))

    summary = analyze_folder(store(tmp_path, plan(seeds=1), train))
    assert [entry.reason for entry in summary.trials.failed] == [
        "the loss of step 2 was not finite",
        "every loss was finite, but not the predictions after 2 updates",
    ]


def test_progress_counts_every_planned_trial(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    analyze_folder(
        store(tmp_path, plan(seeds=2), noisy), lambda done, total: seen.append((done, total))
    )
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "there is none"),
        (b"{", "not JSON"),
        (b"{}", "not valid"),
        (b'{"schemaVersion": 2}', "not valid"),
    ],
)
def test_without_a_plan_there_is_nothing_to_analyse(
    tmp_path: Path, content: bytes | None, why: str
) -> None:
    if content is not None:
        (tmp_path / "plan.json").write_bytes(content)
    with pytest.raises(AnalysisError, match=f"plan.json: {why}"):
        analyze_folder(tmp_path)


@pytest.mark.parametrize(
    ("analysis", "why"),
    [
        ({"baseline": "9"}, "baseline '9' is not in the plan's axes"),
        ({"control": "SharedInit"}, "control 'SharedInit' is not in the plan's axes"),
        ({"confidence": "high"}, "confidence 'high' is not a decimal"),
        ({"confidence": "1"}, "confidence 1 is not in"),
        ({"confidence": "NaN"}, "confidence NaN is not in"),
        ({"metrics": [metric(primary=False)]}, "no metric is primary"),
        ({"metrics": [metric(evaluator="top7")]}, "evaluator 'top7'"),
        ({"metrics": [metric(margin="x")]}, "margin 'x'"),
    ],
)
def test_a_plan_that_asks_nothing_sensible_is_told(
    tmp_path: Path, analysis: dict[str, Any], why: str
) -> None:
    folder = store(tmp_path, plan(seeds=2, analysis=analysis), noisy)
    with pytest.raises(AnalysisError, match=why):
        analyze_folder(folder)


def test_a_plan_changed_after_it_was_made_is_told(tmp_path: Path) -> None:
    folder = store(tmp_path, plan(seeds=2), noisy)
    document = json.loads((folder / "plan.json").read_text())
    document["axes"]["threads"] = 2
    (folder / "plan.json").write_bytes(builder.document(document))
    with pytest.raises(AnalysisError, match="changed after it was made"):
        analyze_folder(folder)
