"""A workload is built in or a module, never both."""

from collections.abc import Iterator

from diptych.api.problems import Finding
from diptych.api.raw import Document, at


def check(document: Document) -> Iterator[Finding]:
    """Yield a workload that is both or neither."""
    workload = at(document, "spec", "workload")
    if not isinstance(workload, dict):
        return
    builtin, module = workload.get("builtin"), workload.get("module")
    if builtin is not None and module is not None:
        yield Finding(
            ("spec", "workload", "module"),
            "builtin and module are both given; a workload is one of them",
            "remove one",
        )
    if builtin is None and module is None:
        yield Finding(
            ("spec", "workload"),
            "neither builtin nor module is given",
            "name a built-in workload, like builtin: adam-linear-regression",
        )
