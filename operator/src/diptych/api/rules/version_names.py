"""Each version has a name of its own; the same version under two names is an A/A comparison."""

from collections.abc import Iterator

from diptych.api.problems import Finding
from diptych.api.raw import Document, list_at, names_in
from diptych.api.rules.unique import repeated


def check(document: Document) -> Iterator[Finding]:
    """Yield every version whose name an earlier one has."""
    for place, name, first in repeated(names_in(list_at(document, "spec", "versions"))):
        yield Finding(
            ("spec", "versions", place, "name"),
            f'Duplicate value: "{name}" is the name of versions[{first}] too',
            "give each version its own name; version: says which framework version it is",
        )
