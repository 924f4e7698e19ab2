"""A built-in workload may need a framework of some age: mnist-mlp needs one that has tf.keras."""

from collections.abc import Iterator

from diptych.api.problems import Finding
from diptych.api.raw import Document, at, list_at, text_at
from diptych.api.rules.builtin import table_of
from diptych_runner.contract import tables


def check(document: Document) -> Iterator[Finding]:
    """Yield every version that is older than the workload allows."""
    workload = table_of(document)
    if workload is None:
        return
    for place, entry in enumerate(list_at(document, "spec", "versions")):
        given = "version" if at(entry, "version") is not None else "name"
        version = text_at(entry, given)
        # Anything else is not a version, and another rule's to report.
        if version and version[0].isdigit() and not tables.serves(workload, version):
            yield Finding(
                ("spec", "versions", place, given),
                f'{workload.name} needs version {workload.since} or later, got "{version[:40]}"',
                "take a later version, or another workload",
            )
