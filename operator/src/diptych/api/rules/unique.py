"""Finding what stands twice in a list; used by the rules, not a rule itself."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

Value = TypeVar("Value", int, str)


def repeated(items: Iterable[tuple[int, Value]]) -> Iterator[tuple[int, Value, int]]:
    """Yield place, value and first place of every value that stood before.

    >>> list(repeated([(0, "a"), (1, "b"), (2, "a")]))
    [(2, 'a', 0)]
    """
    first: dict[Value, int] = {}
    for place, value in items:
        if value in first:
            yield place, value, first[value]
        else:
            first[value] = place
