"""What the report reads of a committed trial: COMMIT, manifest, then three small files by hash.

The analysis has verified the whole record, arrays included; here only what is shown is read
again, and verified again, one file at a time.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from diptych_analysis.errors import AnalysisError, RefusalError
from diptych_analysis.records import documents, losses
from diptych_analysis.records.files import COMPONENT, read_file, read_manifest
from diptych_analysis.records.reader import Reader
from diptych_runner.contract import hashing, names
from diptych_runner.contract.plan import Plan
from diptych_runner.contract.trials import Trial, path_of

T = TypeVar("T")
Numbers = npt.NDArray[np.float64]
Series = tuple[Numbers, Numbers]


@dataclass(frozen=True)
class Brief:
    """A committed trial in brief; `files` holds the sha256 of each file the report may read."""

    trial: Trial
    outcome: str
    attempt: str
    commit_sha256: str
    manifest_sha256: str
    steps: int
    error: Mapping[str, str] | None
    files: Mapping[str, str]

    @property
    def attempt_path(self) -> str:
        """The winning attempt's folder, relative to the comparison's."""
        return f"{path_of(self.trial)}/attempts/{self.attempt}"


def read_brief(reader: Reader, plan: Plan, trial: Trial) -> Brief:
    """Return a trial's COMMIT and manifest in brief; AnalysisError when they are not to trust."""
    return _trusted(path_of(trial), lambda: _brief(reader, plan, trial))


def read_series(reader: Reader, brief: Brief) -> dict[str, Series]:
    """Return (steps, values) of each number in metrics.jsonl by name, `train_loss` always."""
    lines = _load(reader, brief, names.METRICS_FILE, losses.read_lines) or []
    found: dict[str, tuple[list[float], list[float]]] = {losses.TRAIN_LOSS: ([], [])}
    for line in lines:
        for name, value in line.items():
            if name != "step":
                steps, values = found.setdefault(name, ([], []))
                steps.append(line["step"])
                values.append(value)
    return {name: (np.array(steps), np.array(values)) for name, (steps, values) in found.items()}


def read_environment(reader: Reader, brief: Brief) -> dict[str, Any] | None:
    """Return environment.json; None when the trial wrote none."""
    return _load(
        reader,
        brief,
        names.ENVIRONMENT_FILE,
        lambda path, data: documents.parse_as("environment", path, data),
    )


def read_timing(reader: Reader, brief: Brief) -> dict[str, Any] | None:
    """Return timing.json; None when the trial wrote none."""
    return _load(
        reader,
        brief,
        names.TIMING_FILE,
        lambda path, data: documents.parse_as("timing", path, data),
    )


def _brief(reader: Reader, plan: Plan, trial: Trial) -> Brief:
    data = read_file(reader, path_of(trial), names.COMMIT_FILE, None)
    commit = documents.parse_as("commit", names.COMMIT_FILE, data)
    if not COMPONENT.match(commit["attempt"]):
        raise RefusalError(names.COMMIT_FILE, f"attempt {commit['attempt']!r} is not allowed")
    if (commit["plan"], commit["trial"]) != plan.stated(trial):
        raise RefusalError(names.COMMIT_FILE, "is of another plan or trial")
    base = f"{path_of(trial)}/attempts/{commit['attempt']}"
    manifest = read_manifest(reader, base, commit["manifestSha256"])
    shown = (names.METRICS_FILE, names.ENVIRONMENT_FILE, names.TIMING_FILE)
    return Brief(
        trial=trial,
        outcome=commit["outcome"],
        attempt=commit["attempt"],
        commit_sha256=hashing.sha256_of_bytes(data),
        manifest_sha256=commit["manifestSha256"],
        steps=manifest["stepsCompleted"],
        error=manifest["error"],
        files={
            path: manifest["files"][path]["sha256"] for path in shown if path in manifest["files"]
        },
    )


def _load(reader: Reader, brief: Brief, path: str, parse: Callable[[str, bytes], T]) -> T | None:
    if path not in brief.files:
        return None
    return _trusted(
        brief.attempt_path,
        lambda: parse(path, read_file(reader, brief.attempt_path, path, brief.files[path])),
    )


def _trusted(place: str, load: Callable[[], T]) -> T:
    """Load what the analysis has accepted: a refusal now means that the store has changed."""
    try:
        return load()
    except RefusalError as refusal:
        raise AnalysisError(
            f"{place}/{refusal.path}: {refusal.why}; the record changed after it was analysed, so "
            "run the analysis again when nothing writes to the store"
        ) from refusal
