"""Numbers with as many decimals as their interval deserves: two digits of its half-width."""

import math

from diptych_analysis.report.numbers import NONE, number

Bounds = tuple[float, float]

#: More decimals than this are read as powers of ten.
_MOST_DECIMALS = 6
_PLAIN_DIGITS = 4


def decimals_of(ends: Bounds | None) -> int | None:
    """Return how many decimals show two digits of an interval's half-width; None without width.

    >>> decimals_of((-0.0043, 0.0037)), decimals_of((-25.0, 30.0)), decimals_of((0.0, 0.0))
    (4, 0, None)
    """
    if ends is None:
        return None
    half = (ends[1] - ends[0]) / 2
    if half <= 0 or not math.isfinite(half):
        return None
    return max(0, 1 - math.floor(math.log10(half)))


def rounded(value: float | None, decimals: int | None) -> str:
    """Return a number with so many decimals, or with four digits where they are too many.

    >>> rounded(-0.00027777, 4), rounded(0.86638, 4), rounded(1.234567, None), rounded(0.0, 4)
    ('−0.0003', '0.8664', '1.235', '0')
    """
    if value is None or decimals is None or decimals > _MOST_DECIMALS:
        return number(value, _PLAIN_DIGITS)
    if value == 0:
        return "0"
    text = f"{value:.{decimals}f}"
    if float(text) == 0:
        text = text.removeprefix("-")
    return text.replace("-", "−", 1)


def between(ends: Bounds | None, decimals: int | None) -> str:
    """Return an interval with so many decimals, or a dash.

    >>> between((-0.004301, 0.003746), 4)
    '−0.0043 to 0.0037'
    """
    return NONE if ends is None else f"{rounded(ends[0], decimals)} to {rounded(ends[1], decimals)}"


def with_interval(value: float, ends: Bounds | None, unit: str = "") -> str:
    """Return a number and its 95 % interval in brackets.

    >>> with_interval(1.2345, (0.91, 1.6)), with_interval(3.0, None, " %")
    ('1.23 (0.91 to 1.60)', '3 %')
    """
    decimals = decimals_of(ends)
    if ends is None or decimals is None:
        return number(value, 3) + unit
    return f"{rounded(value, decimals)}{unit} ({between(ends, decimals)}{unit})"


def margin_of(value: float) -> str:
    """Return a margin with as many digits as it was declared with, near enough.

    >>> margin_of(0.005), margin_of(0.0103441)
    ('0.005', '0.0103')
    """
    return number(value, 3)
