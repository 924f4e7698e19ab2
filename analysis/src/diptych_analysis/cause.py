"""The sentence about why: built only from the ladder's numbers and the first divergence."""

import math
import statistics
from collections.abc import Sequence

from scipy import special

from diptych_analysis.attribution import Rung
from diptych_analysis.divergence import Divergence, earliest
from diptych_analysis.records.losses import TRAIN_LOSS
from diptych_analysis.sentences import number, seeds
from diptych_runner.contract import names
from diptych_runner.contract.plan import Plan, effective_aspects

#: A distance this much smaller than the first hints at a cause, proved or not.
HINT = 0.5

#: Aspects in the order of the controls that add them.
_MEANING = {
    "initialWeights": "equal initial weights",
    "batchOrder": "an equal order of batches",
    "masks": "equal masks of random layers",
    "parameters": "equal explicit parameters",
    "numerics": "aligned numeric switches",
}


def cause_of(
    plan: Plan, rungs: Sequence[Rung], divergences: Sequence[Divergence | None], alpha: float
) -> str | None:
    """Return what is known of the cause; None when no pair of trials differs."""
    parted = [divergence for divergence in divergences if divergence is not None]
    if not parted:
        return None
    return f"{_where(parted, len(divergences))} {_why(plan, rungs, alpha)}"


def controls_to_add(plan: Plan) -> list[str]:
    """Return the controls that a ladder could have had and that change something.

    Each shares an aspect that the control before it does not.
    """
    run = {cell.control for cell in plan.cells}
    held = _held(plan, plan.document["analysis"]["control"])
    found = []
    for control in names.CONTROLS:
        aspects = _held(plan, control)
        if aspects <= held:
            continue
        held = aspects
        if control not in run:
            found.append(control)
    return found


def removes_more_than_chance(
    rms: float, first_rms: float, seeds: int, alpha: float, *, identical: bool = False
) -> bool:
    """Say whether a rung's distance is smaller than the first's beyond chance.

    One-sided F test of the two mean squares with (seeds, seeds) degrees of freedom: differences
    of exchangeable versions have mean 0, so every seed counts as one degree. Of a coarse metric
    all differences may be 0 by chance, each with 1/2 at most; `identical` bits are no chance.
    """
    if rms == 0:
        return first_rms > 0 and (identical or 2.0**-seeds < alpha)
    return (rms / first_rms) ** 2 < float(special.fdtri(seeds, seeds, alpha))


def _where(parted: Sequence[Divergence], pairs: int) -> str:
    steps = [divergence.step for divergence in parted]
    first = earliest(parted) or parted[0]
    what = {
        names.OUTPUTS_KEY: "the predictions",
        TRAIN_LOSS: "the training loss",
    }.get(first.what, first.what)
    when = "before training" if first.step == 0 else f"at step {first.step}"
    start = f"The versions part {when}, in {what}{_phase(first)}"
    if len(parted) == 1 and pairs == 1:
        return f"{start}."
    return (
        f"{start} (the earliest of {len(parted)} of {pairs} seeds that differ; "
        f"median at step {statistics.median(steps):g})."
    )


def _phase(first: Divergence) -> str:
    """Say what the first difference leaves as its place; nothing where records do not tell."""
    if first.step == 0:
        return ": the initial weights" if names.WEIGHTS_PREFIX in first.kinds else ""
    if not first.after_equal_state:
        return ""
    if first.what == TRAIN_LOSS:
        return ", from equal weights: the batch or the forward pass"
    if first.kinds == (names.WEIGHTS_PREFIX,):
        return ", with equal loss and slots: the update"
    if names.SLOTS_PREFIX in first.kinds:
        return ", from equal weights and with an equal loss: the gradient or the update"
    return ""


def _why(plan: Plan, rungs: Sequence[Rung], alpha: float) -> str:
    climbed = _climbed(rungs)
    if len(climbed) < 2:
        return _no_ladder(plan)
    first = climbed[0]
    if first.per_seed_rms is None:
        return "No seed succeeded in both versions under every control: the ladder stays unclimbed."
    if first.per_seed_rms <= (first.same_seed_floor or 0.0):
        return _nothing_to_attribute(first)
    return _ladder(plan, climbed, first.per_seed_rms, alpha / (len(climbed) - 1))


def _climbed(rungs: Sequence[Rung]) -> list[Rung]:
    """Return the verdict's control and those that hold more equal than it does, weakest first."""
    stronger = [r for r in rungs[1:] if _rank(r.control) > _rank(rungs[0].control)]
    return [*rungs[:1], *sorted(stronger, key=lambda rung: _rank(rung.control))]


def _nothing_to_attribute(first: Rung) -> str:
    if first.per_seed_rms == 0:
        return (
            f"Under {first.control} the metric is equal for every seed: there is nothing to "
            "attribute."
        )
    return (
        f"The distance under {first.control}, {number(first.per_seed_rms)}, is not above the "
        f"same-seed floor of {number(first.same_seed_floor)}: there is nothing to attribute."
    )


def _ladder(plan: Plan, rungs: Sequence[Rung], first_rms: float, alpha: float) -> str:
    """Name the first control that removes a distance beyond chance, and what then is left."""
    for place, rung in enumerate(rungs[1:], start=1):
        rms = rung.per_seed_rms
        if rms is None or not removes_more_than_chance(
            rms, first_rms, rung.seeds, alpha, identical=rung.identical
        ):
            continue
        before = rungs[place - 1]
        still = (
            ""
            if place == 1
            else f"; under {before.control} it is still {number(before.per_seed_rms)}"
        )
        added = _added(plan, before.control, rung.control)
        return (
            f"With {' and '.join(added)} ({rung.control}) the per-seed distance falls from "
            f"{number(first_rms)} under {rungs[0].control} to {number(rms)} over "
            f"{seeds(rung.seeds)}, which takes away {_percent(rung.explains)} of its square{still}."
            + _told_apart(plan, before.control, rung.control, len(added))
            + _cumulative(rungs)
        )
    return _not_beyond_chance(plan, rungs, first_rms, alpha)


def _not_beyond_chance(plan: Plan, rungs: Sequence[Rung], first_rms: float, alpha: float) -> str:
    """Say what the ladder shows without proving it, and how many seeds would."""
    known = [r for r in rungs[1:] if r.per_seed_rms is not None]
    best = min(known, key=lambda r: r.per_seed_rms or 0.0, default=None)
    if best is not None and (best.per_seed_rms or 0.0) < first_rms * HINT:
        # Of a distance of 0 each seed halves the chance; of another one no number is promised.
        enough = math.floor(-math.log2(alpha)) + 1
        wanted = f"; {enough} would tell" if best.per_seed_rms == 0 else ""
        return (
            f"The per-seed distance falls from {number(first_rms)} under {rungs[0].control} to "
            f"{number(best.per_seed_rms)} under {best.control}, but {seeds(best.seeds)} are too "
            f"few to rule out chance{wanted}.{_cumulative(rungs)}"
        )
    return (
        f"No control that was run removes the per-seed distance beyond chance: {number(first_rms)} "
        f"under {rungs[0].control}, at best {number(best.per_seed_rms if best else None)} over "
        f"{seeds(rungs[0].seeds)}. "
        "The cause is in what none of them holds equal, or there are too few seeds to see it."
        + _more(plan, rungs[-1].control)
    )


def _cumulative(rungs: Sequence[Rung]) -> str:
    """Say what each control has taken away in all, so that none is blamed for one before it."""
    known = [rung for rung in rungs[1:] if rung.explains is not None]
    if len(known) < 2:
        return ""
    told = ", ".join(f"{rung.control} {_percent(rung.explains)}" for rung in known)
    return f" Taken away in all, up to each control: {told}."


def _added(plan: Plan, before: str, control: str) -> list[str]:
    """Return what a control holds equal in the plan's workload that another one does not."""
    aspects = _held(plan, control) - _held(plan, before)
    return [meaning for aspect, meaning in _MEANING.items() if aspect in aspects]


def _told_apart(plan: Plan, before: str, control: str, added: int) -> str:
    """Say that several aspects were added at once, and which controls would tell them apart."""
    if added < 2:
        return ""
    between = [c for c in controls_to_add(plan) if _rank(before) < _rank(c) < _rank(control)]
    told = f" Which of the {added} it is cannot be told"
    return f"{told}: add {', '.join(between)} to attribution.controls." if between else f"{told}."


def _percent(share: float | None) -> str:
    """Return a share as a percentage that says 100 only when nothing is left."""
    if share is None:
        return "an unknown share"
    return "over 99.9 %" if 0.999 < share < 1 else f"{100 * share:.3g} %"


def _more(plan: Plan, strongest: str) -> str:
    """Name the controls not run that hold more equal than the strongest that was run."""
    more = [c for c in controls_to_add(plan) if _rank(c) > _rank(strongest)]
    return f" Not run: {', '.join(more)}." if more else f" {_what_is_left(strongest)}"


def _no_ladder(plan: Plan) -> str:
    more = controls_to_add(plan)
    if more:
        return f"To learn which change caused it, add attribution.controls: [{', '.join(more)}]."
    return _what_is_left(plan.document["analysis"]["control"])


def _what_is_left(control: str) -> str:
    """Say what can be the cause when no control could hold more equal than this one."""
    return (
        f"{control} holds equal all that a control can: what is left is the versions' arithmetic "
        "that no switch aligns, or a default that is no parameter of this workload."
    )


def _held(plan: Plan, control: str) -> frozenset[str]:
    return effective_aspects(control, plan.aspects())


def _rank(control: str) -> int:
    return names.CONTROLS.index(control)
