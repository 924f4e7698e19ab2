"""Parse a JSON document of a record and check it against its published schema."""

import json
import math
import re
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any, NoReturn, cast

from jsonschema_rs import Draft202012Validator

from diptych_analysis.errors import RefusalError

_LONGEST_MESSAGE = 300
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def parse(path: str, data: bytes) -> Any:  # noqa: ANN401 - JSON is what it is until validated
    """Return the JSON value in `data`; raise RefusalError, naming `path`, when it is none.

    NaN and Infinity as bare words are not JSON and are refused, and so are a decimal beyond float64
    and half of a surrogate pair, which no summary could repeat in UTF-8.
    """
    try:
        value = json.loads(
            data.decode("utf-8"), parse_constant=_refuse_constant, parse_float=_finite
        )
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
    validator = _validator(schema)
    try:
        if validator.is_valid(value):
            return
        found = next(iter(validator.iter_errors(value)))
    except ValueError as error:  # nested deeper than the validator goes
        raise RefusalError(path, f"not valid: {_short(str(error))}") from error
    where = _json_path(found.instance_path)
    raise RefusalError(path, f"not valid at {where}: {_short(found.message)}")


@cache
def _validator(schema: str) -> Draft202012Validator:
    folder = resources.files("diptych_runner.contract") / "schemas"
    text = (folder / f"{schema}.schema.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text))


def _json_path(parts: Sequence[str | int]) -> str:
    """Return where in a document, as JSONPath.

    >>> _json_path(["axes", "seeds", 3])
    '$.axes.seeds[3]'
    """
    return "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{_short(text)} is beyond float64")
    return value


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")


def _short(message: str) -> str:
    return message if len(message) <= _LONGEST_MESSAGE else message[:_LONGEST_MESSAGE] + "..."
