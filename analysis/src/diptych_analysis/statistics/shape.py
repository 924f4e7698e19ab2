"""Whether differences look like a law at which nominal levels do not hold.

Student's t and the flips need differences that are symmetric, which exchangeable versions and
shifts of one law give; where the two versions follow laws of different shapes, differences are
skewed, and every interval here misses more often than it says.
"""

import numpy as np
from scipy import stats

from diptych_analysis.statistics.sample import Floats

#: The fewest values in which skewness can be told from chance, and tails.
FEWEST_FOR_SKEWNESS = 8
FEWEST_FOR_TAILS = 20


def skewness(values: Floats) -> tuple[float, float] | None:
    """Return the sample skewness and the p of "a normal law gave it"; None where none is told.

    D'Agostino (1970), Biometrika 57, 679-681.
    """
    scaled = _scaled(values, FEWEST_FOR_SKEWNESS)
    if scaled is None:
        return None
    return float(stats.skew(scaled)), float(stats.skewtest(scaled).pvalue)


def tails(values: Floats) -> tuple[float, float] | None:
    """Return the excess kurtosis and the p of "a normal law gave it"; None where none is told.

    Anscombe and Glynn (1983), Biometrika 70, 227-234.
    """
    scaled = _scaled(values, FEWEST_FOR_TAILS)
    if scaled is None:
        return None
    return float(stats.kurtosis(scaled)), float(stats.kurtosistest(scaled).pvalue)


def _scaled(values: Floats, fewest: int) -> Floats | None:
    """Return deviations from the mean over the largest; None for too few, or without any."""
    if len(values) < fewest:
        return None
    largest = float(np.max(np.abs(values)))
    if largest == 0 or not np.isfinite(largest):
        return None
    # Divided first, so that no sum leaves float64.
    deviations = values / largest - np.mean(values / largest)
    scale = float(np.max(np.abs(deviations)))
    if scale == 0:
        return None
    scaled: Floats = deviations / scale
    return scaled
