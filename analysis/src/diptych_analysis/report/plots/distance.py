"""How far apart the training losses of two versions are by step, against same-version repeats."""

from markupsafe import Markup

from diptych_analysis.report.curves import Band, Distance
from diptych_analysis.report.plots.curves import band_area, band_line
from diptych_analysis.report.plots.frame import Box, label_room, x_axis, y_axis
from diptych_analysis.report.plots.scales import linear, logarithmic
from diptych_analysis.report.plots.svg import NARROW, Size, drawing, path

_HEIGHT, _LOW_HEIGHT = 250, 210


def distance_by_step(found: Distance, steps: int, size: Size) -> Markup:
    """Return the plot on a log scale; a distance of exactly 0 lies on its own line below."""
    height = _LOW_HEIGHT if size is NARROW else _HEIGHT
    bottom = height - 2 * size.text - 14.0
    repeats = _shown(found.repeats)
    bands = [each for each in (found.between, repeats, found.seeds_apart) if each is not None]
    y = logarithmic([v for band in bands for v in _values(band)], bottom, 10.0)
    box = Box(max(30.0, label_room(y, size)), 10.0, size.width - 14.0, bottom)
    x = linear([0, steps], box.left, box.right, pad=0.01)
    parts = [y_axis(y, box, size), x_axis(x, box, "step (vertical axis: log scale)", size)]
    if repeats is not None:
        upper = [(x(point.step), y(point.high)) for point in repeats.points]
        below = [(upper[-1][0], bottom), (upper[0][0], bottom)]
        parts.append(path(upper + below, "repeats", closed=True))
    if found.seeds_apart is not None:
        points = [(x(point.step), y(point.middle)) for point in found.seeds_apart.points]
        parts.append(path(points, "curve seeds"))
    parts += [band_area(found.between, x, y, "apart"), band_line(found.between, x, y, "apart")]
    told = "Median over seeds of the absolute difference of the training loss, with its range."
    return drawing(size, height, "Distance of the training losses by step", told, *parts)


def _shown(band: Band | None) -> Band | None:
    """Return the repeats when they differ anywhere; equal ones are said in words."""
    return band if band is not None and any(point.high > 0 for point in band.points) else None


def _values(band: Band) -> list[float]:
    return [value for p in band.points for value in (p.low, p.middle, p.high)]
