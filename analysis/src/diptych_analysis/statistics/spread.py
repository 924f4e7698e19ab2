"""Standard deviations that neither overflow nor underflow, and the noise floor from them."""

import math
from collections.abc import Iterable, Sequence

import numpy as np

from diptych_analysis.statistics.sample import Floats, Sample, Values, mean


def standard_deviation(values: Sequence[float] | Floats) -> float | None:
    """Return the sample standard deviation (n - 1); None for fewer than two values.

    Exactly 0 for equal values; scaled by the largest deviation, so that squares stay in range.
    """
    return pooled([values])


def pooled(groups: Iterable[Sequence[float] | Floats]) -> float | None:
    """Return the pooled sample standard deviation of groups around their own means.

    sqrt(sum of squared deviations / sum of (n - 1)); None when no group has two values, infinite
    when a deviation leaves float64.
    """
    deviations: list[float] = []
    freedom = 0
    for group in groups:
        if len(group) < 2:
            continue
        centre = mean(group)
        deviations.extend(float(value) - centre for value in group)
        freedom += len(group) - 1
    if freedom == 0:
        return None
    return root_mean_square(deviations, count=freedom)


def root_mean_square(values: Sequence[float] | Floats, count: int | None = None) -> float:
    """Return sqrt(sum of squares / count); `count` is the number of values when not given."""
    scale = max(abs(float(value)) for value in values)
    if scale == 0 or not math.isfinite(scale):
        return scale
    squares = math.fsum((float(value) / scale) ** 2 for value in values)
    return scale * math.sqrt(squares / (count or len(values)))


def same_seed(*versions: Values) -> float | None:
    """Return the pooled sd over repeats of one version and seed; None without repeats."""
    return pooled(values for version in versions for values in version.values())


def between_seeds(sample: Sample) -> float | None:
    """Return the sd over paired seeds, pooled over both versions; None for fewer than two."""
    return pooled([sample.baseline, sample.candidate])


def correlation(sample: Sample) -> float | None:
    """Return Pearson's correlation over seeds.

    None for fewer than three seeds, where it is +1 or -1 by construction, and when a version
    does not vary.
    """
    if sample.count < 3:
        return None
    rows = [_standardised(sample.baseline), _standardised(sample.candidate)]
    if rows[0] is None or rows[1] is None:
        return None
    value = float(np.clip(np.dot(rows[0], rows[1]), -1.0, 1.0))
    return value if math.isfinite(value) else None


def pairing_gain(sample: Sample) -> float | None:
    """Return the unpaired standard error over the paired one: how much narrower pairing makes it.

    Below 1 pairing costs. sqrt(var(baseline) + var(candidate)) / sd(differences), for both are
    over the same seeds; None for fewer than two seeds, and when the differences do not vary.
    """
    found = [standard_deviation(v) for v in (sample.baseline, sample.candidate, sample.differences)]
    known = [deviation for deviation in found if deviation is not None]
    if len(known) < 3 or not all(math.isfinite(deviation) for deviation in known):
        return None
    left, right, paired = known
    if paired <= sample.rounding:
        return None
    gain = math.hypot(left / paired, right / paired)
    return gain if math.isfinite(gain) else None


def _standardised(values: Floats) -> Floats | None:
    scale = standard_deviation(values)
    if not scale or not math.isfinite(scale):
        return None
    centred = (values - mean(values)) / scale
    norm = float(np.linalg.norm(centred))
    return centred / norm if norm else None
