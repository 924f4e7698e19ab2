"""The axes around a plot: grid, ticks with their labels, titles."""

from collections.abc import Sequence
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


def labels(ticks: Sequence[float]) -> list[str]:
    """Return the ticks' labels, with as few digits as tell them apart.

    >>> labels([4.4222301, 4.4222302]), labels([0.0, 1e-05])
    (['4.4222301', '4.4222302'], ['0', '10⁻⁵'])
    """
    found = [number(tick, 6) for tick in ticks]
    for digits in range(7, 17):
        if len(set(found)) == len(ticks):
            break
        found = [number(tick, digits) for tick in ticks]
    return found


def x_axis(scale: Scale, box: Box, title: str, size: Size) -> Markup:
    """Return the grid lines, labels and title of a horizontal axis below the box."""
    most = max(2, int((box.right - box.left) / 64))
    base = box.bottom + size.text + 4
    parts: list[Markup] = []
    ticks = _labelled(scale, most)
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
    ticks = _labelled(scale, most)
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
    return max((width_of(words, size) for _, words in _labelled(scale, most)), default=20) + 10


def _labelled(scale: Scale, most: int) -> list[tuple[float, str]]:
    ticks = scale.ticks(most)
    return list(zip(map(scale, ticks), labels(ticks), strict=True))
