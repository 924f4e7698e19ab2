"""Synthetic comparisons: valid records with the contract's own hashing, repeatable to the byte."""

import io
import json
import shutil
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from diptych_runner.contract import hashing, names
from diptych_runner.contract.plan import Plan, document_of
from diptych_runner.contract.trials import Trial, path_of, trial_as_json

Array = npt.NDArray[Any]
Documents = Mapping[str, Any]
A, B = "2.1.0", "2.4.0"
#: Axes of a plan of code of one's own.
OWN_CODE: dict[str, Any] = {
    "workload": {
        "builtin": None,
        "module": {"configMap": "own", "entrypoint": "train:train", "sha256": None},
        "parameters": {},
        "data": None,
    },
    "pinned": [{}],
}


@dataclass(frozen=True)
class Training:
    """What one synthetic trial computed."""

    outputs: Array
    targets: Array
    losses: tuple[float, ...]
    checkpoints: Mapping[int, Mapping[str, Array]]
    outcome: str = names.SUCCEEDED
    error: str = "bad"
    environment: Documents = field(default_factory=dict)
    timing: Documents = field(default_factory=dict)
    reported: Mapping[str, float] = field(default_factory=dict)
    probe: Mapping[str, Array] = field(default_factory=dict)


Train = Callable[[Trial], Training]


def training(
    error: float, weight: float = 1.0, *, losses: tuple[float, ...] = (2.0, 1.0)
) -> Training:
    """Return a trial whose test_loss is `error` exactly where sqrt(error) is exact in float64."""
    w = np.array([weight, 2.0], dtype=np.float32)
    return Training(
        outputs=np.full((4, 1), np.sqrt(error), dtype=np.float64),
        targets=np.zeros((4, 1), dtype=np.float64),
        losses=losses,
        checkpoints={
            0: {"weights/w": np.ones(2, dtype=np.float32)},
            len(losses): {"weights/w": w, "slots/w/m": w / 2, "optimizer/step": np.array(2)},
        },
    )


def begun(done: Training, *, away: bool) -> Training:
    """Return a trial that starts from other weights where it is `away`."""
    start = np.full(2, 1 + away, dtype=np.float32)
    return replace(done, checkpoints={**done.checkpoints, 0: {"weights/w": start}})


def metric(**changes: object) -> dict[str, Any]:
    """Return a plan's metric: test_loss, primary, no margin."""
    return {
        "name": "test_loss",
        "evaluator": "meanSquaredError",
        "direction": "LowerIsBetter",
        "primary": True,
        "test": "Equivalence",
        "margin": None,
        "relativeMargin": None,
        **changes,
    }


def cell(control: str = "Native", setting: int = 0, repeat: int = 0, seeds: int = 1) -> Documents:
    """Return a plan's cell."""
    return {"control": control, "setting": setting, "repeat": repeat, "seeds": seeds}


def plan(
    *,
    seeds: int = 5,
    cells: list[Documents] | None = None,
    versions: tuple[str, ...] = (A, B),
    axes: Documents | None = None,
    analysis: Documents | None = None,
) -> Plan:
    """Return a plan with test_loss as its one metric; `axes` and `analysis` override parts."""
    return Plan(
        document_of(
            {"name": "demo", "uid": "0123456789abcdef"},
            {
                "framework": "tensorflow",
                "versions": [
                    {"name": name, "version": name, "image": None, "env": []} for name in versions
                ],
                "workload": {
                    "builtin": "adam-linear-regression",
                    "module": None,
                    "parameters": {"steps": 2},
                    "data": None,
                },
                "settings": [{}],
                "seeds": list(range(1, seeds + 1)),
                "cells": cells or [cell(seeds=seeds)],
                "threads": 1,
                "gpus": 0,
                "accelerator": "None",
                "checkpoints": {"everySteps": None},
                **(axes or {}),
            },
            {"trialsPerPod": 1, "retriesPerTrial": 2},
            {
                "baseline": versions[0],
                "control": "Native",
                "confidence": "0.95",
                "minimumCompletedPercent": 90,
                "metrics": [metric()],
                **(analysis or {}),
            },
        )
    )


def store(root: Path, made: Plan, train: Train) -> Path:
    """Write a whole comparison and return its folder."""
    folder = root / made.folder
    folder.mkdir(parents=True)
    (folder / names.PLAN_FILE).write_bytes(json.dumps(made.document).encode())
    for trial in made.trials():
        write_trial(folder, made, trial, train(trial))
    return folder


def write_trial(folder: Path, made: Plan, trial: Trial, done: Training) -> Path:
    """Write one committed trial, replacing an older one, and return its attempt's folder."""
    place = folder / path_of(trial)
    shutil.rmtree(place, ignore_errors=True)
    attempt = place / "attempts" / "a1"
    expected = made.version(trial.version)["version"]
    files = {
        names.METRICS_FILE: metrics_of(done.losses, done.reported),
        names.ENVIRONMENT_FILE: document(environment(expected, **done.environment)),
        names.TIMING_FILE: document(timing(**done.timing)),
    }
    arrays = {}
    predicted = {"outputs": done.outputs, "targets": done.targets}
    if done.outputs.size:
        files[names.PREDICTIONS_FILE] = npz(predicted)
        arrays[names.PREDICTIONS_FILE] = entries(predicted)
    for step, tensors in done.checkpoints.items():
        path = f"{names.CHECKPOINTS_FOLDER}/step-{step}.npz"
        files[path], arrays[path] = npz(tensors), entries(tensors)
    if done.probe:
        files[names.PROBE_FILE] = npz(done.probe)
        arrays[names.PROBE_FILE] = entries(done.probe)
    failed = done.outcome == names.FAILED
    manifest = {
        "schemaVersion": 1,
        "plan": made.sha256,
        "trial": trial_as_json(trial),
        "attempt": "a1",
        "outcome": done.outcome,
        "error": {"type": "ValueError", "message": done.error, "traceback": ""} if failed else None,
        "stepsCompleted": len(done.losses),
        "files": {
            path: {"sha256": hashing.sha256_of_bytes(data), "bytes": len(data)}
            for path, data in files.items()
        },
        "arrays": arrays,
    }
    for path, data in files.items():
        (attempt / path).parent.mkdir(parents=True, exist_ok=True)
        (attempt / path).write_bytes(data)
    commit(place, manifest)
    return attempt


def commit(place: Path, manifest: Documents) -> None:
    """Write a manifest and the COMMIT that points to it."""
    data = document(manifest)
    (place / "attempts" / str(manifest["attempt"])).mkdir(parents=True, exist_ok=True)
    (place / "attempts" / str(manifest["attempt"]) / names.MANIFEST_FILE).write_bytes(data)
    keys = ("schemaVersion", "plan", "trial", "outcome", "attempt")
    committed = {key: manifest[key] for key in keys}
    committed["manifestSha256"] = hashing.sha256_of_bytes(data)
    (place / names.COMMIT_FILE).write_bytes(document(committed))


def document(value: object) -> bytes:
    """Return a JSON document's bytes."""
    return json.dumps(value, sort_keys=True, indent=1).encode()


def metrics_of(losses: tuple[float, ...], reported: Mapping[str, float]) -> bytes:
    """Return metrics.jsonl, non-finite numbers as strings, `reported` beside the last loss."""
    words = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
    lines = []
    for step, loss in enumerate(losses, start=1):
        line = {"step": step, "train_loss": words.get(str(loss), loss)}
        lines.append(json.dumps({**line, **(reported if step == len(losses) else {})}))
    return "".join(line + "\n" for line in lines).encode()


def npz(arrays: Mapping[str, Array]) -> bytes:
    """Return an npz file whose bytes depend on its arrays alone."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for key, array in sorted(arrays.items()):
            member = io.BytesIO()
            np.lib.format.write_array(member, np.asarray(array), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(key + ".npy"), member.getvalue())
    return target.getvalue()


def entries(arrays: Mapping[str, Array]) -> dict[str, Any]:
    """Return the manifest's entries of an npz file."""
    return {
        key: {
            "sha256": hashing.sha256_of_array(array.dtype.str, array.shape, array.tobytes()),
            "dtype": array.dtype.str,
            "shape": list(array.shape),
        }
        for key, array in arrays.items()
    }


def environment(version: str, **changes: object) -> dict[str, Any]:
    """Return a valid environment.json; `changes` replace whole top-level parts."""
    return {
        "schemaVersion": 1,
        "framework": {"name": "tensorflow", "requested": version, "version": version},
        "python": "3.11.9",
        "numpy": "1.26.4",
        "image": None,
        "packages": {"sha256": "0" * 64, "versions": {}},
        "platform": {"system": "Linux", "release": "6", "machine": "x86_64", "libc": "glibc 2"},
        "cpu": {"model": "a", "flags": []},
        "gpus": [],
        "driver": None,
        "cuda": None,
        "cudnn": None,
        "numerics": {"tf32": None, "oneDnn": None, "deterministicOps": None},
        "threads": {"intraOp": 1, "interOp": 1},
        "parameters": {"requested": {}, "effective": {}},
        "shared": [],
        "seeds": {},
        "switches": {},
        "code": {"runner": "0.1.0", "runnerSha256": "1" * 64, "user": None},
        "data": {
            "source": "made",
            "trainSha256": "2" * 64,
            "testSha256": "3" * 64,
            "trainExamples": 8,
            "testExamples": 4,
        },
        **changes,
    }


def timing(**changes: object) -> dict[str, Any]:
    """Return a valid timing.json."""
    return {
        "schemaVersion": 1,
        "wallSeconds": 2.0,
        "stepSeconds": [0.1, 0.3],
        "peakHostBytes": 1000,
        "peakDeviceBytes": None,
        "peakDeviceReason": "no device",
        **changes,
    }


def diverged(done: Training) -> Training:
    """Return the same trial, Diverged."""
    return replace(done, outcome=names.DIVERGED)
