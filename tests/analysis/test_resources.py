"""Twin of resources.py."""

from pathlib import Path

from tests.analysis.builder import B, Training, plan, store, training

from diptych_analysis import analyze_folder
from diptych_runner.contract.trials import Trial


def test_medians_and_peaks_by_version(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        done = training(trial.seed)
        if trial.version != B:
            return done
        changes = {
            "wallSeconds": 10.0 * trial.seed,
            "stepSeconds": [1.0, 2.0, 9.0] if trial.seed == 1 else [],
            "peakHostBytes": 100 * trial.seed,
            "peakDeviceBytes": 7 if trial.seed == 2 else None,
            "peakDeviceReason": None,
        }
        return Training(**{**vars(done), "timing": changes})

    (candidate,) = analyze_folder(store(tmp_path, plan(seeds=3), train)).candidates
    usage = candidate.resources.candidate
    assert (usage.version, usage.median_step_seconds, usage.median_wall_seconds) == (B, 2.0, 20.0)
    assert (usage.peak_host_bytes, usage.peak_device_bytes) == (300, 7)
    assert usage.peak_device_reason is None
    assert candidate.resources.baseline.peak_device_reason == "no device"


def test_no_trial_no_numbers(tmp_path: Path) -> None:
    folder = store(tmp_path, plan(seeds=1), lambda trial: training(trial.seed))
    for path in folder.rglob("COMMIT"):
        path.unlink()
    usage = analyze_folder(folder).candidates[0].resources.baseline
    assert (usage.median_wall_seconds, usage.peak_host_bytes) == (None, None)
    assert usage.peak_device_reason == "no trial recorded it"
