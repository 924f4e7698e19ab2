"""Parse a JSON document of a record and check it against its published schema."""

import json
import re
from functools import cache
from importlib import resources
from typing import Any, NoReturn, cast

from jsonschema import Draft202012Validator

from diptych_analysis.errors import RefusalError

_LONGEST_MESSAGE = 300
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def parse(path: str, data: bytes) -> Any:  # noqa: ANN401 - JSON is what it is until validated
    """Return the JSON value in `data`; raise RefusalError, naming `path`, when it is none.

    NaN and Infinity as bare words are not JSON and are refused, and so is half of a surrogate
    pair, which no summary could repeat in UTF-8.
    """
    try:
        value = json.loads(data.decode("utf-8"), parse_constant=_refuse_constant)
        if _SURROGATE.search(data):
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise RefusalError(path, f"not JSON ({_short(str(error))})") from error
    return value


def parse_as(schema: str, path: str, data: bytes) -> dict[str, Any]:
    """Return the JSON object in `data`, valid by `<schema>.schema.json`; else RefusalError."""
    value = parse(path, data)
    check(schema, path, value)
    return cast("dict[str, Any]", value)


def check(schema: str, path: str, value: object) -> None:
    """Raise RefusalError when `value` is not valid by `<schema>.schema.json`."""
    error = next(_validator(schema).iter_errors(value), None)
    if error is not None:
        raise RefusalError(path, f"not valid at {error.json_path}: {_short(error.message)}")


@cache
def _validator(schema: str) -> Draft202012Validator:
    folder = resources.files("diptych_runner.contract") / "schemas"
    text = (folder / f"{schema}.schema.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text))


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")


def _short(message: str) -> str:
    return message if len(message) <= _LONGEST_MESSAGE else message[:_LONGEST_MESSAGE] + "..."
