"""An environment variable of a version is set once, and is none that the runner stands on."""

from collections.abc import Iterator

from diptych.api.problems import Finding
from diptych.api.raw import Document, list_at, names_in
from diptych.api.rules.unique import repeated

#: Python's own, the dynamic loader's, the runner's, and the store's: a plan is no place for keys.
RESERVED = ("PYTHON", "LD_PRELOAD", "DIPTYCH_", "JOB_COMPLETION_INDEX", "AWS_")


def check(document: Document) -> Iterator[Finding]:
    """Yield variables that their version sets twice, and reserved ones."""
    for place, version in enumerate(list_at(document, "spec", "versions")):
        for entry, name, first in repeated(names_in(list_at(version, "env"))):
            yield Finding(
                ("spec", "versions", place, "env", entry, "name"),
                f'Duplicate value: "{name}" is set by env[{first}] too',
                "keep one of them",
            )
        for entry, name in names_in(list_at(version, "env")):
            if name.startswith(RESERVED):
                yield Finding(
                    ("spec", "versions", place, "env", entry, "name"),
                    f'"{name}" is reserved: the runner or its store stands on it',
                    "remove it",
                )
