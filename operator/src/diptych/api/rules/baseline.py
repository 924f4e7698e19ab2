"""The baseline is one of the versions."""

from collections.abc import Iterator

from diptych.api.problems import Finding, nearest
from diptych.api.raw import Document, list_at, names_in, text_at


def check(document: Document) -> Iterator[Finding]:
    """Yield a baseline that no version is named."""
    names = [name for _, name in names_in(list_at(document, "spec", "versions"))]
    baseline = text_at(document, "spec", "baseline")
    if baseline is None or not names or baseline in names:
        return
    yield Finding(
        ("spec", "baseline"),
        f'"{baseline[:40]}" is not the name of a version; versions: {", ".join(names[:16])}',
        "name one of the versions, or leave it out for the first",
        nearest(baseline, names[:16]),
    )
