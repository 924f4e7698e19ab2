import pytest

from diptych_analysis import data
from diptych_analysis.data import DataSet, Part

LABELS: Part = ("<i8", (100,), "1" * 64)


def of(sha256: str, **parts: Part) -> DataSet:
    return DataSet(sha256, tuple(parts.items()))


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (("<i8", (100,), "2" * 64), " in the labels (their values)"),
        (("<i8", (99,), "2" * 64), " in the labels (100 and 99 rows)"),
        (("<f4", (100,), "2" * 64), " in the labels (dtype <i8 and <f4)"),
        (
            ("<f4", (1200, 10), "2" * 64),
            " in the labels (dtype <i8 and <f4, 100 and 1,200 rows, rows of shape [] and [10])",
        ),
    ],
)
def test_the_array_that_differs_is_named_with_what_differs(other: Part, told: str) -> None:
    inputs: Part = ("<f4", (100, 8, 8), "3" * 64)
    left = of("a", inputs=inputs, labels=LABELS)
    assert data.parts_that_differ(left, of("b", inputs=inputs, labels=other)) == told


def test_an_array_of_one_alone_is_told() -> None:
    told = data.parts_that_differ(of("a", labels=LABELS), of("b"))
    assert told == " in the labels (in one of them only)"


def test_nothing_is_said_where_records_tell_no_parts() -> None:
    assert not data.parts_that_differ(of("a"), of("b"))
    assert not data.parts_that_differ(("a",), ("b",))


def test_parts_alone_make_no_difference() -> None:
    assert of("a", labels=LABELS) == of("a")
