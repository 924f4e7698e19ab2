"""SVG elements as escaped text, the two sizes, and what every plot has: title and description."""

from dataclasses import dataclass

from markupsafe import Markup, escape

#: Average width of a character in units of the text size; a little more than it mostly is.
_CHARACTER = 0.58


@dataclass(frozen=True)
class Size:
    """A width in CSS pixels that a plot is drawn for, and its text size."""

    name: str
    width: int
    text: int


WIDE = Size("wide", 760, 13)
NARROW = Size("narrow", 320, 12)
SIZES = (WIDE, NARROW)


def element(tag: str, *children: str, **attributes: object) -> Markup:
    """Return an element; `class_` gives class, `_` in other names a hyphen, None leaves out.

    >>> element("text", "a < b", x=1.5, class_="tick", text_anchor="end")
    Markup('<text x="1.5" class="tick" text-anchor="end">a &lt; b</text>')
    """
    words = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(_value(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    inner = Markup("").join(children)
    return Markup(f"<{tag}{words}>{inner}</{tag}>" if inner else f"<{tag}{words}/>")  # noqa: S704 - all parts are escaped above


def drawing(size: Size, height: float, title: str, description: str, *children: str) -> Markup:
    """Return a whole SVG image with its name and description for screen readers."""
    return element(
        "svg",
        element("title", title),
        element("desc", description),
        *children,
        class_=f"plot {size.name}",
        viewBox=f"0 0 {size.width} {_value(height)}",
        width=size.width,
        height=height,
        role="img",
    )


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    """Return a straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def rectangle(x: float, y: float, width: float, height: float, class_: str) -> Markup:
    """Return a rectangle that is wide enough to be seen."""
    return element("rect", x=x, y=y, width=max(width, 0.8), height=height, class_=class_)


def text(x: float, y: float, words: str, class_: str, anchor: str = "start") -> Markup:
    """Return a line of text that starts, is centred (middle) or ends at x."""
    return element(
        "text", words, x=x, y=y, class_=class_, text_anchor=None if anchor == "start" else anchor
    )


def path(points: list[tuple[float, float]], class_: str, *, closed: bool = False) -> Markup:
    """Return a polyline through points, or the area inside it; empty without points."""
    if not points:
        return Markup("")
    steps = " ".join(f"{_value(x)},{_value(y)}" for x, y in points)
    return element("polygon" if closed else "polyline", points=steps, class_=class_)


def diamond(x: float, y: float, radius: float, class_: str) -> Markup:
    """Return a diamond around a point."""
    corners = [(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)]
    return path(corners, class_, closed=True)


def width_of(words: str, size: Size) -> float:
    """Return about how wide a text is."""
    return len(words) * _CHARACTER * size.text


def shortened(words: str, width: float, size: Size) -> str:
    """Return a text that is about as wide at most, cut with an ellipsis."""
    most = max(4, int(width / (_CHARACTER * size.text)))
    return words if len(words) <= most else words[: most - 1] + "…"


def _value(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return str(value)
