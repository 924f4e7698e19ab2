"""A built-in workload's parameters are known, typed and bounded; a module's are its own."""

from collections.abc import Iterator

from diptych.api.problems import Finding, Path, nearest
from diptych.api.raw import Document, mapping_at
from diptych.api.rules.builtin import table_of
from diptych_runner.contract import tables


def check(document: Document) -> Iterator[Finding]:
    """Yield every parameter that the workload lacks or whose value it does not take."""
    workload = table_of(document)
    if workload is None:
        return
    for name, value in mapping_at(document, "spec", "workload", "parameters").items():
        path = ("spec", "workload", "parameters", name)
        if name in workload.parameters:
            yield from check_value(path, workload.parameters[name], value)
        else:
            yield unknown(path, name, workload)


def unknown(path: Path, name: str, workload: tables.Workload) -> Finding:
    """Return that a workload has no such parameter, and which it has."""
    known = ", ".join(workload.parameters)
    return Finding(
        path,
        f'{workload.name} has no parameter "{name[:60]}"; it has: {known}',
        "correct or remove it",
        nearest(name, workload.parameters),
    )


def check_value(path: Path, parameter: tables.Parameter, value: object) -> Iterator[Finding]:
    """Yield that a parameter does not take a value; other types are the models' to report."""
    if isinstance(value, bool) or not isinstance(value, int | str) or len(str(value)) > 64:
        return
    try:
        tables.parse_parameter(parameter, value)
    except tables.ParameterError as error:
        shown = f'"{value}"' if isinstance(value, str) else str(value)
        choice = nearest(value, parameter.choices or []) if isinstance(value, str) else None
        yield Finding(path, f"must be {error.bound}, got {shown}", "change it", choice)
