"""A metric's value as a framework gives it: one number, or several."""

from typing import Any

import numpy as np


def number_of(value: Any) -> Any:
    """Return a metric's value as a float; one of several numbers as an array.

    >>> number_of(np.float32(0.5)), number_of([0.25, 1.0]).tolist()
    (0.5, [0.25, 1.0])
    """
    found = np.asarray(value)
    return float(found) if found.ndim == 0 else found
