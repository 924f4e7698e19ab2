"""What a control holds equal, in order and in words: the grammar of the sentences about a cause."""

from collections.abc import Collection, Sequence

from diptych_analysis.attribution import Rung
from diptych_runner.contract import names
from diptych_runner.contract.plan import Plan, effective_aspects

#: What both versions do once an aspect is shared, in the order of the controls that add them.
ONCE = {
    names.INITIAL_WEIGHTS: "start from the same weights",
    names.BATCH_ORDER: "see the batches in the same order",
    names.MASKS: "use the same masks of random layers",
    names.PARAMETERS: "are given every parameter",
    names.NUMERICS: "run with the same numeric switches",
}


def held(plan: Plan, control: str) -> frozenset[str]:
    """Return what a control holds equal, of what the plan's workload has."""
    return effective_aspects(control, plan.aspects())


def rank(control: str) -> int:
    """Return a control's place, weakest first."""
    return names.CONTROLS.index(control)


def climbed(rungs: Sequence[Rung]) -> list[Rung]:
    """Return the verdict's control and those that hold more equal than it does, weakest first."""
    stronger = [rung for rung in rungs[1:] if rank(rung.control) > rank(rungs[0].control)]
    return [*rungs[:1], *sorted(stronger, key=lambda rung: rank(rung.control))]


def strictest(rungs: Sequence[Rung]) -> str:
    """Return the strongest control that has numbers; the verdict's where none above it has."""
    first, *others = climbed(rungs)
    return [first.control, *(r.control for r in others if r.per_seed_rms is not None)][-1]


def controls_to_add(
    plan: Plan,
    ruled_out: frozenset[str] = frozenset(),
    without_numbers: Collection[str] = frozenset(),
) -> list[str]:
    """Return the controls that a ladder could have had and that change something.

    Each shares an aspect that the control before it does not, and that is not ruled out. Those
    that were run and gave no numbers are among them.
    """
    run = {cell.control for cell in plan.cells} - {*without_numbers}
    known = held(plan, plan.document["analysis"]["control"]) | ruled_out
    found = []
    for control in names.CONTROLS:
        aspects = held(plan, control)
        if aspects <= known:
            continue
        known |= aspects
        if control not in run:
            found.append(control)
    return found


def kind(added: frozenset[str], parameters: Sequence[str]) -> str:
    """Return what sort of change it is, as far as what was made equal, of which some is, tells."""
    if added <= names.DRAWN_ASPECTS - {names.INITIAL_WEIGHTS}:
        return "a changed random stream"
    if added == {names.INITIAL_WEIGHTS}:
        return "other initial weights, by a changed random stream or initializer"
    if added <= names.DRAWN_ASPECTS:
        return "changed random streams or another initializer"
    if added == {names.PARAMETERS}:
        named = f" ({', '.join(parameters)})" if parameters else ""
        return f"a changed default{named}"
    if added == {names.NUMERICS}:
        return "arithmetic, which numeric switches align"
    return "one of them, or several"
