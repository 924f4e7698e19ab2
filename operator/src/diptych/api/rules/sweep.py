"""A sweep varies known parameters over allowed values, in at most 64 settings."""

from collections.abc import Iterator, Sequence
from math import prod

from diptych.api.problems import Finding, Path
from diptych.api.raw import Document, list_at, mapping_at, names_in, text_at
from diptych.api.rules.builtin import table_of
from diptych.api.rules.parameters import check_value, unknown
from diptych.api.rules.unique import repeated
from diptych.api.seeds import MAX_SETTINGS
from diptych_runner.contract import tables


def check(document: Document) -> Iterator[Finding]:
    """Yield unknown and repeated parameters, values out of bounds or repeated, and too many."""
    entries = list_at(document, "spec", "sweep")
    for place, name, first in repeated(names_in(entries, "parameter")):
        yield Finding(
            ("spec", "sweep", place, "parameter"),
            f'Duplicate value: "{name[:60]}" is swept by sweep[{first}] too',
            "put all values in one entry",
        )
    workload = table_of(document)
    own = list(mapping_at(document, "spec", "workload", "parameters"))
    for place, entry in enumerate(entries):
        yield from _check_entry(("spec", "sweep", place), entry, workload, own)
    sizes = [len(list_at(entry, "values")) for entry in entries]
    if len(sizes) > 1 and max(sizes) <= MAX_SETTINGS < prod(sizes):
        yield Finding(
            ("spec", "sweep"),
            f"{prod(sizes)} settings ({' x '.join(map(str, sizes))}) exceed {MAX_SETTINGS}",
            "sweep fewer values, or split the comparison",
        )


def _check_entry(
    path: Path, entry: object, workload: tables.Workload | None, own: Sequence[str]
) -> Iterator[Finding]:
    name = text_at(entry, "parameter")
    parameter = None if workload is None or name is None else workload.parameters.get(name)
    if workload is not None and name is not None and parameter is None:
        yield unknown((*path, "parameter"), name, workload)
    if workload is None and name is not None:
        yield from _spelled_otherwise((*path, "parameter"), name, own)
    seen: dict[str, int] = {}
    for place, value in enumerate(list_at(entry, "values")):
        here = (*path, "values", place)
        findings = [] if parameter is None else list(check_value(here, parameter, value))
        yield from findings
        spelled = _spelled(parameter, value)
        if spelled in seen and not findings:
            yield Finding(here, f"{value} is the same as values[{seen[spelled]}]", "remove it")
        seen.setdefault(spelled, place)


def _spelled_otherwise(path: Path, name: str, own: Sequence[str]) -> Iterator[Finding]:
    """Yield that a module's parameter is swept under another spelling than it is given."""
    plain = {each.replace("_", "").lower(): each for each in own}
    same = plain.get(name.replace("_", "").lower(), name)
    if name not in own and same != name:
        yield Finding(
            path,
            f'"{name[:60]}" is another parameter than "{same[:60]}" of workload.parameters',
            "spell both as the code does",
            same,
        )


def _spelled(parameter: tables.Parameter | None, value: object) -> str:
    """Return the one spelling of a value, so that "0.10" and "0.1" are the same."""
    try:
        return repr(value if parameter is None else tables.parse_parameter(parameter, value))
    except tables.ParameterError:
        return repr(value)
