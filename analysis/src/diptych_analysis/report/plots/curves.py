"""One recorded number by step for two versions: median lines and bands over seeds."""

from markupsafe import Markup

from diptych_analysis.report.curves import Band, Curve, extremes
from diptych_analysis.report.plots.frame import Box, label_room, x_axis, y_axis
from diptych_analysis.report.plots.scales import Scale, fitting, linear
from diptych_analysis.report.plots.svg import NARROW, Size, drawing, element, path

_HEIGHT, _LOW_HEIGHT = 270, 220
#: A curve of so few points shows them.
_MARKED = 30


def curves(curve: Curve, steps: int, title: str, size: Size) -> Markup:
    """Return the plot of one number over all steps; a log scale when values are far apart."""
    height = _LOW_HEIGHT if size is NARROW else _HEIGHT
    bottom = height - 2 * size.text - 14.0
    found = extremes((curve.baseline, curve.candidate)) or (0.0, 1.0)
    y = fitting(found, bottom, 10.0)
    box = Box(label_room(y, size), 10.0, size.width - 14.0, bottom)
    x = linear([0, steps], box.left, box.right, pad=0.01)
    parts = [y_axis(y, box, size), x_axis(x, box, "step" + _kind(y), size)]
    for band, who in ((curve.baseline, "baseline"), (curve.candidate, "candidate")):
        parts.append(band_area(band, x, y, who))
    for band, who in ((curve.baseline, "baseline"), (curve.candidate, "candidate")):
        parts.append(band_line(band, x, y, who))
    told = f"Median over seeds with the range of all seeds, {title} by step, both versions."
    return drawing(size, height, f"{title} by step", told, *parts)


def band_area(band: Band, x: Scale, y: Scale, who: str) -> Markup:
    """Return the area between a band's ends."""
    upper = [(x(point.step), y(point.high)) for point in band.points]
    lower = [(x(point.step), y(point.low)) for point in reversed(band.points)]
    return path(upper + lower, f"band {who}", closed=True)


def band_line(band: Band, x: Scale, y: Scale, who: str) -> Markup:
    """Return a band's line, with marks when it has few points: circles or squares by version."""
    points = [(x(point.step), y(point.middle)) for point in band.points]
    parts = [path(points, f"curve {who}")] if len(points) > 1 else []
    if len(points) <= _MARKED:
        parts += [_mark(cx, cy, who) for cx, cy in points]
    return Markup("").join(parts)


def _mark(x: float, y: float, who: str) -> Markup:
    if who == "baseline":
        return element("circle", cx=x, cy=y, r=3.4, class_=f"mark {who}")
    return element("rect", x=x - 3, y=y - 3, width=6, height=6, class_=f"mark {who}")


def _kind(y: Scale) -> str:
    return " (vertical axis: log scale)" if y.log else ""
