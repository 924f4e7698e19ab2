"""Twin of analyze.py: whole comparisons, from files to the summary."""

from pathlib import Path

import numpy as np
from tests.analysis.builder import A, B, Training, metric, plan, store, training

from diptych_analysis import analyze_folder
from diptych_runner.contract.trials import Trial

SHIFT = {A: 0.0, B: 0.5}


def noisy(trial: Trial) -> Training:
    rng = np.random.default_rng([trial.seed, trial.version == B])
    return training(1 + SHIFT[trial.version] + 0.01 * rng.random(), rng.random())


def test_a_clear_shift_is_different(tmp_path: Path) -> None:
    summary = analyze_folder(store(tmp_path, plan(seeds=5), noisy))
    print(summary.to_json())
    assert summary.verdict == "Different"


def test_equal_bits_are_identical(tmp_path: Path) -> None:
    summary = analyze_folder(store(tmp_path, plan(seeds=2), lambda trial: training(trial.seed)))
    print(summary.to_json())
    assert summary.verdict == "Identical"


def test_a_small_shift_inside_the_margin_is_equivalent(tmp_path: Path) -> None:
    made = plan(seeds=5, analysis={"metrics": [metric(margin="1")]})
    summary = analyze_folder(store(tmp_path, made, noisy))
    print(summary.reason)
    assert summary.verdict == "Equivalent"
