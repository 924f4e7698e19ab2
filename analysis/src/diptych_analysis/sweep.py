"""Re-tuning: how far a candidate is, at each setting, from the baseline at the baseline's own.

The setting that comes closest is the best of several, and looks better than it is: a selection
effect. So it is chosen once more on every other seed and judged on the rest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from diptych_analysis.diverging import diverging_of
from diptych_analysis.estimate import Estimate, Pairing, Terms, estimate
from diptych_analysis.identity import are_exact, are_identical
from diptych_analysis.lost import selection_told
from diptych_analysis.percents import level
from diptych_analysis.records.outcome import Committed
from diptych_analysis.records.table import Table
from diptych_analysis.rows import finite, finite_bounds
from diptych_analysis.sentences import number, seeds
from diptych_analysis.statistics.sample import mean
from diptych_analysis.summary import Confirmation, Sweep, SweptSetting
from diptych_runner.contract.plan import Plan

#: Two to choose on, two to confirm on: fewer have no spread.
FEWEST_SEEDS = 4


@dataclass(frozen=True)
class Swept:
    """Which trials a sweep is about: the plan's, of one candidate, under the verdict's control."""

    table: Table
    baseline: str
    version: str
    control: str
    metric: Mapping[str, Any]


def sweep_of(swept: Swept, terms: Terms) -> Sweep | None:
    """Return what re-tuning does; None when the plan sweeps nothing."""
    settings = settings_of(swept.table.plan, swept.control)
    if len(settings) < 2:
        return None
    rows = {setting: _estimate(swept, setting, terms) for setting in settings}
    closest = _closest(rows)
    confirmation = _confirmation(swept, settings, terms)
    own = rows[0].sample
    return Sweep(
        metric=str(swept.metric["name"]),
        control=swept.control,
        baseline_mean=finite(mean(own.baseline)) if own.count else None,
        margin=finite(rows[0].margin),
        settings=[
            _row(swept.table.plan, setting, row, terms.alpha) for setting, row in rows.items()
        ],
        closest=closest,
        confirmation=confirmation,
        told=_told(swept, rows, closest, confirmation, terms),
    )


def settings_of(plan: Plan, control: str) -> list[int]:
    """Return the settings that run under a control, 0 first."""
    return sorted({cell.setting for cell in plan.cells if cell.control == control})


def spelled(plan: Plan, setting: int) -> str:
    """Return what a setting overrides, in words."""
    changed = plan.axes["settings"][setting]
    told = ", ".join(f"{name} {value}" for name, value in changed.items())
    return told or "its parameters as given"


def halves(values: Sequence[int]) -> tuple[list[int], list[int]]:
    """Return every other seed to choose on, and the rest to confirm on."""
    return list(values[0::2]), list(values[1::2])


def _estimate(swept: Swept, setting: int, terms: Terms) -> Estimate:
    table, cells = swept.table, ((swept.control, 0), (swept.control, setting))
    wanted = set(terms.seeds)
    whole = [
        [record for record in table.of(name, cell) if record.trial.seed in wanted]
        for name, cell in zip((swept.baseline, swept.version), cells, strict=True)
    ]
    left, right = (
        [r for r in records if isinstance(r, Committed) and r.succeeded] for records in whole
    )
    pairing = Pairing(
        version=swept.version,
        control=swept.control,
        setting=setting,
        baseline=left,
        candidate=right,
        identical=are_identical(*whole),
        exact=are_exact(left, right),
        diverging=diverging_of(setting, *whole),
        problem=_unequal(left, right),
        selection=selection_told(whole, (swept.baseline, swept.version), terms.alpha),
    )
    return estimate(pairing, swept.metric, terms)


def _unequal(left: Sequence[Committed], right: Sequence[Committed]) -> str | None:
    """Return that a setting changes the test set, on which alone it could be compared."""
    tested: dict[int, set[str]] = {}
    for record in (*left, *right):
        if record.setup is not None and record.shapes:
            tested.setdefault(record.trial.seed, set()).add(record.setup.test_sha256)
    differ = any(len(sets) > 1 for sets in tested.values())
    return "the setting changes the test set" if differ else None


def _closest(rows: Mapping[int, Estimate]) -> int | None:
    """Return the setting with the smallest mean difference, the first of equals.

    One that has a mean of survivors alone comes last.
    """
    known = {
        setting: (row.is_of_survivors, abs(row.spread.mean))
        for setting, row in rows.items()
        if row.spread is not None
    }
    return min(known, key=known.__getitem__, default=None)


def _confirmation(swept: Swept, settings: Sequence[int], terms: Terms) -> Confirmation | None:
    if len(terms.seeds) < FEWEST_SEEDS:
        return None
    choosing, confirming = halves(terms.seeds)
    rows = {
        setting: _estimate(swept, setting, replace(terms, seeds=choosing)) for setting in settings
    }
    chosen = _closest(rows)
    if chosen is None:
        return None
    judged = _estimate(swept, chosen, replace(terms, seeds=confirming))
    if judged.spread is None:
        return None
    return Confirmation(
        setting=chosen,
        chosen_on=list(rows[chosen].sample.seeds),
        confirmed_on=list(judged.sample.seeds),
        difference=finite(judged.spread.mean),
        interval=finite_bounds(judged.interval),
        equivalence_interval=finite_bounds(judged.equivalence_interval),
        equivalent=_equivalent(judged, terms.alpha),
    )


def _equivalent(row: Estimate, alpha: float) -> bool | None:
    """Say whether a row is equivalent; never by survivors alone."""
    if row.margin is None or row.spread is None:
        return None
    return row.is_equivalent(alpha) and not row.is_of_survivors


def _row(plan: Plan, setting: int, row: Estimate, alpha: float) -> SweptSetting:
    return SweptSetting(
        setting=setting,
        parameters=plan.axes["settings"][setting],
        mean=finite(mean(row.sample.candidate)) if row.sample.count else None,
        difference=finite(row.spread.mean) if row.spread is not None else None,
        interval=finite_bounds(row.interval),
        equivalence_interval=finite_bounds(row.equivalence_interval),
        equivalent=_equivalent(row, alpha),
        seeds=row.sample.count,
        problem=None
        if row.spread is not None
        else row.problem or "too few seeds succeeded in both",
    )


def _told(
    swept: Swept,
    rows: Mapping[int, Estimate],
    closest: int | None,
    confirmation: Confirmation | None,
    terms: Terms,
) -> str:
    plan, name = swept.table.plan, str(swept.metric["name"])
    if _change_nothing(swept, list(rows)):
        return (
            f"All {len(rows)} settings trained the same bits in {swept.version}, for every seed: "
            f"nothing that is trained there depends on {' or '.join(_swept_names(plan))}, so there "
            "is no setting to choose. Code of one's own has it as run.parameters[name]."
        )
    if closest is None:
        return (
            f"No setting of {swept.version} has {name} for the same seeds as {swept.baseline} as "
            "given, so none can be called the closest."
        )
    best = rows[closest]
    told = [
        f"Of {len(rows)} settings, {swept.version} comes closest to {swept.baseline} as given with "
        f"{spelled(plan, closest)}: {name} differs by {number(_mean(best))} "
        f"({level(terms.alpha)} interval {_interval(best.interval)}, "
        f"{seeds(best.sample.count)})"
    ]
    if closest != 0 and rows[0].spread is not None:
        told.append(f"as given it differs by {number(_mean(rows[0]))}")
    if best.diverging.sets_differ:
        told.append(f"{seeds(best.diverging.discordant)} diverged in one version only")
    if best.selection is not None:
        told.append(best.selection)
    sentence = "; ".join(told) + "."
    warning = (
        f" Being the best of {len(rows)} makes a setting look closer than it is (a selection "
        "effect)"
    )
    if confirmation is None:
        return (
            f"{sentence}{warning}, and {seeds(len(terms.seeds))} are too few to choose on some "
            "and judge on others: confirm it on unused seeds."
        )
    return f"{sentence}{warning}. {_confirmed(plan, swept.metric, confirmation, terms.alpha)}"


def _change_nothing(swept: Swept, settings: Sequence[int]) -> bool:
    """Say whether each seed's trials of all settings are equal, bit by bit."""
    found: dict[int, list[object]] = {}
    for setting in settings:
        for record in swept.table.of(swept.version, (swept.control, setting)):
            if not isinstance(record, Committed) or not record.succeeded:
                return False
            found.setdefault(record.trial.seed, []).append(record.fingerprint)
    return bool(found) and all(len(set(each)) == 1 for each in found.values())


def _swept_names(plan: Plan) -> list[str]:
    return sorted({name for setting in plan.axes["settings"] for name in setting})


def _no_margin(metric: Mapping[str, Any]) -> str:
    if metric["relativeMargin"] is None:
        return "no margin is declared"
    return "the relative margin is no number to rely on there, so none is left"


def _confirmed(plan: Plan, metric: Mapping[str, Any], found: Confirmation, alpha: float) -> str:
    start = (
        f"Chosen on {seeds(len(found.chosen_on))} and judged on "
        f"{len(found.confirmed_on)} others, {spelled(plan, found.setting)} differs by "
        f"{number(found.difference)} ({level(alpha)} interval {_interval(found.interval)})"
    )
    if found.equivalent is None:
        return f"{start}; {_no_margin(metric)} to hold it against."
    if found.equivalent:
        return f"{start}: equivalent, within the margin, on seeds that had no say in the choice."
    return f"{start}: equivalence is not shown there."


def _mean(row: Estimate) -> float | None:
    return None if row.spread is None else row.spread.mean


def _interval(bounds: tuple[float, float] | None) -> str:
    return "unknown" if bounds is None else f"{number(bounds[0])} to {number(bounds[1])}"
