"""Lists of indexes as the Job controller spells them, kept short whatever they cover."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Indexes:
    """Indexes of a Job, as spans of first and last, in rising order."""

    spans: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, text: str) -> Self:
        """Return the indexes of a text; what is none of them is left out.

        >>> Indexes.of("1,3-5,7").count
        5
        """
        spans = []
        for part in text.split(","):
            first, _, last = part.partition("-")
            if first.isdigit() and (last or first).isdigit():
                spans.append((int(first), int(last or first)))
        return cls(tuple(sorted(spans)))

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(last - first + 1 for first, last in self.spans)

    def has(self, index: int) -> bool:
        """Return whether an index is one of them."""
        return any(first <= index <= last for first, last in self.spans)

    def falling(self) -> Iterator[int]:
        """Yield them, the last first."""
        for first, last in reversed(self.spans):
            yield from range(last, first - 1, -1)


NONE = Indexes()
