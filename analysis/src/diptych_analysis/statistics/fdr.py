"""Benjamini and Hochberg's correction: of what is called different, the share that is not.

For screens of many questions of which none decides: secondary metrics, settings, classes. Among
those that it lets through at most a share alpha is expected to be false, where Holm's correction
(`holm`) holds the chance of even one.
"""

from collections.abc import Sequence

import numpy as np
from scipy import stats


def false_discovery(p_values: Sequence[float | None]) -> list[float | None]:
    """Return Benjamini-Hochberg-adjusted p values in the given order; None stays None.

    A question that could not be tested is left out: it can be no discovery. Source: Benjamini and
    Hochberg (1995), J. R. Statist. Soc. B 57, 289-300; valid for independent and positively
    dependent tests.
    """
    known = [place for place, p in enumerate(p_values) if p is not None]
    adjusted: list[float | None] = [None] * len(p_values)
    if known:
        found = stats.false_discovery_control(np.array([p_values[place] for place in known], float))
        for place, p in zip(known, found, strict=True):
            adjusted[place] = float(p)
    return adjusted
