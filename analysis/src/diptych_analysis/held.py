"""Did a control hold equal what it says? What each trial recorded, against the plan's words."""

from collections.abc import Iterable, Iterator

from diptych_analysis.records.outcome import Committed
from diptych_analysis.records.table import Table
from diptych_analysis.summary import NotPinned
from diptych_analysis.validity import Problem
from diptych_runner.contract import defaults, names
from diptych_runner.contract.plan import Plan, effective_aspects
from diptych_runner.contract.trials import path_of
from diptych_runner.contract.versions import numbers


def problems_held(table: Table, baseline: str, candidate: str) -> list[Problem]:
    """Return what a control claims to share and did not, one problem a rule."""
    records = [record for record in table.committed(baseline, candidate) if record.setup]
    return [
        *_first("Defaults", _other_defaults(table, baseline, records)),
        *_first("Numerics", _not_aligned(records)),
    ]


def unknown_defaults(plan: Plan) -> str | None:
    """Return that SharedParameters can pin nothing, for no default of the baseline is known."""
    shares = any(
        names.PARAMETERS in effective_aspects(cell.control, plan.aspects()) for cell in plan.cells
    )
    baseline = plan.version(plan.document["analysis"]["baseline"])
    framework, version = plan.axes["framework"], baseline["version"]
    if not shares or defaults.is_known(framework, version):
        return None
    known = sorted(defaults.table(framework), key=numbers)
    return (
        f"No default of {framework} {version} is known, so SharedParameters leaves to each version "
        "what is not given: give every parameter of the optimizer, or take a baseline of "
        f"{known[0]} to {known[-1]}"
    )


def not_pinned(table: Table) -> list[NotPinned]:
    """Return by version what a control shares and could not make explicit, in the plan's order."""
    found: dict[str, set[str]] = {version: set() for version in table.plan.versions}
    for record in table.committed():
        if record.setup is not None:
            found[record.trial.version].update(record.setup.not_pinned)
    return [
        NotPinned(version=version, parameters=sorted(parameters))
        for version, parameters in found.items()
        if parameters
    ]


def _other_defaults(
    table: Table, baseline: str, records: Iterable[Committed]
) -> Iterator[tuple[str, str]]:
    """Yield defaults of the baseline that are not those that are pinned as its defaults.

    By the plan, or by the trial itself of code of one's own. The table of defaults tells of the
    version that the image claims to be: one that was built otherwise would be compared under
    parameters that are nobody's.
    """
    for record in records:
        shares = names.PARAMETERS in table.plan.shared(record.trial)
        if record.trial.version != baseline or record.setup is None or not shares:
            continue
        own = dict(record.setup.defaults)
        pinned = table.plan.pinned(record.trial.setting) or dict(record.setup.pinned)
        for name, value in sorted(pinned.items()):
            if name in own and own[name] != float(value):
                text = (
                    f"{record.trial.control} pins {name} {value} as the default of {baseline}, but "
                    f"its own record says {own[name]:g}"
                )
                yield text, path_of(record.trial)


def _not_aligned(records: Iterable[Committed]) -> Iterator[tuple[str, str]]:
    for record in records:
        setup = record.setup
        if setup is None or names.NUMERICS not in setup.shared or not setup.switched_on:
            continue
        text = (
            f"{record.trial.control} switches {' and '.join(setup.switched_on)} off, but in "
            f"{record.trial.version} it is on"
        )
        yield text, path_of(record.trial)


def _first(rule: str, found: Iterable[tuple[str, str]]) -> list[Problem]:
    told = list(found)
    if not told:
        return []
    return [Problem(rule, told[0][0], tuple(dict.fromkeys(trial for _, trial in told)))]
