"""The sentence about why: built only from the ladder's numbers and the first divergence."""

import statistics
from collections.abc import Sequence

from scipy import special

from diptych_analysis.attribution import Rung
from diptych_analysis.records.losses import TRAIN_LOSS
from diptych_analysis.sentences import number
from diptych_analysis.trajectory import Divergence
from diptych_runner.contract import names
from diptych_runner.contract.plan import Plan, effective_aspects
from diptych_runner.contract.tables import workloads

_MEANING = {
    "SharedInit": "equal initial weights",
    "SharedOrder": "an equal order of batches",
    "SharedMasks": "equal masks of random layers",
    "SharedParameters": "equal explicit parameters",
    "SharedNumerics": "aligned numeric switches",
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

    Of a built-in workload those it offers, each only when it shares an aspect that the control
    before it does not; of a user's own workload all above the verdict's control.
    """
    verdict = plan.document["analysis"]["control"]
    run = {cell.control for cell in plan.cells}
    workload = workloads().get(plan.axes["workload"]["builtin"] or "")
    offered = names.CONTROLS if workload is None else tuple(workload.controls)
    held = effective_aspects(verdict, workload.aspects) if workload else frozenset()
    found = []
    for control in offered:
        if workload is not None:
            aspects = effective_aspects(control, workload.aspects)
            if aspects <= held:
                continue
            held = aspects
        if names.CONTROLS.index(control) > names.CONTROLS.index(verdict) and control not in run:
            found.append(control)
    return found


def removes_more_than_chance(rms: float, first_rms: float, seeds: int, alpha: float) -> bool:
    """Say whether a rung's distance is smaller than the first's beyond chance.

    One-sided F test of the two mean squares with (seeds, seeds) degrees of freedom: differences
    of exchangeable versions have mean 0, so every seed counts as one degree.
    """
    if rms == 0:
        return first_rms > 0
    return (rms / first_rms) ** 2 < float(special.fdtri(seeds, seeds, alpha))


def _where(parted: Sequence[Divergence], pairs: int) -> str:
    steps = [divergence.step for divergence in parted]
    first = parted[0]
    what = {
        names.OUTPUTS_KEY: "the predictions",
        TRAIN_LOSS: "the training loss",
    }.get(first.what, first.what)
    when = "before training" if first.step == 0 else f"at step {first.step}"
    start = f"The versions part {when}, in {what}{_phase(first)}"
    if len(parted) == 1 and pairs == 1:
        return f"{start}."
    return (
        f"{start} (first seed that differs; {len(parted)} of {pairs} seeds "
        f"differ, earliest at step {min(steps)}, median {statistics.median(steps):g})."
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
    if len(rungs) < 2:
        return _no_ladder(plan)
    first = rungs[0]
    if first.per_seed_rms is None:
        return "No seed ran under every control, so the ladder cannot be climbed."
    if first.per_seed_rms <= (first.same_seed_floor or 0.0):
        return (
            f"The distance under {first.control}, {number(first.per_seed_rms)}, is not above the "
            f"same-seed floor of {number(first.same_seed_floor)}: there is nothing to attribute."
        )
    return _ladder(plan, rungs, first.per_seed_rms, alpha / (len(rungs) - 1))


def _ladder(plan: Plan, rungs: Sequence[Rung], first_rms: float, alpha: float) -> str:
    """Name the first control that removes a distance beyond chance, and what then is left."""
    for place, rung in enumerate(rungs[1:], start=1):
        rms = rung.per_seed_rms
        if rms is None or not removes_more_than_chance(rms, first_rms, rung.seeds, alpha):
            continue
        before = rungs[place - 1].control
        still = (
            ""
            if place == 1
            else f"; under {before} it is still {number(rungs[place - 1].per_seed_rms)}"
        )
        return (
            f"With {_MEANING[rung.control]} ({rung.control}) the per-seed distance falls from "
            f"{number(first_rms)} under {rungs[0].control} to {number(rms)} over {rung.seeds} "
            f"seeds, which takes away {_percent(rung.explains)} of its square{still}."
        )
    least = min((r.per_seed_rms for r in rungs[1:] if r.per_seed_rms is not None), default=None)
    return (
        f"No control that was run removes the per-seed distance beyond chance: {number(first_rms)} "
        f"under {rungs[0].control}, at best {number(least)} over {rungs[0].seeds} seeds. "
        "The cause is in what none of them holds equal, or there are too few seeds to see it."
        + _more(plan)
    )


def _percent(share: float | None) -> str:
    """Return a share as a percentage that says 100 only when nothing is left."""
    if share is None:
        return "an unknown share"
    return "over 99.9 %" if 0.999 < share < 1 else f"{100 * share:.3g} %"


def _more(plan: Plan) -> str:
    more = controls_to_add(plan)
    return f" Not run: {', '.join(more)}." if more else ""


def _no_ladder(plan: Plan) -> str:
    more = controls_to_add(plan)
    if more:
        return f"To learn which change caused it, add attribution.controls: [{', '.join(more)}]."
    return (
        "No control changes anything for this workload: it draws nothing at random that could be "
        "held equal, so the cause is in the versions' defaults or arithmetic."
    )
