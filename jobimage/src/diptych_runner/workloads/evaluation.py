"""Metrics of a classifier while it learns, in float64, the same bits whatever NumPy computes them.

Sums are exact (`math.fsum`) and logarithms the C library's: NumPy's own choose their kernels, and
with them the last bit, by version and CPU. The verdict does not rest on these numbers: it
recomputes metrics from the recorded predictions.
"""

import math
from typing import Dict

import numpy as np

from diptych_runner.frameworks.base import CUSTOM, CUSTOM_LOSS_SQUARE

#: Keras's epsilon: probabilities are clipped to [1e-7, 1 - 1e-7] before the logarithm.
SMALLEST_PROBABILITY = 1e-7


def evaluate(outputs: np.ndarray, labels: np.ndarray, loss: str) -> Dict[str, float]:
    """Return test_loss and test_accuracy of outputs (n, classes) against labels (n,)."""
    test_loss = custom_loss if loss == CUSTOM else crossentropy
    return {"test_loss": test_loss(outputs, labels), "test_accuracy": accuracy(outputs, labels)}


def accuracy(outputs: np.ndarray, labels: np.ndarray) -> float:
    """Return the share of rows whose largest output (the first of equals) is the label's.

    A row with a NaN counts as wrong.
    """
    right = (np.argmax(outputs, axis=1) == labels) & ~np.isnan(outputs).any(axis=1)
    return int(np.sum(right)) / len(labels)


def crossentropy(outputs: np.ndarray, labels: np.ndarray) -> float:
    """Return the mean of -ln of the probability that each row gives its label."""
    chosen = outputs[np.arange(len(labels)), labels].astype(np.float64)
    clipped = np.clip(chosen, SMALLEST_PROBABILITY, 1.0 - SMALLEST_PROBABILITY)
    if not np.all(np.isfinite(clipped)):
        return float("nan")
    return math.fsum(-math.log(value) for value in clipped.tolist()) / len(labels)


def custom_loss(outputs: np.ndarray, labels: np.ndarray) -> float:
    """Return the mean of |y - yhat| + 0.001 yhat^2, each label against every output of its row."""
    wide = outputs.astype(np.float64)
    terms = np.abs(labels.astype(np.float64).reshape(-1, 1) - wide)
    terms = terms + CUSTOM_LOSS_SQUARE * np.square(wide)
    if not np.all(np.isfinite(terms)):
        return float("nan")
    return math.fsum(terms.ravel().tolist()) / terms.size
