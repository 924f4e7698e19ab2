"""A built-in workload is one that the runner has."""

from collections.abc import Iterator

from diptych.api.problems import Finding, nearest
from diptych.api.raw import Document, text_at
from diptych_runner.contract import frameworks, tables


def check(document: Document) -> Iterator[Finding]:
    """Yield a built-in workload that there is not."""
    name = text_at(document, "spec", "workload", "builtin")
    known = list(tables.workloads())
    if name is None or name in known:
        return
    yield Finding(
        ("spec", "workload", "builtin"),
        f'"{name[:60]}" is not a built-in workload; there are: {", ".join(known)}',
        "take one of them, or give a module",
        nearest(name, known),
    )


def framework_of(document: Document) -> str:
    """Return the framework that the document names, or the default."""
    return text_at(document, "spec", "framework") or frameworks.DEFAULT


def table_of(document: Document) -> tables.Workload | None:
    """Return the table's row of the document's workload; None for a module or an unknown one."""
    name = text_at(document, "spec", "workload", "builtin")
    return None if name is None else tables.workloads().get(name)
