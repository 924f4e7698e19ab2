"""Twin of shortage.py: below the asked share it is Invalid, and each version tells its error."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from tests.analysis.builder import A, B, Training, plan, store, training

from diptych_analysis import Summary, analyze_folder
from diptych_runner.contract.trials import Trial


def crashed(errors: dict[str, str], root: Path, versions: tuple[str, ...] = (A, B)) -> Summary:
    def train(trial: Trial) -> Training:
        error = errors.get(trial.version)
        done = training(float(trial.seed))
        if error is None:
            return done
        return replace(done, outcome="Failed", error=error)

    return analyze_folder(store(root, plan(seeds=3, versions=versions), train))


@pytest.mark.parametrize(("lost", "verdict"), [(1, "Different"), (2, "Invalid")])
def test_below_the_asked_percentage_it_is_invalid(tmp_path: Path, lost: int, verdict: str) -> None:
    def train(trial: Trial) -> Training:
        done = training(float(trial.seed) + (trial.version == B) * (5 + trial.seed / 100))
        failed = trial.version == B and trial.seed <= lost
        return replace(done, outcome="Failed") if failed else done

    summary = analyze_folder(store(tmp_path, plan(seeds=10), train))
    assert summary.verdict == verdict
    assert summary.candidates[0].metrics[0].seeds == 10 - lost
    assert len(summary.trials.failed) == lost
    assert summary.trials.failed[0].status == "Failed"
    told = {
        "Different": f"{lost} of 10 seeds fail in {B} and 0 in {A}",
        "Invalid": f"{B}: 0 diverged, {lost} failed, 0 missing or refused",
    }
    assert told[verdict] in summary.candidates[0].reason
    if verdict == "Invalid":
        told_first = f"Too few trials completed under Native, 90 % are asked for: 8 of 10 of {B} ("
        assert summary.candidates[0].reason.startswith(told_first)


def test_each_version_tells_the_beginning_of_its_own_error(tmp_path: Path) -> None:
    long = "no such file: " + "/data/a/b/c " * 40
    for errors in (long, "kaputt"), (long, long):
        summary = crashed(dict(zip((A, B), errors, strict=True)), tmp_path / errors[1][:2])
        assert len(summary.reason.encode()) < 300
        for version, error in zip((A, B), errors, strict=True):
            assert (
                f"0 of 3 of {version} (first: ValueError: {error[:20].rstrip()}" in summary.reason
            )
        assert "trials/" not in summary.reason
        assert summary.reason.count("(") == summary.reason.count(")")


def test_of_many_versions_the_numbers_alone_fit(tmp_path: Path) -> None:
    versions = (A, *(f"2.{k}.0" for k in range(2, 17)))
    reason = crashed(dict.fromkeys(versions, "kaputt"), tmp_path, versions).reason
    assert "0 of 3 of 2.2.0, 0 of 3 of 2.3.0" in reason
    assert "first:" not in reason


def test_a_trial_without_a_record_did_not_run_to_its_end(tmp_path: Path) -> None:
    folder = store(tmp_path, plan(seeds=3), lambda trial: training(float(trial.seed)))
    shutil.rmtree(folder / "trials" / B)
    summary = analyze_folder(folder)
    assert f"0 of 3 of {B} (first: no record, it did not run to its end)" in summary.reason
    assert "no record, it did not run to its end" in summary.trials.failed[0].reason
