"""Twin of report/data.py and report/records.py: only what the summary counted is shown."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.analysis.builder import A, B, plan, store, training
from tests.analysis.report.conftest import Prepared, noisy

from diptych_analysis import AnalysisError, analyze_folder
from diptych_analysis.report import data, prepare
from diptych_analysis.source import source_at
from diptych_runner.contract.trials import Trial, path_of


def test_every_trial_is_listed_with_its_outcome(tmp_path: Path) -> None:
    outcomes = {1: "Failed", 2: "Diverged"}
    made = plan(seeds=5, analysis={"minimumCompletedPercent": 20})
    folder = store(
        tmp_path,
        made,
        lambda t: replace(noisy(t), outcome=outcomes.get(t.seed, "Succeeded")),
    )
    for seed, name in ((3, "COMMIT"), (4, "attempts/a1/predictions.npz")):
        place = folder / path_of(Trial(B, "Native", 0, seed, 0)) / name
        place.unlink() if name == "COMMIT" else place.write_bytes(b"garbage")
    report = prepare(source_at(folder), analyze_folder(folder))
    statuses = {(r.trial.version, r.trial.seed): (r.status, r.reason) for r in report.trials}
    assert [statuses[A, seed][0] for seed in range(1, 6)] == [
        "Failed",
        "Diverged",
        "Succeeded",
        "Succeeded",
        "Succeeded",
    ]
    assert [statuses[B, seed][0] for seed in (3, 4, 5)] == ["Missing", "Refused", "Succeeded"]
    assert statuses[A, 1][1] == "ValueError: bad"
    assert str(statuses[B, 4][1]).startswith("predictions.npz: ")
    # What is refused is shown nowhere else either.
    assert report.paths.distances[B].seeds == 3


@pytest.mark.parametrize("name", ["metrics.jsonl", "environment.json", "timing.json", "COMMIT"])
def test_a_record_changed_since_the_analysis_ends_the_report(tmp_path: Path, name: str) -> None:
    folder = store(tmp_path, plan(seeds=2), noisy)
    summary = analyze_folder(folder)
    place = folder / path_of(Trial(A, "Native", 0, 1, 0))
    path = place / name if name == "COMMIT" else place / "attempts" / "a1" / name
    path.write_bytes(path.read_bytes().replace(b"1", b"2"))
    with pytest.raises(AnalysisError, match=name):
        prepare(source_at(folder), summary)


def test_a_summary_of_another_store_is_refused(tmp_path: Path) -> None:
    summary = analyze_folder(store(tmp_path / "1", plan(seeds=2), noisy))
    folder = store(tmp_path / "2", plan(seeds=2), lambda t: training(t.seed))
    with pytest.raises(AnalysisError, match="not those of the summary"):
        prepare(source_at(folder), summary)


def test_too_many_trials_list_first_what_did_not_succeed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, "MOST_TRIALS", 3)
    made = plan(seeds=4, analysis={"minimumCompletedPercent": 20})
    folder = store(
        tmp_path,
        made,
        lambda t: replace(noisy(t), outcome="Failed" if t.seed == 4 else "Succeeded"),
    )
    report = prepare(source_at(folder), analyze_folder(folder))
    assert [row.status for row in report.trials] == ["Failed", "Failed", "Succeeded"]
    assert report.trials_left_out == 5


def test_what_ran_is_identified(prepared: Prepared) -> None:
    facts = {fact.name: fact.values for fact in prepared().facts}
    assert facts["framework"] == (A, B)
    assert facts["installed packages, sha256"] == ("0" * 64, "0" * 64)
    assert "image" not in facts
