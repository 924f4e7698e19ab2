"""Twin of tools/findings/writing.py: one section made again leaves the others as they are."""

import re

import pytest
from tools.findings import writing
from tools.findings.runs import ROOT
from tools.findings.sections import SECTIONS, Section


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


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.name)
def test_the_committed_document_has_every_part_of_a_section(section: Section) -> None:
    text = writing.parts_of(writing.DOCUMENT.read_text(encoding="utf-8"))[section.name]
    assert f"**Claim.** {section.claim}" in text
    assert "**Answer.** " in text
    assert "**Cause" in text
    for name in section.files:
        assert f"[manifests/findings/{name}.yaml](../manifests/findings/{name}.yaml): **" in text
    pictures = re.findall(r"\]\(images/(.*?)\)", text)
    assert len(pictures) == len(section.files)
    for picture in pictures:
        assert (ROOT / "docs" / "images" / picture).is_file()
    assert f"Again: `make findings SECTION={section.name}`" in text


def test_no_picture_is_left_over() -> None:
    text = writing.DOCUMENT.read_text(encoding="utf-8")
    shown = set(re.findall(r"\]\(images/(finding-.*?)\)", text))
    assert {path.name for path in (ROOT / "docs" / "images").glob("finding-*")} == shown
