"""Twin of records/documents.py."""

import pytest

from diptych_analysis.errors import RefusalError
from diptych_analysis.records import documents


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff",
        b'{"a": NaN}',
        b"-Infinity",
        b"[" * 100_000,
        b'"\\ud800"',
        b"1" * 5000,
        b"{} {}",
    ],
)
def test_what_is_not_json_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(RefusalError, match=r"file\.json: not JSON"):
        documents.parse("file.json", data)


def test_a_whole_surrogate_pair_is_text() -> None:
    assert documents.parse("f", b'"\\ud83d\\ude00"') == "\N{GRINNING FACE}"


def test_a_document_must_be_valid_by_its_schema() -> None:
    with pytest.raises(RefusalError, match=r"COMMIT: not valid at \$: 'schemaVersion' is a req"):
        documents.parse_as("commit", "COMMIT", b"{}")


def test_long_messages_are_cut() -> None:
    with pytest.raises(RefusalError) as caught:
        documents.check("commit", "COMMIT", "x" * 10_000)
    assert len(str(caught.value)) < 400
