"""Twin of headline.py: the worst verdict with its reason, the others in a few words."""

import shutil
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.analysis.builder import A, B, Training, plan, store, training

from diptych_analysis import analyze_folder
from diptych_analysis.headline import _lead
from diptych_runner.contract.trials import Trial


def noisy(trial: Trial) -> Training:
    rng = np.random.default_rng([trial.seed, zlib.crc32(trial.version.encode())])
    return training(1 + 0.01 * rng.random(), rng.random())


def alike(trial: Trial) -> Training:
    return training(float(trial.seed))


def test_the_reason_of_many_words_stays_within_300_bytes(tmp_path: Path) -> None:
    versions = (A, *("ü" * 1 + "long-name-" * 3 + str(k) for k in range(3)))
    summary = analyze_folder(store(tmp_path, plan(seeds=3, versions=versions), noisy))
    assert len(summary.reason.encode()) <= 300
    assert summary.reason.startswith("Inconclusive (all 3 candidates): ")


def test_the_reason_says_of_how_many_candidates_it_is(tmp_path: Path) -> None:
    for count, words in ((1, "Inconclusive: "), (2, "Inconclusive (both candidates): ")):
        versions = (A, *(f"v{k}" for k in range(count)))
        folder = store(tmp_path / str(count), plan(seeds=3, versions=versions), noisy)
        assert analyze_folder(folder).reason.startswith(words)


def test_beside_the_worst_verdict_the_others_are_told(tmp_path: Path) -> None:
    folder = store(tmp_path, plan(seeds=3, versions=(A, B, "2.13.1")), alike)
    shutil.rmtree(folder / "trials" / B)
    reason = analyze_folder(folder).reason
    assert reason.startswith("Invalid: too few trials completed under Native, 90 % are asked for:")
    assert f"of {A}" not in reason
    assert reason.endswith(" 2.13.1: Identical.")


def test_of_many_others_the_numbers_are_told(tmp_path: Path) -> None:
    versions = (A, B, *(f"{'long-name-' * 3}{k}" for k in range(4)))
    folder = store(tmp_path, plan(seeds=3, versions=versions), alike)
    shutil.rmtree(folder / "trials" / B)
    reason = analyze_folder(folder).reason
    assert reason.endswith(" Others: 4 Identical.")
    assert len(reason.encode()) <= 300


def test_candidates_that_fail_otherwise_each_have_their_error(tmp_path: Path) -> None:
    errors = {B: "kaputt", "2.13.1": "no such file"}

    def train(trial: Trial) -> Training:
        if trial.version == A:
            return alike(trial)
        return replace(alike(trial), outcome="Failed", error=errors[trial.version])

    reason = analyze_folder(store(tmp_path, plan(seeds=3, versions=(A, *errors)), train)).reason
    assert reason.startswith("Invalid (both candidates): too few trials completed")
    for version, error in errors.items():
        assert f"0 of 3 of {version} (first: ValueError: {error})" in reason


def test_candidates_that_are_invalid_otherwise_each_say_why(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        done = alike(trial)
        if trial.version == B:
            framework = {"name": "tensorflow", "requested": B, "version": "2.4.1"}
            return replace(done, environment={**done.environment, "framework": framework})
        return replace(done, outcome="Failed") if trial.version == "2.13.1" else done

    folder = store(tmp_path, plan(seeds=3, versions=(A, B, "2.13.1", "2.15.0")), train)
    reason = analyze_folder(folder).reason
    assert f" {B}: version {B} asks for tensorflow {B} but its image has tensorflow 2.4.1" in reason
    assert " 2.13.1: too few trials completed under Native, 90 % are asked for" in reason
    assert reason.endswith(" 2.15.0: Identical.")
    assert len(reason.encode()) <= 300


@pytest.mark.parametrize(
    ("reason", "told"),
    [("The data differ.", "the data differ."), ("Theano differs.", "Theano differs.")],
)
def test_our_own_words_go_on_in_lower_case(reason: str, told: str) -> None:
    assert _lead(reason) == told
