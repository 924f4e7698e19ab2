"""predictions.npz of a classifier in brief: which class each example got, and how often rightly."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from diptych_analysis.records.npz import Array

Labels = npt.NDArray[np.int32]

#: The label of an example whose outputs are not numbers: no class.
NO_CLASS = -1
#: Rows of outputs that are looked at together.
_ROWS = 1 << 14


@dataclass(frozen=True)
class Predicted:
    """`labels` (examples,) are the classes predicted, `targets` (examples,) the right ones.

    `targets_sha256` is the hash of the test set's labels.
    """

    labels: Labels
    targets: Labels
    classes: int
    targets_sha256: str

    @property
    def recall(self) -> npt.NDArray[np.float64]:
        """The share of each class's examples that are predicted rightly; NaN without examples."""
        total = np.bincount(self.targets, minlength=self.classes)
        right = np.bincount(self.targets[self.labels == self.targets], minlength=self.classes)
        with np.errstate(invalid="ignore"):
            found: npt.NDArray[np.float64] = right / total
        return found


def predicted_of(outputs: Array, targets: Array, targets_sha256: str) -> Predicted | None:
    """Return the predictions of a classifier; None when outputs and targets are not of one.

    `outputs` (examples, classes) with two classes or more, `targets` (examples,) whole numbers
    from 0 to classes - 1. Of equal outputs the first class counts.
    """
    if not _is_classifier(outputs, targets):
        return None
    labels = np.empty(len(outputs), dtype=np.int32)
    for start in range(0, len(outputs), _ROWS):
        part = outputs[start : start + _ROWS]
        lost = np.isnan(part).any(axis=1)
        labels[start : start + _ROWS] = np.where(lost, NO_CLASS, np.argmax(part, axis=1))
    return Predicted(labels, targets.astype(np.int32), int(outputs.shape[1]), targets_sha256)


def _is_classifier(outputs: Array, targets: Array) -> bool:
    shapes: tuple[Any, ...] = (outputs.ndim, targets.shape)
    return (
        shapes == (2, outputs.shape[:1])
        and outputs.dtype.kind == "f"
        and targets.dtype.kind in "iu"
        and outputs.shape[0] > 0
        and outputs.shape[1] > 1
        and int(targets.min()) >= 0
        and int(targets.max()) < outputs.shape[1]
    )
