"""Twin of records/trial.py, files.py and content.py: what is refused, and by which name."""

import json
import math
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.analysis import builder
from tests.analysis.builder import A, training

from diptych_analysis.evaluators import evaluators_of
from diptych_analysis.records.outcome import Committed, Missing, Record, Refused
from diptych_analysis.records.reader import FolderReader
from diptych_analysis.records.trial import read_trial
from diptych_runner.contract import names
from diptych_runner.contract.trials import Trial, path_of

PLAN = builder.plan(seeds=1)
TRIAL = Trial(A, "Native", 0, 1, 0)
ATTEMPT = "attempts/a1"
FILES = (
    "COMMIT",
    f"{ATTEMPT}/manifest.json",
    f"{ATTEMPT}/metrics.jsonl",
    f"{ATTEMPT}/environment.json",
    f"{ATTEMPT}/timing.json",
    f"{ATTEMPT}/predictions.npz",
    f"{ATTEMPT}/checkpoints/step-0.npz",
    f"{ATTEMPT}/checkpoints/step-2.npz",
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    builder.write_trial(tmp_path, PLAN, TRIAL, training(0.25))
    return tmp_path / path_of(TRIAL)


def read(place: Path) -> Record:
    folder = place.parents[5]
    evaluators = evaluators_of(PLAN.document["analysis"]["metrics"])
    return read_trial(FolderReader(folder), PLAN, TRIAL, evaluators)


def refused(place: Path) -> Refused:
    record = read(place)
    assert isinstance(record, Refused)
    return record


def test_a_valid_record_is_committed_with_its_metric(place: Path) -> None:
    record = read(place)
    assert isinstance(record, Committed)
    assert record.metrics == {"test_loss": 0.25}
    assert record.shapes == {"outputs": (4, 1), "targets": (4, 1)}
    assert record.steps == 2
    assert record.succeeded
    assert set(record.contents) == {
        "predictions.npz",
        "checkpoints/step-0.npz",
        "checkpoints/step-2.npz",
    }


def test_without_commit_it_is_missing_whatever_else_lies_there(place: Path) -> None:
    (place / "COMMIT").unlink()
    assert isinstance(read(place), Missing)
    shutil.rmtree(place)
    assert isinstance(read(place), Missing)


@pytest.mark.parametrize("path", FILES)
def test_any_flipped_byte_is_refused_by_the_files_name(place: Path, path: str) -> None:
    data = (place / path).read_bytes()
    for position in sorted({0, len(data) // 3, len(data) // 2, len(data) - 2, len(data) - 1}):
        for mask in (0x01, 0x80):
            broken = bytearray(data)
            broken[position] ^= mask
            (place / path).write_bytes(bytes(broken))
            if path == "COMMIT" and _same_json(data, broken):
                continue
            found = refused(place)
            # A COMMIT that names another manifest blames the manifest; all others themselves.
            expected = path.removeprefix(f"{ATTEMPT}/")
            assert found.path in ({expected, "manifest.json"} if path == "COMMIT" else {expected})


def _same_json(data: bytes, broken: bytearray) -> bool:
    try:
        return bool(json.loads(data) == json.loads(bytes(broken)))
    except ValueError:
        return False


@pytest.mark.parametrize("path", FILES)
@pytest.mark.parametrize("kept", [0, 10, -1])
def test_a_truncated_file_is_refused_by_its_name(place: Path, path: str, kept: int) -> None:
    data = (place / path).read_bytes()
    (place / path).write_bytes(data[:kept])
    assert refused(place).path == path.removeprefix(f"{ATTEMPT}/")


@pytest.mark.parametrize("path", FILES[1:])
def test_a_missing_file_is_refused_by_its_name(place: Path, path: str) -> None:
    (place / path).unlink()
    assert refused(place).why == "the file is missing"
    (place / path).mkdir()
    assert "not a regular file" in refused(place).why


def test_a_flipped_byte_names_both_hashes_and_says_what_to_do(place: Path) -> None:
    (place / FILES[-1]).write_bytes(b"x")
    reason = refused(place).reason
    assert reason.startswith("checkpoints/step-2.npz: sha256 is 2d711642")
    assert "but the manifest says" in reason
    assert reason.endswith(f"; delete {path_of(TRIAL)} and run again to train it anew")


def test_extra_files_are_ignored(place: Path) -> None:
    (place / ATTEMPT / "core").write_bytes(b"x")
    (place / "attempts" / "a0").mkdir()
    assert isinstance(read(place), Committed)


Edit = Callable[[dict[str, Any]], object]


def recommit(place: Path, edit: Edit) -> None:
    manifest = json.loads((place / ATTEMPT / "manifest.json").read_text())
    edit(manifest)
    builder.commit(place, manifest)


@pytest.mark.parametrize(
    ("edit", "path", "why"),
    [
        (lambda m: m.update(plan="0" * 64), "COMMIT", "is of plan 0000"),
        (lambda m: m["trial"].update(seed=2), "COMMIT", "another trial"),
        (lambda m: m.update(attempt=".."), "COMMIT", "attempt '..' is not allowed"),
        (lambda m: m.update(attempt="a/../a1"), "COMMIT", "is not allowed"),
        (lambda m: m.update(attempt="a2"), "checkpoints/step-0.npz", "is missing"),
        (lambda m: m.update(outcome="Lost"), "COMMIT", "not valid at $.outcome"),
        (lambda m: m.update(surprise=1), "manifest.json", "not valid at $"),
        (lambda m: m.update(stepsCompleted=3), "checkpoints/step-3.npz", "does not list it"),
        (lambda m: m["files"].pop("timing.json"), "timing.json", "does not list it"),
        (lambda m: m["files"].pop("predictions.npz"), "manifest.json", "not under both"),
        (lambda m: m["arrays"].pop("predictions.npz"), "manifest.json", "not under both"),
        (lambda m: m["files"]["timing.json"].update(bytes=1), "timing.json", "bytes but"),
        (
            lambda m: m["arrays"]["predictions.npz"].pop("targets"),
            "manifest.json arrays of predictions.npz",
            "not valid",
        ),
        (
            lambda m: m["arrays"]["checkpoints/step-2.npz"]["weights/w"].update(sha256="0" * 64),
            "checkpoints/step-2.npz",
            "array 'weights/w': sha256 is",
        ),
        (
            lambda m: m["files"].update({"../../COMMIT": m["files"]["timing.json"]}),
            "manifest.json",
            "file name '../../COMMIT' is not allowed",
        ),
        (
            lambda m: m["files"].update({"/etc/passwd": m["files"]["timing.json"]}),
            "manifest.json",
            "not allowed",
        ),
    ],
)
def test_a_consistent_lie_is_refused_too(place: Path, edit: Edit, path: str, why: str) -> None:
    recommit(place, edit)
    found = refused(place)
    assert found.path == path
    assert why in found.why


def test_a_commit_that_disagrees_with_its_manifest_is_refused(place: Path) -> None:
    commit = json.loads((place / "COMMIT").read_text())
    (place / "COMMIT").write_bytes(builder.document({**commit, "outcome": "Diverged"}))
    assert refused(place).why == "outcome is 'Succeeded' but COMMIT says 'Diverged'"


@pytest.mark.parametrize(
    ("done", "path", "why"),
    [
        (replace(training(1), outputs=np.full((4, 1), np.nan)), "predictions.npz", "not finite"),
        (replace(training(1), targets=np.full((4, 1), np.inf)), "predictions.npz", "not finite"),
        (replace(training(1), outputs=np.zeros((4, 2))), "predictions.npz", "of one shape"),
        (replace(training(1), outputs=np.array(["a"] * 4)), "predictions.npz", "has dtype"),
        (training(1, losses=(1.0, math.nan)), "metrics.jsonl", "train_loss of step 2"),
        (replace(training(1), environment={"gpus": 3}), "environment.json", "$.gpus"),
        (replace(training(1), timing={"wallSeconds": -1}), "timing.json", "$.wallSeconds"),
    ],
)
def test_a_succeeded_record_must_be_whole_and_finite(
    place: Path, done: builder.Training, path: str, why: str
) -> None:
    builder.write_trial(place.parents[5], PLAN, TRIAL, done)
    found = refused(place)
    assert found.path == path
    assert why in found.why


def test_other_outcomes_keep_what_they_could_write(place: Path) -> None:
    folder = place.parents[5]
    bad = builder.diverged(training(1, losses=(1.0, math.inf)))
    builder.write_trial(folder, PLAN, TRIAL, replace(bad, outputs=np.full((4, 1), np.nan)))
    record = read(place)
    assert isinstance(record, Committed)
    assert (record.outcome, record.metrics) == (names.DIVERGED, {})

    def failed(manifest: dict[str, Any]) -> None:
        error = {"type": "OSError", "message": "no space", "traceback": ""}
        manifest.update(outcome=names.FAILED, files={}, arrays={}, error=error, stepsCompleted=0)

    recommit(place, failed)
    record = read(place)
    assert isinstance(record, Committed)
    assert (record.outcome, record.error) == (names.FAILED, "OSError: no space")
    assert (record.setup, record.timing, record.losses_sha256) == (None, None, None)
