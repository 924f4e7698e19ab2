"""What a comparison is called in the operator's queue and tables; the one place that spells it."""

from typing import NamedTuple


class Key(NamedTuple):
    """A comparison's namespace and name."""

    namespace: str
    name: str

    def __str__(self) -> str:
        """Return the key as kubectl writes it."""
        return f"{self.namespace}/{self.name}"
