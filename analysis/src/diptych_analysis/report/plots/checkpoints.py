"""How far apart all weights are at every kept checkpoint."""

from collections.abc import Sequence

from markupsafe import Markup

from diptych_analysis.report.curves import Band, Point
from diptych_analysis.report.plots.curves import band_line
from diptych_analysis.report.plots.frame import Box, label_room, x_axis, y_axis
from diptych_analysis.report.plots.scales import linear, logarithmic
from diptych_analysis.report.plots.svg import NARROW, Size, drawing

_HEIGHT, _LOW_HEIGHT = 230, 200


def weights_by_step(points: Sequence[tuple[int, float]], size: Size) -> Markup:
    """Return the plot of (step, relative L2) on a log scale; 0 lies on its own line below."""
    height = _LOW_HEIGHT if size is NARROW else _HEIGHT
    bottom = height - 2 * size.text - 14.0
    y = logarithmic([value for _, value in points], bottom, 10.0)
    box = Box(max(30.0, label_room(y, size)), 10.0, size.width - 14.0, bottom)
    x = linear([0, max(step for step, _ in points)], box.left, box.right, pad=0.01)
    band = Band(tuple(Point(step, value, value, value) for step, value in points), 1)
    parts = [y_axis(y, box, size), x_axis(x, box, "step (vertical axis: log scale)", size)]
    parts.append(band_line(band, x, y, "apart"))
    told = "Relative L2 distance of all trained weights, the largest over seeds, by step."
    return drawing(size, height, "Distance of the weights by step", told, *parts)
