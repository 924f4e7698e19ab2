"""A metric's margin in its own unit."""

import math
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from diptych_analysis.errors import AnalysisError
from diptych_analysis.statistics.sample import Floats, mean


def margin_of(metric: Mapping[str, Any], baseline: Floats) -> float | None:
    """Return the margin of a plan's metric in the metric's unit; None when it has none.

    `baseline` holds its values by seed. An absolute margin wins over a relative one, which is a
    percentage of |baseline mean|; that is no margin where `is_share_of_nothing` says so. Raises
    AnalysisError for a margin that is not a decimal of at least 0.
    """
    if metric["margin"] is not None:
        return _decimal(metric["name"], metric["margin"])
    if metric["relativeMargin"] is None:
        return None
    share = share_of(metric)
    return None if is_share_of_nothing(baseline) else share * abs(mean(baseline))


def is_share_of_nothing(baseline: Floats) -> bool:
    """Say whether a share of the baseline's mean is no number to rely on.

    So it is of no seeds, of a mean that is 0 or not finite, and of values on both sides of 0: not
    even the mean's sign is known then.
    """
    centre = mean(baseline) if len(baseline) else 0.0
    return not centre or not math.isfinite(centre) or min(baseline) < 0 < max(baseline)


def share_of(metric: Mapping[str, Any]) -> float:
    """Return a plan's relative margin as a share of the baseline's mean, 0.02 for "2%".

    Raises AnalysisError as `margin_of` does; there must be a relative margin.
    """
    name, text = metric["name"], metric["relativeMargin"]
    if not text.endswith("%"):
        raise AnalysisError(
            f'plan.json: relativeMargin {text!r} of {name} is not a percentage, like "5%"'
        )
    return _decimal(name, text.removesuffix("%")) / 100


def _decimal(name: str, text: str) -> float:
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise AnalysisError(f"plan.json: margin {text!r} of {name} is not a decimal") from error
    if not number.is_finite() or number < 0 or not math.isfinite(float(number)):
        raise AnalysisError(f"plan.json: margin {text!r} of {name} is below 0 or not finite")
    return float(number)
