"""A data set is given only to a workload that takes one; the others make their own data."""

from collections.abc import Iterator

from diptych.api.problems import Finding
from diptych.api.raw import Document, at
from diptych.api.rules.builtin import table_of


def check(document: Document) -> Iterator[Finding]:
    """Yield a data set that the built-in workload would not read."""
    workload = table_of(document)
    given = at(document, "spec", "workload", "data")
    if workload is not None and workload.data is None and given is not None:
        yield Finding(
            ("spec", "workload", "data"),
            f"{workload.name} makes its own data and takes no data set",
            "remove it",
        )
