"""What each control leaves of the per-seed distance, against its same-seed floor."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from diptych_analysis.percents import percent
from diptych_analysis.report.numbers import number
from diptych_analysis.report.plots.frame import Box, x_axis
from diptych_analysis.report.plots.scales import LOG_FROM, Scale, linear, logarithmic
from diptych_analysis.report.plots.svg import NARROW, Size, drawing, element, line, rectangle, text

_ROW = 34


#: What stands in the place of a share that says nothing.
_NOT_SHOWN = {"NotProved": "not proved", "RuledOut": "ruled out"}


@dataclass(frozen=True)
class Rung:
    """One control: the distance left, its floor, the share it explains, and that share's ends."""

    control: str
    distance: float | None
    floor: float | None
    explains: float | None
    between: tuple[float, float] | None = None
    evidence: str | None = None

    @property
    def ends(self) -> str:
        """The interval of the share; nothing where there is none, or it says nothing."""
        if self.between is None or self.between[0] == self.between[1]:
            return ""
        if self.evidence == "RuledOut":
            return ""
        return f"{100 * self.between[0]:.0f} to {100 * self.between[1]:.0f} %"

    @property
    def share(self) -> str:
        """The share, with its interval where that has a width, as far as it is shown."""
        if self.evidence == "RuledOut" or (self.evidence == "NotProved" and not self.ends):
            return self.short
        told = f"explains {percent(self.explains)}" + (f" ({self.ends})" if self.ends else "")
        return f"{told}, not proved" if self.evidence == "NotProved" else told

    @property
    def short(self) -> str:
        """The share alone; of one that is not shown, that."""
        return _NOT_SHOWN.get(self.evidence or "") or f"explains {percent(self.explains)}"


def ladder(rungs: Sequence[Rung], metric: str, size: Size) -> Markup:
    """Return the ladder, weakest control first; a log scale when distances are far apart."""
    narrow = size is NARROW
    left = 12.0 if narrow else 150.0
    row = _ROW + 18.0 if narrow else float(_ROW)
    box = Box(left, 8.0, size.width - (16 if narrow else 150), 8 + row * len(rungs))
    scale = _scale(rungs, box)
    kind = " (log scale)" if scale.log else ""
    parts = [x_axis(scale, box, f"distance per seed in {metric}{kind}", size)]
    for place, rung in enumerate(rungs):
        parts.append(_rung(rung, scale, box, box.top + place * row, size))
    height = box.bottom + 2 * size.text + 16
    return drawing(size, height, f"What explains the distance in {metric}", told(rungs), *parts)


def told(rungs: Sequence[Rung]) -> str:
    """Return what the plot shows in words."""
    return " ".join(
        f"{rung.control}: {number(rung.distance, 3)}"
        + ("." if rung.explains is None else f", {rung.share}.")
        for rung in rungs
    )


def _scale(rungs: Sequence[Rung], box: Box) -> Scale:
    values = [value for rung in rungs for value in (rung.distance, rung.floor) if value is not None]
    positive = [value for value in values if value > 0]
    if positive and max(positive) / min(positive) >= LOG_FROM:
        return logarithmic(values, box.left, box.right)
    scale = linear([0.0, *values], box.left, box.right)
    return Scale(0.0, scale.high, box.left, box.right, log=False)


def _rung(rung: Rung, scale: Scale, box: Box, start: float, size: Size) -> Markup:
    narrow, first = size is NARROW, start == box.top
    lane = start + (_ROW + 34 if narrow else _ROW) / 2
    # In a wide figure the interval has a line of its own.
    share = rung.share if narrow else rung.short
    share = "verdict’s control" if first else share
    parts = []
    if narrow:
        parts.append(text(2, start + size.text + 3, rung.control, "label"))
        parts.append(text(size.width - 4, start + size.text + 3, share, "tick", "end"))
    else:
        parts.append(text(box.left - 10, lane + size.text * 0.35, rung.control, "label", "end"))
        height = lane + size.text * (-0.2 if rung.ends else 0.35)
        parts.append(text(box.right + 8, height, share, "tick"))
        if rung.ends:
            parts.append(text(box.right + 8, height + 1.2 * size.text, rung.ends, "tick"))
    if rung.distance is None:
        middle = (box.left + box.right) / 2
        return Markup("").join([*parts, text(middle, lane + 4, "not run", "tick", "middle")])
    end = scale(rung.distance)
    parts.append(rectangle(box.left, lane - 6, end - box.left, 12, "bar"))
    parts.append(element("circle", cx=end, cy=lane, r=5, class_="point"))
    if rung.floor is not None:
        floor = scale(rung.floor)
        parts.append(line(floor, lane - 11, floor, lane + 11, "floor"))
    return Markup("").join(parts)
