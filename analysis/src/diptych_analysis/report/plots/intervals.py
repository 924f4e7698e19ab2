"""The difference of one metric against its margin: a row for each candidate and setting."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from diptych_analysis.report.numbers import interval, number
from diptych_analysis.report.plots.frame import Box, x_axis
from diptych_analysis.report.plots.scales import Scale, linear
from diptych_analysis.report.plots.svg import (
    NARROW,
    Size,
    diamond,
    drawing,
    line,
    rectangle,
    shortened,
    text,
    width_of,
)

#: Which sides of 0 the margin bounds.
BOTH, BELOW, ABOVE = "both", "below", "above"
#: Title of the axis.
DIFFERENCE = "difference in {}, candidate − baseline"
_ROW = 46


@dataclass(frozen=True)
class Row:
    """One row: a difference with both intervals, its margin and the side that is tested."""

    name: str
    verdict: str
    difference: float | None
    interval: tuple[float, float] | None
    equivalence: tuple[float, float] | None
    margin: float | None
    side: str = BOTH


def intervals(
    rows: Sequence[Row],
    metric: str,
    size: Size,
    axis: str = DIFFERENCE,
) -> Markup:
    """Return the plot of one metric's rows; `axis` is the title of what is drawn."""
    named = size is not NARROW
    longest = max(len(words) for row in rows for words in (row.name, row.verdict))
    left = min(230.0, 34 + width_of("n" * longest, size)) if named else 12.0
    top = 8.0
    row_height = _ROW if named else _ROW + 18
    box = Box(left, top, size.width - 16, top + row_height * len(rows))
    scale = linear(_values(rows), box.left, box.right)
    parts = [x_axis(scale, box, axis.format(metric), size)]
    for place, row in enumerate(rows):
        start = box.top + place * row_height
        parts.append(_row(row, scale, box, (start, row_height), size))
    if scale.low <= 0 <= scale.high:
        parts.append(line(scale(0), box.top, scale(0), box.bottom, "zero"))
    height = box.bottom + 2 * size.text + 16
    margins = any(row.margin is not None for row in rows)
    title = f"{metric}: difference against margin" if margins else axis.format(metric)
    return drawing(size, height, title, told(rows), *parts)


def told(rows: Sequence[Row]) -> str:
    """Return what the plot shows in words."""
    return " ".join(
        f"{row.name}: {row.verdict}, difference {number(row.difference)}, interval "
        f"{interval(row.interval)}, margin {number(row.margin)}."
        for row in rows
    )


def _row(row: Row, scale: Scale, box: Box, place: tuple[float, float], size: Size) -> Markup:
    start, height = place
    lane = start + (height if size is not NARROW else height + 18) / 2
    parts = []
    if row.margin is not None:
        low = box.left if row.side == ABOVE else scale(-row.margin)
        high = box.right if row.side == BELOW else scale(row.margin)
        parts.append(rectangle(low, lane - 15, high - low, 30, "margin"))
        parts += [line(x, lane - 15, x, lane + 15, "margin-end") for x in _ends(row, scale)]
    if size is NARROW:
        parts.append(text(2, start + size.text + 2, shortened(row.name, 200, size), "label"))
        parts.append(text(size.width - 4, start + size.text + 2, row.verdict, "tick", "end"))
    else:
        name = shortened(row.name, box.left - 30, size)
        parts.append(text(box.left - 10, lane - 3, name, "label", "end"))
        parts.append(text(box.left - 10, lane + 14, row.verdict, "tick", "end"))
    if row.interval is not None:
        low, high = (scale(end) for end in row.interval)
        parts.append(line(low, lane, high, lane, "whisker"))
        parts += [line(x, lane - 6, x, lane + 6, "whisker") for x in (low, high)]
    if row.equivalence is not None:
        low, high = (scale(end) for end in row.equivalence)
        parts.append(rectangle(low, lane - 3.5, high - low, 7, "inner"))
    if row.difference is not None:
        parts.append(diamond(scale(row.difference), lane, 5.5, "point"))
    else:
        parts.append(text((box.left + box.right) / 2, lane + 4, "no number", "tick", "middle"))
    return Markup("").join(parts)


def _ends(row: Row, scale: Scale) -> list[float]:
    margin = row.margin or 0.0
    return [
        scale(end)
        for end, open_side in ((-margin, ABOVE), (margin, BELOW))
        if row.side != open_side
    ]


def _values(rows: Sequence[Row]) -> list[float]:
    values = [0.0]
    for row in rows:
        values += [*(row.interval or ()), *(row.equivalence or ())]
        values += [] if row.difference is None else [row.difference]
        values += [] if row.margin is None else [-row.margin, row.margin]
    return values
