"""Twin of report/plots/svg.py."""

import xml.etree.ElementTree as ET

from diptych_analysis.report.plots import svg

EVIL = '"><script>alert(1)</script>&'


def test_text_and_attributes_are_escaped() -> None:
    drawn = svg.drawing(svg.WIDE, 10, EVIL, EVIL, svg.text(1, 2, EVIL, EVIL))
    root = ET.fromstring(drawn)  # noqa: S314 - our own drawing
    assert [child.tag for child in root] == ["title", "desc", "text"]
    assert {child.text for child in root} == {EVIL}
    assert root[2].get("class") == EVIL


def test_a_drawing_has_role_size_name_and_description() -> None:
    root = ET.fromstring(svg.drawing(svg.NARROW, 99.5, "name", "words"))  # noqa: S314
    assert root.attrib == {
        "class": "plot narrow",
        "viewBox": "0 0 320 99.5",
        "width": "320",
        "height": "99.5",
        "role": "img",
    }


def test_coordinates_have_two_digits_and_nothing_is_drawn_of_nothing() -> None:
    assert 'points="0.33,2 5,6"' in svg.path([(1 / 3, 2.0), (5.0, 6.0)], "curve")
    assert svg.path([], "curve") == ""


def test_long_words_are_cut_to_their_room() -> None:
    assert svg.shortened("short", 100, svg.WIDE) == "short"
    cut = svg.shortened("x" * 99, 100, svg.WIDE)
    assert cut.endswith("…")
    assert svg.width_of(cut, svg.WIDE) <= 100
