"""The axes around a plot: grid, ticks with their labels, titles."""

from dataclasses import dataclass

from markupsafe import Markup

from diptych_analysis.report.numbers import number
from diptych_analysis.report.plots.scales import Scale
from diptych_analysis.report.plots.svg import Size, line, text, width_of


@dataclass(frozen=True)
class Box:
    """The area that values are drawn in, inside a plot."""

    left: float
    top: float
    right: float
    bottom: float


def label(value: float) -> str:
    """Return a tick's label."""
    return number(value, 6)


def x_axis(scale: Scale, box: Box, title: str, size: Size) -> Markup:
    """Return the grid lines, labels and title of a horizontal axis below the box."""
    most = max(2, int((box.right - box.left) / 64))
    base = box.bottom + size.text + 4
    parts: list[Markup] = []
    ticks = [(scale(tick), label(tick)) for tick in scale.ticks(most)]
    if scale.zero is not None:
        ticks.insert(0, (scale.zero, "0"))
    ends = -1e9
    for x, words in ticks:
        parts.append(line(x, box.top, x, box.bottom, "grid"))
        half = width_of(words, size) / 2
        if x - half > ends + 4:  # a label that would touch the one before is left out
            parts.append(text(x, base, words, "tick", "middle"))
            ends = x + half
    parts.append(line(box.left, box.bottom, box.right, box.bottom, "axis"))
    middle = (box.left + box.right) / 2
    parts.append(text(middle, base + size.text + 5, title, "title", "middle"))
    return Markup("").join(parts)


def y_axis(scale: Scale, box: Box, size: Size) -> Markup:
    """Return the grid lines and labels of a vertical axis left of the box."""
    most = max(2, int(abs(scale.end - scale.start) / 32))
    parts: list[Markup] = []
    ticks = [(scale(tick), label(tick)) for tick in scale.ticks(most)]
    if scale.zero is not None:
        ticks.insert(0, (scale.zero, "0"))
    for y, words in ticks:
        parts.append(line(box.left, y, box.right, y, "grid"))
        parts.append(text(box.left - 6, y + size.text * 0.35, words, "tick", "end"))
    parts.append(line(box.left, box.top, box.left, box.bottom, "axis"))
    return Markup("").join(parts)


def label_room(scale: Scale, size: Size) -> float:
    """Return how wide the labels of a vertical axis are."""
    most = max(2, int(abs(scale.end - scale.start) / 32))
    return max((width_of(label(tick), size) for tick in scale.ticks(most)), default=20) + 10
