"""A bar inside a table's cell, on a log scale over all rows."""

import math

from markupsafe import Markup

from diptych_analysis.report.plots.svg import element, rectangle

_WIDTH, _HEIGHT = 110.0, 12.0
#: Length of the smallest value's bar, and the most decades that all of them span.
_SHORTEST, _MOST_DECADES = 0.1, 8.0


def bar(value: float | None, ends: tuple[float, float]) -> Markup:
    """Return a bar for a value between `ends`, all rows' own; nothing for 0 and unknown values."""
    smallest, largest = ends
    if not value or largest <= 0:
        return Markup("")
    # At least one decade, or values that are nearly equal would look far apart.
    top = math.log10(largest)
    decades = min(_MOST_DECADES, max(1.0, top - math.log10(smallest)))
    share = max(_SHORTEST, 1 - (1 - _SHORTEST) * (top - math.log10(value)) / decades)
    return element(
        "svg",
        rectangle(0.0, 1.0, share * _WIDTH, _HEIGHT - 2, "bar"),
        class_="cell-bar",
        viewBox=f"0 0 {_WIDTH:g} {_HEIGHT:g}",
        aria_hidden="true",
    )
