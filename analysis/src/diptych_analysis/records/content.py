"""What the files of an attempt hold, each verified as it is read, none kept that is large."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import numpy as np

from diptych_analysis.errors import RefusalError
from diptych_analysis.evaluators import Evaluator, ShapeError
from diptych_analysis.records import losses, npz
from diptych_analysis.records.environment import setup_of, timing_of
from diptych_analysis.records.files import (
    NPZ,
    check_bytes,
    check_file,
    checkpoint_path,
    opened,
    read_file,
)
from diptych_analysis.records.outcome import Setup, Timing
from diptych_analysis.records.reader import Reader
from diptych_runner.contract import names


@dataclass
class Content:
    """The verified content of an attempt; the fields are those of `Committed`."""

    setup: Setup | None = None
    timing: Timing | None = None
    losses_sha256: str | None = None
    non_finite_step: int | None = None
    shapes: dict[str, tuple[int, ...]] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    reported: dict[str, float] = field(default_factory=dict)
    inputs_sha256: str | None = None
    first_batch: str | None = None
    first_masks: str | None = None


def read_content(
    reader: Reader, base: str, manifest: Mapping[str, Any], evaluators: Mapping[str, Evaluator]
) -> Content:
    """Read every file that a manifest lists; raise RefusalError at the first that is off."""
    _check_required(manifest)
    content = Content()
    for path, entry in sorted(manifest["files"].items()):
        if path.endswith(NPZ):
            with opened(reader, base, path) as file:
                check_file(path, file, entry)
                _take_arrays(content, path, file, manifest, evaluators)
        else:
            data = read_file(reader, base, path, entry["sha256"])
            check_bytes(path, len(data), entry)
            _take_document(content, path, data, manifest)
    return content


def _take_document(content: Content, path: str, data: bytes, manifest: Mapping[str, Any]) -> None:
    if path == names.METRICS_FILE:
        lines = _lines(data, manifest)
        content.losses_sha256 = losses.digest(lines)
        content.non_finite_step = losses.first_non_finite(lines)
        content.reported = losses.reported_of(lines)
    elif path == names.INPUTS_FILE:
        first = json.loads(data.partition(b"\n")[0] or b"{}")
        content.first_batch, content.first_masks = first.get("batch"), first.get("masks")
        # Code of one's own may go on in a loop of its own after `fit`: nobody saw those batches.
        if data.count(b"\n") >= manifest["stepsCompleted"] > 0:
            content.inputs_sha256 = manifest["files"][path]["sha256"]
    elif path == names.ENVIRONMENT_FILE:
        content.setup = setup_of(data)
    elif path == names.TIMING_FILE:
        content.timing = timing_of(data)


def _take_arrays(
    content: Content,
    path: str,
    file: BinaryIO,
    manifest: Mapping[str, Any],
    evaluators: Mapping[str, Evaluator],
) -> None:
    arrays = npz.arrays_of(path, file, manifest["arrays"][path])
    if path != names.PREDICTIONS_FILE:
        for _ in arrays:
            pass  # reading verifies; one array at a time is in memory
        return
    predictions = dict(arrays)
    if set(predictions) != {names.OUTPUTS_KEY, names.TARGETS_KEY}:
        raise RefusalError(path, "does not have the arrays outputs and targets")
    content.shapes = {key: array.shape for key, array in predictions.items()}
    if manifest["outcome"] == names.SUCCEEDED:
        content.metrics = _evaluate(predictions, evaluators)


def _check_required(manifest: Mapping[str, Any]) -> None:
    """Refuse a Succeeded record that lacks a file; other outcomes keep what they could write."""
    if manifest["outcome"] != names.SUCCEEDED:
        return
    for path in (
        names.METRICS_FILE,
        names.ENVIRONMENT_FILE,
        names.TIMING_FILE,
        names.PREDICTIONS_FILE,
        checkpoint_path(manifest["stepsCompleted"]),
    ):
        if path not in manifest["files"]:
            raise RefusalError(path, "the manifest of this Succeeded trial does not list it")


def _evaluate(
    predictions: Mapping[str, npz.Array], evaluators: Mapping[str, Evaluator]
) -> dict[str, float]:
    for key, array in sorted(predictions.items()):
        if array.dtype.kind not in "biuf":
            raise RefusalError(names.PREDICTIONS_FILE, f"{key} has dtype {array.dtype}")
        if not np.isfinite(array).all():
            raise RefusalError(
                names.PREDICTIONS_FILE, f"{key} is not finite although the trial Succeeded"
            )
    outputs, targets = predictions[names.OUTPUTS_KEY], predictions[names.TARGETS_KEY]
    try:
        return {name: evaluate(outputs, targets) for name, evaluate in evaluators.items()}
    except ShapeError as error:
        raise RefusalError(names.PREDICTIONS_FILE, str(error)) from error


def _lines(data: bytes, manifest: Mapping[str, Any]) -> list[dict[str, float]]:
    lines = losses.read_lines(names.METRICS_FILE, data)
    if manifest["outcome"] != names.SUCCEEDED:
        return lines
    steps = manifest["stepsCompleted"]
    if len(lines) != steps:
        raise RefusalError(names.METRICS_FILE, f"has {len(lines)} lines for {steps} steps")
    step = losses.first_non_finite(lines)
    if step is not None:
        raise RefusalError(
            names.METRICS_FILE, f"train_loss of step {step} is not finite in a Succeeded trial"
        )
    return lines
