"""Numbers as people read them: few digits, a real minus sign, units that fit the size."""

import math

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
NONE = "–"


def number(value: float | None, digits: int = 4) -> str:
    """Return a number with some significant digits, or a dash.

    >>> number(1234.5678), number(-0.00000123), number(None), number(float("inf"))
    ('1235', '−1.23×10⁻⁶', '–', '∞')
    """
    if value is None or math.isnan(value):
        return NONE
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    text = f"{value + 0.0:.{digits}g}"  # -0.0 is 0
    if "e" in text:
        mantissa, exponent = text.split("e")
        power = "10" + str(int(exponent)).translate(_SUPERSCRIPTS)
        text = power if mantissa == "1" else f"{mantissa}×{power}"
    return text.replace("-", "−", 1) if text.startswith("-") else text


def interval(ends: tuple[float, float] | None) -> str:
    """Return an interval, or a dash.

    >>> interval((-0.5, 0.25))
    '−0.5 to 0.25'
    """
    return NONE if ends is None else f"{number(ends[0])} to {number(ends[1])}"


def seconds(value: float | None) -> str:
    """Return a duration in the unit that fits.

    >>> seconds(0.00014), seconds(0.27), seconds(75), seconds(7300)
    ('0.14 ms', '0.27 s', '1 min 15 s', '2 h 1 min')
    """
    if value is None:
        return NONE
    if value < 0.1:
        return f"{number(1000 * value, 3)} ms"
    if value < 60:
        return f"{number(value, 3)} s"
    whole = round(value)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def memory(value: float | None) -> str:
    """Return an amount of memory in the unit that fits.

    >>> memory(173465600), memory(None)
    ('165 MiB', '–')
    """
    if value is None:
        return NONE
    for unit in ("B", "KiB", "MiB"):
        if value < 1024:
            return f"{value:.3g} {unit}"
        value /= 1024
    return f"{value:.3g} GiB"


def factor(baseline: float | None, candidate: float | None) -> str:
    """Return how many times as much the candidate takes, or a dash.

    >>> factor(2.0, 3.0), factor(0.0, 1.0)
    ('1.5 ×', '–')
    """
    if not baseline or candidate is None:
        return NONE
    return f"{candidate / baseline:.3g} ×"


def count(amount: int, noun: str) -> str:
    """Return a number of things.

    >>> count(1, "seed"), count(12000, "trial")
    ('1 seed', '12,000 trials')
    """
    return f"{amount:,} {noun}" + ("" if amount == 1 else "s")
