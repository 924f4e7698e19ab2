"""Weights of examples that a script gives: as such, or by their classes."""

from typing import Any, Mapping, Optional

import numpy as np

from diptych_runner.module.errors import ModuleError


def weights_of(
    targets: np.ndarray, class_weight: Any, sample_weight: Any, share: float = 0.0
) -> Optional[np.ndarray]:
    """Return a float32 weight for each example; None where all count alike.

    `share` of the rows was cut off to validate on. Raises ModuleError for weights that do not fit
    the targets, are given in both ways, or would be needed for that share too.
    """
    if class_weight is not None and sample_weight is not None:
        # Some versions multiply them, others refuse.
        raise ModuleError(
            "run.keras: fit takes class_weight or sample_weight, not both; multiply them into "
            "sample_weight"
        )
    if class_weight is not None:
        return _by_class(targets, class_weight)
    if sample_weight is None:
        return None
    if share:
        raise ModuleError(
            "run.keras: fit with sample_weight takes no validation_split here; cut the arrays and "
            "give validation_data"
        )
    found = np.asarray(sample_weight)
    if found.shape != (len(targets),) or found.dtype.kind not in "biuf":
        raise ModuleError(
            "run.keras: fit takes sample_weight as one number for each of {} examples, not {} of "
            "shape {}".format(len(targets), found.dtype, list(found.shape))
        )
    return found.astype(np.float32)


def _by_class(targets: np.ndarray, class_weight: Any) -> np.ndarray:
    if not isinstance(class_weight, Mapping):
        raise ModuleError(
            "run.keras: fit takes class_weight as a dict of class to weight, not {}".format(
                type(class_weight).__name__
            )
        )
    rows = targets.reshape(len(targets), -1)
    labels = rows[:, 0] if rows.shape[1] == 1 else np.argmax(rows, axis=1)
    missing = sorted({int(label) for label in np.unique(labels)} - set(class_weight))
    if missing:
        raise ModuleError(
            "run.keras: class_weight has no weight for the classes {}; give each class one".format(
                ", ".join(map(str, missing))
            )
        )
    return np.array([class_weight[int(label)] for label in labels], dtype=np.float32)
