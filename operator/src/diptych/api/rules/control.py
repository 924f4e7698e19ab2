"""The control of the verdict is one that the workload supports."""

from collections.abc import Iterator

from diptych.api.problems import Finding
from diptych.api.raw import Document, text_at
from diptych.api.rules.builtin import table_of
from diptych_runner.contract import names, tables


def check(document: Document) -> Iterator[Finding]:
    """Yield a control that the built-in workload does not support."""
    workload = table_of(document)
    control = text_at(document, "spec", "control")
    if workload is not None and is_unsupported(workload, control):
        yield unsupported(("spec", "control"), workload, str(control))


def is_unsupported(workload: tables.Workload, control: str | None) -> bool:
    """Return whether a control exists, but not for this workload."""
    return control in names.CONTROLS and control not in workload.controls


def unsupported(path: tuple[str | int, ...], workload: tables.Workload, control: str) -> Finding:
    """Return that a workload lacks a control, and which it has."""
    available = ", ".join(workload.controls)
    return Finding(
        path,
        f"{workload.name} does not support {control}; available: {available}",
        "take one of them, or remove it",
    )
