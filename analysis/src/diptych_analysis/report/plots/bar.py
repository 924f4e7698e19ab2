"""A bar inside a table's cell, on a log scale over all rows."""

import math

from markupsafe import Markup

from diptych_analysis.report.plots.svg import element, rectangle

_WIDTH, _HEIGHT = 110.0, 12.0
#: Factor below the largest value at which a bar has no length left.
_DECADES = 8.0


def bar(value: float | None, largest: float) -> Markup:
    """Return a bar for a value of at most `largest`; nothing for 0 and unknown values."""
    if not value or largest <= 0:
        return Markup("")
    share = max(0.02, 1 + math.log10(min(1.0, value / largest)) / _DECADES)
    return element(
        "svg",
        rectangle(0.0, 1.0, share * _WIDTH, _HEIGHT - 2, "bar"),
        class_="cell-bar",
        viewBox=f"0 0 {_WIDTH:g} {_HEIGHT:g}",
        aria_hidden="true",
    )
