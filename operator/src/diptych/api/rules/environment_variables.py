"""An environment variable of a version is set once."""

from collections.abc import Iterator

from diptych.api.problems import Finding
from diptych.api.raw import Document, list_at, names_in
from diptych.api.rules.unique import repeated


def check(document: Document) -> Iterator[Finding]:
    """Yield every environment variable that its version sets before already."""
    for place, version in enumerate(list_at(document, "spec", "versions")):
        for entry, name, first in repeated(names_in(list_at(version, "env"))):
            yield Finding(
                ("spec", "versions", place, "env", entry, "name"),
                f'Duplicate value: "{name}" is set by env[{first}] too',
                "keep one of them",
            )
