"""Every version runs at once: parallelism is shared among them."""

from collections.abc import Iterator

from diptych.api.problems import Finding
from diptych.api.raw import Document, integer_at, list_at


def check(document: Document) -> Iterator[Finding]:
    """Yield a parallelism below the number of versions; below 2 the models report it."""
    versions = len(list_at(document, "spec", "versions"))
    parallelism = integer_at(document, "spec", "parallelism", default=versions)
    if 2 <= parallelism < versions <= 16:
        yield Finding(
            ("spec", "parallelism"),
            f"must be at least {versions}, the number of versions, got {parallelism}",
            "raise it, or leave it out for the larger of 8 and the number of versions",
        )
