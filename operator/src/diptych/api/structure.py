"""What the models refuse, said for people: every wrong or unknown field, each once."""

import json
import re
from collections.abc import Callable, Iterable
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from diptych.api.base import CAMEL_PATTERN, INT_OR_STRING_BOUND, PATTERN_BOUNDS
from diptych.api.problems import Finding, Path, nearest
from diptych.api.resource import VersionComparison

#: A file with more mistakes than this is another kind of file.
MAX_FINDINGS = 200

#: The fix for a value that YAML takes for something else than a text.
QUOTE = "quote it"

#: Fields that are named in the documentation but have no meaning yet.
RESERVED = {
    ("spec", "seeds", "maximum"): "reserved for adaptive seeds",
    ("spec", "seeds", "looks"): "reserved for adaptive seeds",
}


def parse(document: dict[str, Any]) -> tuple[VersionComparison | None, list[Finding]]:
    """Return the resource, or why the models refuse the document."""
    try:
        text = json.dumps(document)
        return VersionComparison.model_validate_json(text, by_alias=True, by_name=False), []
    except ValidationError as error:
        details = [entry for entry in error.errors(include_url=False) if not _is_echo(entry)]
        return None, [finding_of(entry) for entry in details[:MAX_FINDINGS]]


def finding_of(entry: ErrorDetails) -> Finding:
    """Return what one of pydantic's errors means."""
    path = entry["loc"]
    if entry["type"] == "missing":
        return _missing(path)
    if entry["type"] == "extra_forbidden":
        return _unknown(path)
    if path[-1:] == ("[key]",):  # pydantic's word for the key itself
        path = path[:-1]
    if entry["type"] == "literal_error":
        return _not_a_choice(path, entry)
    say = _SAY.get(entry["type"])
    message = say(entry) if say else f"{entry['msg'].lower()}, got {shown(entry['input'])}"
    deep = entry["type"] not in _ABOUT_LENGTH
    return Finding(path, message, _fix(entry), _camel_case(entry), deep=deep)


def _is_echo(entry: ErrorDetails) -> bool:
    """Return whether a list is called too short only because its items were refused."""
    return entry["type"] == "too_short" and len(entry["input"]) >= entry["ctx"]["min_length"]


def shown(value: object) -> str:
    """Return a value in short: its text, or what kind of thing it is.

    >>> shown(True), shown([1, 2]), shown("a" * 100)[-5:]
    ('true', 'a list of 2', 'a..."')
    """
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}"
    if isinstance(value, dict):
        return "a mapping" if value else "an empty mapping"
    if isinstance(value, str):
        # A password in an address is refused, and must not go on into a log.
        value = re.sub(r"//[^/@\s]*@", "//***@", value)
    if isinstance(value, str) and len(value) > 60:
        return f'"{value[:60]}..."'
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False)


def _missing(path: Path) -> Finding:
    return Finding(path, "is required and left out", f"add {path[-1]!r}")


def _unknown(path: Path) -> Finding:
    if path in RESERVED:
        return Finding(path, f"is {RESERVED[path]} and not supported yet", "remove it", deep=True)
    known = sorted(_fields_at(path[:-1]))
    suggestion = nearest(str(path[-1]), known)
    message = f"unknown field {str(path[-1])[:60]!r}"
    if suggestion is not None:
        return Finding(path, message, "correct or remove it", suggestion, deep=True)
    return Finding(path, message, f"remove it; known here: {', '.join(known)}", deep=True)


def _not_a_choice(path: Path, entry: ErrorDetails) -> Finding:
    model = _model_at(path[:-1])
    choices = _choices(model, str(path[-1])) if model else ()
    if isinstance(path[-1], int):
        parent = _model_at(path[:-2])
        choices = _choices(parent, str(path[-2])) if parent else ()
    value = entry["input"]
    suggestion = nearest(value, choices) if isinstance(value, str) else None
    bound = " or ".join(choices) if len(choices) < 3 else "one of " + ", ".join(choices)
    return Finding(path, f"must be {bound}, got {shown(value)}", "use one of them", suggestion)


def _bound(word: str) -> Callable[[ErrorDetails], str]:
    """Return a message about a number's bound."""

    def say(entry: ErrorDetails) -> str:
        limit = next(iter(entry["ctx"].values()))
        return f"must be {word} {limit}, got {shown(entry['input'])}"

    return say


def _pattern(entry: ErrorDetails) -> str:
    bound = PATTERN_BOUNDS.get(entry["ctx"]["pattern"], entry["ctx"]["pattern"])
    return f"must be {bound}; got {shown(entry['input'])}"


def _camel_case(entry: ErrorDetails) -> str | None:
    """Return a name that is written with underscores as it would be here: beta_1 is beta1."""
    if entry["type"] != "string_pattern_mismatch" or entry["ctx"]["pattern"] != CAMEL_PATTERN:
        return None
    joined = re.sub(r"[_-]+(.)", lambda found: found[1].upper(), entry["input"])
    spelled = joined[:1].lower() + joined[1:]
    return spelled if re.match(CAMEL_PATTERN, spelled) else None


def _too_few(entry: ErrorDetails) -> str:
    least, got = entry["ctx"]["min_length"], len(entry["input"])
    if entry["loc"] == ("spec", "versions"):
        return f"a comparison needs at least {least} versions, got {got}"
    return f"needs at least {least} entries, got {got}"


def _too_many(entry: ErrorDetails) -> str:
    most = entry["ctx"]["max_length"]
    return f"has at most {most} entries, got {len(entry['input'])}"


def _too_long(entry: ErrorDetails) -> str:
    most = entry["ctx"]["max_length"]
    why = (
        ": child Job names and labels are limited to 63"
        if entry["loc"] == ("metadata", "name")
        else ""
    )
    return f"has at most {most} characters, got {len(entry['input'])}{why}"


def _too_short(entry: ErrorDetails) -> str:
    return f"needs at least {entry['ctx']['min_length']} characters, got {len(entry['input'])}"


def _type(wanted: str) -> Callable[[ErrorDetails], str]:
    """Return a message about a wrong type."""

    def say(entry: ErrorDetails) -> str:
        return f"must be {wanted}, got {shown(entry['input'])}"

    return say


_SAY: dict[str, Callable[[ErrorDetails], str]] = {
    "string_pattern_mismatch": _pattern,
    "too_short": _too_few,
    "too_long": _too_many,
    "string_too_long": _too_long,
    "string_too_short": _too_short,
    "greater_than_equal": _bound("at least"),
    "less_than_equal": _bound("at most"),
    "string_type": _type("a text"),
    "int_type": _type("a whole number"),
    "int_parsing_size": _type("a smaller whole number"),
    "bool_type": _type("true or false"),
    "tuple_type": _type("a list"),
    "dict_type": _type("a mapping"),
    "model_type": _type("a mapping"),
    "model_attributes_type": _type("a mapping"),
    "int_or_string": _type(INT_OR_STRING_BOUND),
}

#: What lies in a list that is too long or too short still has a meaning.
_ABOUT_LENGTH = {"too_short", "too_long"}

_FIXES = {
    "too_short": "add more",
    "too_long": "remove some",
    "string_too_long": "shorten it",
    "int_type": "write a whole number without quotes",
    "bool_type": "write true or false without quotes",
    "tuple_type": "write a list, each entry after a dash",
    "dict_type": "write fields, each as name: value",
    "model_type": "write fields, each as name: value",
}


def _fix(entry: ErrorDetails) -> str:
    value = entry["input"]
    if entry["type"] == "string_type" and isinstance(value, bool | int):
        return QUOTE
    if value is None:
        return "give a value or remove the field"
    return _FIXES.get(entry["type"], "change it")


def _fields_at(path: Path) -> Iterable[str]:
    model = _model_at(path)
    return [] if model is None else [field.alias or "" for field in model.model_fields.values()]


def _model_at(path: Path) -> type[BaseModel] | None:
    """Return the model that describes the mapping at a path."""
    model: type[BaseModel] | None = VersionComparison
    for part in path:
        if isinstance(part, int):
            continue
        model = _model_in(_annotation(model, part)) if model else None
    return model


def _annotation(model: type[BaseModel], alias: str) -> object:
    for entry in model.model_fields.values():
        if entry.alias == alias:
            return entry.annotation
    return None


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in get_args(annotation):
        model = _model_in(argument)
        if model is not None:
            return model
    return None


def _choices(model: type[BaseModel], alias: str) -> tuple[str, ...]:
    return tuple(_literals(_annotation(model, alias)))


def _literals(annotation: object) -> list[str]:
    found: list[str] = []
    for argument in get_args(annotation):
        found += [argument] if isinstance(argument, str) else _literals(argument)
    return found
