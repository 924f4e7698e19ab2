"""Which controls of the attribution ladder change anything for a workload."""

from collections.abc import Mapping, Sequence

from diptych_runner.contract import names, tables
from diptych_runner.contract.plan import effective_aspects

#: No value of a parameter is spelled longer.
_LONGEST = 64


def aspects_of(builtin: str | None, given: Mapping[str, object]) -> list[str]:
    """Return what a control can hold equal in a built-in workload; in a module, everything.

    `given` are the parameters as written: one that is not allowed counts as left out.
    """
    workload = tables.workloads().get(builtin or "")
    if workload is None:
        return tables.aspects_in(None, {})
    parameters = {name: entry.default for name, entry in workload.parameters.items()}
    for name, value in given.items():
        if name in parameters and len(str(value)) <= _LONGEST:
            try:
                parameters[name] = tables.parse_parameter(workload.parameters[name], value)
            except tables.ParameterError:
                continue
    return tables.aspects_of(workload, parameters)


def rungs_of(control: str, ladder: Sequence[str], aspects: Sequence[str]) -> list[str]:
    """Return the controls of the ladder that change something, weakest first.

    One that holds the same equal as `control`, or as a control before it, would run it again.
    """
    seen = {effective_aspects(control, aspects)}
    rungs = []
    for rung in sorted(ladder, key=names.CONTROLS.index):
        held = effective_aspects(rung, aspects)
        if held not in seen:
            seen.add(held)
            rungs.append(rung)
    return rungs
