"""The ladder that would tell which change caused a difference: a ready resource and its cost."""

from collections.abc import Sequence

from diptych_analysis.fresh import proposed, trial_hours
from diptych_analysis.runnable import ready
from diptych_analysis.summary import Candidate, Fresh, Ladder
from diptych_analysis.why import Why
from diptych_runner.contract import names
from diptych_runner.contract.plan import Plan

#: Seeds of a ladder: equal bits prove at any number, other numbers seldom need more.
_USUAL_SEEDS = 10
_SUFFIX = "-why"


def ladder_of(
    plan: Plan,
    candidates: Sequence[Candidate],
    whys: Sequence[Why | None],
    fresh: Fresh | None = None,
) -> Ladder | None:
    """Return the ladder for all candidates whose cause more controls or seeds would tell.

    `whys` are the candidates' own, in their order. With the controls that were run already, so
    that one comparison has all rungs over the same seeds, but for those that can tell nothing of
    any. None when nothing more can be run. What both `fresh` and this one ask is not asked of one
    seed twice.
    """
    open_ones = [
        (candidate.version, found)
        for candidate, found in zip(candidates, whys, strict=True)
        if found is not None and found.controls
    ]
    if not open_ones:
        return None
    verdicts = plan.document["analysis"]["control"]
    wanted = {control for _, found in open_ones for control in found.controls}
    useless = set.intersection(
        *(
            {c for c, shown in found.evidence.items() if shown == "RuledOut"}
            for _, found in open_ones
        )
    )
    run = {cell.control for cell in plan.cells} - {verdicts} - useless
    controls = [control for control in names.CONTROLS if control in wanted | run]
    count = max(min(len(plan.seeds), _USUAL_SEEDS), *(found.seeds for _, found in open_ones))
    last = max(plan.seeds) if fresh is None else fresh.first + fresh.count - 1
    seeds = _seeds(plan.seeds, count, last)
    if len(seeds) < min(count, names.MOST_SEEDS) and set(controls) <= run:
        return None  # so few seeds have told already what they can
    made = _plan(plan, [plan.document["analysis"]["baseline"], *dict(open_ones)], controls, seeds)
    return Ladder(
        controls=controls,
        seeds=len(seeds),
        versions=made.versions,
        trials=made.trial_count,
        trial_hours=trial_hours(made, candidates),
        resource=ready(made),
    )


def _seeds(used: Sequence[int], count: int, last: int) -> list[int]:
    """Return the first seeds of those used; where these do not suffice, those after the last.

    The resource asks for a verdict too, and one over old seeds and new ones would be a second look.
    """
    most = min(count, names.MOST_SEEDS, names.LARGEST_SEED - last)
    if most <= len(used):
        return list(used[:count])
    return list(range(last + 1, last + 1 + most))


def _plan(plan: Plan, versions: Sequence[str], controls: Sequence[str], seeds: list[int]) -> Plan:
    control = plan.document["analysis"]["control"]
    repeats = [
        (c.repeat, min(c.seeds, len(seeds)))
        for c in plan.cells
        if c.control == control and c.setting == 0 and c.repeat
    ]
    # Every rung is repeated as the verdict's control is: so the resource's own plan has it.
    runs = [(0, len(seeds)), *repeats]
    cells = [
        {"control": each, "setting": 0, "repeat": repeat, "seeds": count}
        for each in (control, *controls)
        for repeat, count in runs
    ]
    return proposed(plan, versions, seeds, cells, _SUFFIX)
