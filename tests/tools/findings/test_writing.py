"""Twin of tools/findings/writing.py: one section made again leaves the others as they are."""

import re

from tools.findings import writing
from tools.findings.runs import ROOT


def part(name: str, answer: str) -> str:
    start, end = writing.marks(name)
    return f"\n{start}\n## A title\n\n**Answer.** {answer}\n\nMore.\n\n{end}\n"


def test_a_document_gives_back_its_sections() -> None:
    parts = {"adam": part("adam", "No. It is."), "cost": part("cost", "Yes. It is.")}
    assert writing.parts_of(writing.document(parts)) == parts


def test_sections_stand_in_the_order_of_the_table() -> None:
    parts = {"cost": part("cost", "Yes."), "adam": part("adam", "No.")}
    text = writing.document(parts)
    assert text.index("finding: adam") < text.index("finding: cost")


def test_the_table_at_the_top_has_each_answer_in_short() -> None:
    text = writing.document({"adam": part("adam", "No. Over 12 seeds 0.005 is not reached.")})
    assert re.search(r"^\| \[An upgrade .*\]\(#adam-on-.*\) \| No \|$", text, re.MULTILINE)


def test_no_picture_is_left_over() -> None:
    text = writing.DOCUMENT.read_text(encoding="utf-8")
    shown = set(re.findall(r"\]\(images/(finding-.*?)\)", text))
    assert {path.name for path in (ROOT / "docs" / "images").glob("finding-*")} == shown
