"""Reading a document as written, whose shape nobody has checked yet.

Rules read through these functions, so that one mistake never hides another: what has the wrong
type is simply not there for them, and the models report it.
"""

from typing import Any

Document = dict[str, Any]


def at(document: object, *path: str) -> object:
    """Return the value at a path of names, or None when there is none."""
    value: object = document
    for part in path:
        if not isinstance(value, dict):
            return None
        value = value.get(part)
    return value


def text_at(document: object, *path: str) -> str | None:
    """Return the text at a path, or None."""
    value = at(document, *path)
    return value if isinstance(value, str) else None


def integer_at(document: object, *path: str, default: int) -> int:
    """Return the whole number at a path; the default when it is left out or something else."""
    value = at(document, *path)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return default


def mapping_at(document: object, *path: str) -> dict[str, Any]:
    """Return the mapping at a path, or an empty one."""
    value = at(document, *path)
    return value if isinstance(value, dict) else {}


def list_at(document: object, *path: str) -> list[Any]:
    """Return the list at a path, or an empty one."""
    value = at(document, *path)
    return value if isinstance(value, list) else []


def names_in(items: list[Any], key: str = "name") -> list[tuple[int, str]]:
    """Return the place and the name of every item that has one."""
    found = ((place, text_at(item, key)) for place, item in enumerate(items))
    return [(place, name) for place, name in found if name is not None]
