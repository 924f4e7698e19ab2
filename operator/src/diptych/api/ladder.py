"""Which controls of the attribution ladder change anything for a workload."""

from collections.abc import Sequence

from diptych_runner.contract import names, tables
from diptych_runner.contract.plan import effective_aspects


def aspects_of(builtin: str | None) -> list[str]:
    """Return what a control can hold equal in a built-in workload; in a module, everything."""
    workload = None if builtin is None else tables.workloads().get(builtin)
    if workload is None:
        return [aspect for aspect in names.ASPECTS if aspect is not None]
    return workload.aspects


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
