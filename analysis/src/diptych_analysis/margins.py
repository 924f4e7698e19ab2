"""A metric's margin in its own unit."""

import math
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from diptych_analysis.errors import AnalysisError


def margin_of(metric: Mapping[str, Any], baseline_mean: float | None) -> float | None:
    """Return the margin of a plan's metric in the metric's unit; None when it has none.

    An absolute margin wins over a relative one, which is a percentage of |baseline mean|; that is
    no margin when the mean is 0, unknown or not finite. Raises AnalysisError for a margin that is
    not a decimal of at least 0.
    """
    if metric["margin"] is not None:
        return _decimal(metric["name"], metric["margin"])
    if metric["relativeMargin"] is None:
        return None
    if not baseline_mean or not math.isfinite(baseline_mean):
        return None
    return share_of(metric) * abs(baseline_mean)


def share_of(metric: Mapping[str, Any]) -> float:
    """Return a plan's relative margin as a share of the baseline's mean, 0.02 for "2%".

    Raises AnalysisError as `margin_of` does; there must be a relative margin.
    """
    return _decimal(metric["name"], metric["relativeMargin"].removesuffix("%")) / 100


def _decimal(name: str, text: str) -> float:
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise AnalysisError(f"plan.json: margin {text!r} of {name} is not a decimal") from error
    if not number.is_finite() or number < 0 or not math.isfinite(float(number)):
        raise AnalysisError(f"plan.json: margin {text!r} of {name} is below 0 or not finite")
    return float(number)
