"""Every plot as a drawing: well-formed, inside its frame, told in words, for hostile names too."""

import re
import xml.etree.ElementTree as ET

import pytest

from diptych_analysis.report.curves import Band, Curve, Distance, Point
from diptych_analysis.report.plots import badge
from diptych_analysis.report.plots.curves import curves
from diptych_analysis.report.plots.distance import distance_by_step
from diptych_analysis.report.plots.intervals import ABOVE, BELOW, Row, intervals
from diptych_analysis.report.plots.ladder import Rung, ladder
from diptych_analysis.report.plots.svg import NARROW, SIZES, WIDE, Size

EVIL = "</text><script>"
ROW = Row("2.4.0", "Equivalent", 0.1, (-0.2, 0.4), (-0.1, 0.3), 0.5)
LINE = Band(tuple(Point(k, 1 / k, 0.5 / k, 2 / k) for k in range(1, 101)), 5)
ZERO = Band(tuple(Point(k, 0, 0, 0) for k in range(1, 101)), 2)


def drawn(picture: str) -> ET.Element:
    """Parse a drawing and hold what every plot must keep: its marks lie inside its frame."""
    root = ET.fromstring(picture)  # noqa: S314 - our own drawing
    _, _, width, height = map(float, str(root.get("viewBox")).split())
    assert (root[0].tag, root[1].tag) == ("title", "desc")
    assert root[0].text
    assert root[1].text
    for node in root.iter():
        for x in [node.get(name) for name in ("x", "x1", "x2", "cx")]:
            assert x is None or -1 <= float(x) <= width + 1
        for y in [node.get(name) for name in ("y", "y1", "y2", "cy")]:
            assert y is None or -1 <= float(y) <= height + 1
        for x, y in re.findall(r"([-\d.]+),([-\d.]+)", node.get("points") or ""):
            assert -1 <= float(x) <= width + 1
            assert -1 <= float(y) <= height + 1
    return root


def marks(root: ET.Element, class_: str) -> list[ET.Element]:
    return [node for node in root.iter() if class_ in (node.get("class") or "").split()]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: size.name)
@pytest.mark.parametrize("points", [LINE, Band(LINE.points[:1], 1)], ids=["line", "point"])
def test_curves(size: Size, points: Band) -> None:
    root = drawn(curves(Curve("x", points, LINE), 100, EVIL, size))
    assert len(marks(root, "band")) == 2
    assert len(marks(root, "curve")) == (2 if points is LINE else 1)


def test_a_version_without_values_leaves_the_other_alone() -> None:
    root = drawn(curves(Curve("x", Band((), 0), LINE), 100, "x", WIDE))
    assert [node.get("class") for node in marks(root, "curve")] == ["curve candidate"]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: size.name)
def test_distance_with_repeats_and_zeros(size: Size) -> None:
    partly = Band((Point(0, 0, 0, 0), *LINE.points), 5)
    root = drawn(distance_by_step(Distance(partly, 5, 0, LINE, 2), 100, size))
    assert len(marks(root, "repeats")) == 1
    assert "0" in [node.text for node in marks(root, "tick")]


def test_equal_repeats_are_not_drawn() -> None:
    root = drawn(distance_by_step(Distance(LINE, 5, 0, ZERO, 2), 100, WIDE))
    assert marks(root, "repeats") == []


@pytest.mark.parametrize("size", SIZES, ids=lambda size: size.name)
def test_intervals_of_several_candidates(size: Size) -> None:
    rows = [
        ROW,
        Row(EVIL * 9, "Invalid", None, None, None, None),
        Row("0", "Identical", 0, None, None, 0.5),
    ]
    root = drawn(intervals(rows, "test_loss", size))
    assert len(marks(root, "point")) == 2
    assert len(marks(root, "margin")) == 2
    assert len(marks(root, "zero")) == 1
    assert "2.4.0: Equivalent, difference 0.1, interval −0.2 to 0.4, margin 0.5." in str(
        root[1].text
    )


@pytest.mark.parametrize(("side", "open_end"), [(BELOW, "high"), (ABOVE, "low")])
def test_a_one_sided_margin_is_open_on_the_better_side(side: str, open_end: str) -> None:
    row = Row("b", "Equivalent", 0.1, (-0.2, 0.9), (-0.1, 0.8), 0.3, side)
    root = drawn(intervals([row], "m", WIDE))
    (band,), (end,) = marks(root, "margin"), marks(root, "margin-end")
    low, high = float(band.attrib["x"]), float(band.attrib["x"]) + float(band.attrib["width"])
    assert (low if open_end == "high" else high) == pytest.approx(float(end.attrib["x1"]), abs=0.02)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=lambda size: size.name)
def test_the_ladder_with_floor_zero_and_a_rung_that_was_not_run(size: Size) -> None:
    rungs = [
        Rung("Native", 0.02, 1e-3, None),
        Rung("SharedInit", 1e-7, 0.0, 0.9999, (0.31, 1.0)),
        Rung("SharedOrder", None, None, None),
    ]
    root = drawn(ladder(rungs, "test_loss", size))
    words = [node.text for node in root.iter("text")]
    told = "explains over 99.9 % (31 to 100 %)"
    assert (told if size is NARROW else "31 to 100 %") in words
    assert told in str(root.findtext("desc"))
    assert "not run" in words
    assert len(marks(root, "floor")) == 2
    assert any("log scale" in str(word) for word in words)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=lambda size: size.name)
def test_a_share_that_is_not_shown_is_none(size: Size) -> None:
    rungs = [
        Rung("Native", 0.02, None, None),
        Rung("SharedInit", 0.0, None, 1.0, (0.2, 1.0), "RuledOut"),
        Rung("SharedOrder", 0.0, None, 1.0, None, "NotProved"),
        Rung("SharedMasks", 0.01, None, 0.75, (0.0, 0.9), "NotProved"),
    ]
    root = drawn(ladder(rungs, "test_loss", size))
    words = [str(node.text) for node in root.iter("text")]
    assert {"verdict’s control", "ruled out", "not proved"} <= {*words}
    assert not any("100" in word for word in words)
    described = "SharedMasks: 0.01, explains 75 % (0 to 90 %), not proved."
    assert described in str(root.findtext("desc"))


def test_a_ladder_of_nothing_left_is_linear() -> None:
    root = drawn(
        ladder([Rung("Native", 0.0, 0.0, None), Rung("SharedInit", 0.0, 0.0, None)], "m", WIDE)
    )
    assert not any("log" in str(node.text) for node in root.iter("text"))


def test_every_verdict_and_status_has_its_own_mark() -> None:
    verdicts = ("Identical", "Equivalent", "Different", "Inconclusive", "Invalid")
    pictures = {badge.badge(word).split(">", 1)[1] for word in verdicts}
    assert len(pictures) == 5
    assert all('aria-hidden="true"' in badge.badge(word) for word in badge.TONES)
