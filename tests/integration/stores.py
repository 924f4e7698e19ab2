"""Reads what a run left behind, and checks it against the published schemas."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
from numpy.typing import NDArray

import diptych_runner.contract
from diptych_runner.contract import hashing, names
from diptych_runner.contract.plan import Plan
from diptych_runner.contract.trials import Trial, path_of

SCHEMAS = Path(diptych_runner.contract.__file__).parent / "schemas"


class Record:
    """One committed trial."""

    def __init__(self, folder: Path, trial: Trial) -> None:
        self.trial = trial
        self.home = folder / path_of(trial)
        self.commit: dict[str, Any] = json.loads((self.home / names.COMMIT_FILE).read_bytes())
        self.folder = self.home / "attempts" / self.commit["attempt"]

    def document(self, name: str) -> dict[str, Any]:
        """Return one of the attempt's JSON documents."""
        document: dict[str, Any] = json.loads((self.folder / name).read_bytes())
        return document

    def arrays(self, name: str) -> dict[str, NDArray[Any]]:
        """Return an npz file's arrays."""
        content = io.BytesIO((self.folder / name).read_bytes())
        with np.load(content, allow_pickle=False) as archive:
            return {key: archive[key] for key in archive.files}

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The metrics, a line a step."""
        text = (self.folder / names.METRICS_FILE).read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]

    @property
    def inputs(self) -> list[dict[str, Any]]:
        """Digests of what each step was fed."""
        text = (self.folder / names.INPUTS_FILE).read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]

    @property
    def losses(self) -> list[float]:
        """Each step's loss."""
        return [line["train_loss"] for line in self.lines]

    def checkpoint(self, step: int) -> dict[str, NDArray[Any]]:
        """Return the tensors after a step."""
        return self.arrays(f"checkpoints/step-{step}.npz")


def records(plan: Plan, output: Path) -> Iterator[Record]:
    """Yield every trial of the plan; a trial without COMMIT is an error."""
    for trial in plan.trials():
        yield Record(output / plan.folder, trial)


def validate(name: str, document: object) -> None:
    """Check a document against its schema; raise jsonschema.ValidationError."""
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(document)


def validate_record(record: Record) -> None:
    """Check every file of a committed attempt against its schema and its hash."""
    validate("commit", record.commit)
    manifest = record.document(names.MANIFEST_FILE)
    validate("manifest", manifest)
    content = (record.folder / names.MANIFEST_FILE).read_bytes()
    assert hashing.sha256_of_bytes(content) == record.commit["manifestSha256"]
    validate("environment", record.document(names.ENVIRONMENT_FILE))
    validate("timing", record.document(names.TIMING_FILE))
    for line in record.lines:
        validate("metrics", line)
    assert len(record.inputs) == len(record.lines)
    for line in record.inputs:
        validate("inputs", line)
    for path, entry in manifest["files"].items():
        assert hashing.sha256_of_file(str(record.folder / path)) == entry["sha256"]
    for path, entries in manifest["arrays"].items():
        validate("npz", entries)
        for key, array in record.arrays(path).items():
            data = hashing.sha256_of_array(array.dtype.str, array.shape, array.tobytes())
            assert data == entries[key]["sha256"]


def comparable(record: Record) -> tuple[str, list[float], dict[str, Any]]:
    """Return everything of a record that two equal trainings have in common."""
    manifest = record.document(names.MANIFEST_FILE)
    return manifest["outcome"], record.losses, manifest["arrays"]
