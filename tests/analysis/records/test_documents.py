"""Twin of records/documents.py."""

import json
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.analysis.builder import environment, plan, store, training

from diptych_analysis.errors import RefusalError
from diptych_analysis.records import documents

SCHEMAS = resources.files("diptych_runner.contract") / "schemas"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff",
        b'{"a": NaN}',
        b"-Infinity",
        b"[1e400]",
        b"-1e400",
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
    with pytest.raises(RefusalError, match=r'COMMIT: not valid at \$: "schemaVersion" is a req'):
        documents.parse_as("commit", "COMMIT", b"{}")


def test_the_place_of_what_is_wrong_is_named() -> None:
    found = environment("2.4.0", gpus=["a", 3])
    with pytest.raises(RefusalError, match=r"e: not valid at \$\.gpus\[1\]: 3 is not of type"):
        documents.check("environment", "e", found)


def test_what_is_nested_too_deeply_is_refused() -> None:
    value: object = 1
    for _ in range(400):
        value = [value]
    with pytest.raises(RefusalError, match="COMMIT: not valid"):
        documents.check("commit", "COMMIT", value)


OTHERS: tuple[Any, ...] = (
    None,
    True,
    1,
    1.0,
    -1,
    2.5,
    "x",
    "0" * 64,
    [],
    ["x"],
    {},
    {"x": 1},
    1 << 70,
)


def changed(value: Any) -> Iterator[Any]:  # noqa: ANN401 - any part of a document
    """Yield a document with each of its parts replaced, left out and added to in turn."""
    yield from OTHERS
    if isinstance(value, dict):
        yield {**value, "surprise": 1}
        for key in value:
            yield {name: entry for name, entry in value.items() if name != key}
            yield from ({**value, key: other} for other in changed(value[key]))
    if isinstance(value, list):
        for index, entry in enumerate(value):
            yield from ([*value[:index], other, *value[index + 1 :]] for other in changed(entry))


def test_a_second_implementation_refuses_the_same(tmp_path: Path) -> None:
    made = plan(seeds=1)
    folder = store(tmp_path, made, lambda _: training(1.0))
    files = {path.name: path for path in folder.rglob("*") if path.is_file()}
    for name in ("plan", "COMMIT", "manifest", "environment", "timing"):
        path = files["COMMIT"] if name == "COMMIT" else files[f"{name}.json"]
        schema = json.loads((SCHEMAS / f"{name.lower()}.schema.json").read_text(encoding="utf-8"))
        other = jsonschema.Draft202012Validator(schema)
        whole = json.loads(path.read_bytes())
        assert other.is_valid(whole) is ours(name, whole) is True
        verdicts = [(ours(name, each), other.is_valid(each), each) for each in changed(whole)]
        assert {mine for mine, _, _ in verdicts} == {True, False}
        assert [each for mine, theirs, each in verdicts if mine is not theirs] == []


def ours(schema: str, value: object) -> bool:
    try:
        documents.check(schema.lower(), schema, value)
    except RefusalError:
        return False
    return True


def test_long_messages_are_cut() -> None:
    with pytest.raises(RefusalError) as caught:
        documents.check("commit", "COMMIT", "x" * 10_000)
    assert len(str(caught.value)) < 400
