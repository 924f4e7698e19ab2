"""Sizes of a difference that need no unit: in standard deviations, and as a probability."""

import math

import numpy as np

from diptych_analysis.statistics.sample import Sample


def in_units_of(difference: float | None, deviation: float | None) -> float | None:
    """Return a difference in standard deviations; None where either is unknown or the unit is 0."""
    if difference is None or not deviation or not math.isfinite(deviation):
        return None
    return difference / deviation


def probability_better(sample: Sample, *, higher_is_better: bool) -> float | None:
    """Return how often a candidate's training beats a baseline's of any seed; ties count half.

    Over all pairs of trainings, not only those of one seed: Mann and Whitney's statistic over its
    number of pairs. Bouthillier et al. (2021), MLSys, on why this number. None without seeds.
    """
    if sample.count == 0:
        return None
    ordered = np.sort(sample.baseline)
    below = np.searchsorted(ordered, sample.candidate, side="left")
    upto = np.searchsorted(ordered, sample.candidate, side="right")
    above = float(np.mean((below + upto) / 2)) / sample.count
    return above if higher_is_better else 1 - above
