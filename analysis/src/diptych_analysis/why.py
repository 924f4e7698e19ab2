"""What the ladder of controls says about the cause, in sentences that a person can repeat.

Built only from the ladder's numbers. A control is named only when it takes away more of the
distance than chance would; what was not shown is said to be open, with what would show it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from diptych_analysis.attribution import Rung
from diptych_analysis.proof import exceeds_repeats, is_proved, keeps_its_mean, seeds_to_tell
from diptych_analysis.sentences import level, number, percent, seeds
from diptych_runner.contract import names
from diptych_runner.contract.plan import Plan, effective_aspects

#: A distance this much smaller than the first hints at a cause, proved or not.
HINT = 0.5
#: Of shares this close the weaker control is named: what it holds equal suffices.
_ALIKE = 0.05
#: What takes away this share is not left out of what is named, though it may be chance.
_NOTED = 0.25

#: What both versions do once an aspect is shared, in the order of the controls that add them.
_ONCE = {
    "initialWeights": "start from the same weights",
    "batchOrder": "see the batches in the same order",
    "masks": "use the same masks of random layers",
    "parameters": "are given every parameter",
    "numerics": "run with the same numeric switches",
}
_STREAMS = {"initialWeights", "batchOrder", "masks"}


@dataclass(frozen=True)
class Asked:
    """What the sentences are about: the metric, what its means say, and changed parameters.

    `means` is a clause; `parameters` has "epsilon 1e-08 → 1e-07" and the like, where the
    frameworks' own objects report other values under the verdict's control, `kept` under the
    strongest one too; `same_start`: every pair of trials has equal initial weights, no cause then.
    `placed`: one step from equal state differs by more than rounding.
    """

    metric: str
    means: str
    parameters: Sequence[str] = ()
    same_start: bool = False
    kept: Sequence[str] = ()
    placed: bool = False


@dataclass(frozen=True)
class Why:
    """The sentences, and what a ladder should have that would tell more: controls, seeds.

    Without `controls` there is nothing more to run; `seeds` is 0 where their number is not what
    is missing.
    """

    text: str
    controls: tuple[str, ...] = ()
    seeds: int = 0


def why(plan: Plan, rungs: Sequence[Rung], asked: Asked, alpha: float) -> Why:
    """Return what is known of the cause; `rungs` begin with the verdict's control."""
    climbed = _climbed(rungs)
    first = climbed[0]
    if first.per_seed_rms is None:
        where = "" if len(climbed) == 1 else " under every control"
        return Why(
            f"No seed succeeded in both versions{where}, so there is no distance to attribute."
        )
    if not exceeds_repeats(first, alpha):
        return Why(_nothing_to_attribute(first))
    if len(climbed) < 2:
        return _no_ladder(plan, first, asked)
    corrected = _corrected(climbed, alpha)
    proved = [rung for rung in climbed[1:] if is_proved(rung, first, corrected)]
    if not proved:
        return _not_beyond_chance(plan, climbed, asked, alpha)
    most = max(rung.explains or 0.0 for rung in proved)
    best = next(rung for rung in proved if (rung.explains or 0.0) >= most - _ALIKE)
    # A weaker control that seems to take a part away belongs to what is named, proved or not.
    noted = [r for r in climbed[1:] if r in proved or (r.explains or 0.0) >= _NOTED]
    return _explained(plan, climbed, asked, (noted[0], best), alpha)


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


def _climbed(rungs: Sequence[Rung]) -> list[Rung]:
    """Return the verdict's control and those that hold more equal than it does, weakest first."""
    stronger = [r for r in rungs[1:] if _rank(r.control) > _rank(rungs[0].control)]
    return [*rungs[:1], *sorted(stronger, key=lambda rung: _rank(rung.control))]


def _corrected(rungs: Sequence[Rung], alpha: float) -> float:
    """Return the level of each control's test: one for each that was climbed to (Bonferroni)."""
    return alpha / (len(rungs) - 1)


def _apart(first: Rung, asked: Asked) -> str:
    """Return how far apart the versions are, which every sentence about the ladder begins with."""
    return (
        f"Seed by seed the values of {asked.metric} lie {number(first.per_seed_rms)} apart, "
        f"{asked.means}"
    )


def _nothing_to_attribute(first: Rung) -> str:
    if first.per_seed_rms == 0:
        return (
            f"Under {first.control} the metric is equal for every seed: there is nothing to "
            "attribute."
        )
    return (
        f"The distance under {first.control}, {number(first.per_seed_rms)}, is not above what "
        f"repeats do, beyond chance (same-seed floor {number(first.same_seed_floor)}): there is "
        "nothing to attribute to a control."
    )


def _no_ladder(plan: Plan, first: Rung, asked: Asked) -> Why:
    more = controls_to_add(plan)
    told = f"{_apart(first, asked)}."
    if asked.parameters:
        told += f" Parameters that are left to the versions differ: {', '.join(asked.parameters)}."
    if not more:
        return Why(f"{told} {_what_is_left(first.control, asked)}")
    return Why(
        f"{told} To learn which change caused it, add attribution.controls: [{', '.join(more)}].",
        tuple(more),
    )


def _explained(
    plan: Plan, rungs: Sequence[Rung], asked: Asked, proved: tuple[Rung, Rung], alpha: float
) -> Why:
    """Name what the best control adds to all that takes nothing away, and then what is left."""
    first, best = proved
    before = rungs[rungs.index(first) - 1]
    added = _held(plan, best.control) - _held(plan, before.control)
    if asked.same_start and len(added) > 1:
        added -= {"initialWeights"}
    once = " and ".join(words for aspect, words in _ONCE.items() if aspect in added)
    parts = [
        f"{_apart(rungs[0], asked)}; {percent(best.explains)} of the squared distance"
        f"{_bounds(best, alpha)} is gone once both versions {once} ({best.control}): "
        f"{_kind(added, asked)}{_end(best, added, alpha)}.",
        _by_control(rungs, alpha),
        _left(best),
    ]
    # Which of several aspects it is, a control between the two would tell.
    apart = _held(plan, first.control) - _held(plan, before.control)
    between: list[str] = []
    if len(apart) > 1:
        between = [c for c in controls_to_add(plan) if _is_between(before, c, first)]
        told = f"Which of the {len(apart)} it is cannot be told"
        parts.append(
            f"{told}: add {', '.join(between)} to attribution.controls." if between else f"{told}."
        )
    strongest = rungs[-1]
    if (strongest.per_seed_rms or 0.0) > (strongest.same_seed_floor or 0.0):
        more = [c for c in controls_to_add(plan) if _rank(c) > _rank(strongest.control)]
        between += more
        parts.append(_kept(strongest, asked))
        parts.append(f"Not run: {', '.join(more)}." if more else "")
    return Why(" ".join(part for part in parts if part), tuple(between))


def _kind(added: frozenset[str], asked: Asked) -> str:
    """Return what sort of change it is, as far as what was made equal tells."""
    if added <= _STREAMS - {"initialWeights"}:
        return "a changed random stream"
    if added == {"initialWeights"}:
        return "other initial weights, by a changed random stream or initializer"
    if added <= _STREAMS:
        return "changed random streams or another initializer"
    if added == {"parameters"}:
        named = f" ({', '.join(asked.parameters)})" if asked.parameters else ""
        return f"a changed default{named}"
    if added == {"numerics"}:
        return "arithmetic, which numeric switches align"
    return "one of them, or several"


def _end(best: Rung, added: frozenset[str], alpha: float) -> str:
    """Rule out arithmetic, or say that the control leaves a mean difference that it may cause."""
    if keeps_its_mean(best) and best.interval is not None:
        return (
            f"; the mean difference of {number(best.difference)} ({level(alpha)} interval "
            f"{number(best.interval[0])} to {number(best.interval[1])}) is still there under "
            f"{best.control}: something else causes that"
        )
    known = added <= _STREAMS or added == {"parameters"}
    return ", not arithmetic" if known else ""


def _left(best: Rung) -> str:
    if best.identical:
        return "Nothing else differs then: every bit is equal."
    if best.per_seed_rms == 0:
        return "In this metric nothing is left of it."
    return f"{number(best.per_seed_rms)} is left."


def _by_control(rungs: Sequence[Rung], alpha: float) -> str:
    """Say what each control has taken away in all, so that none is blamed for one before it."""
    known = [rung for rung in rungs[1:] if rung.explains is not None]
    if len(known) < 2:
        return ""
    told = ", ".join(
        f"{rung.control} {percent(rung.explains)}{_bounds(rung, alpha)}" for rung in known
    )
    return f"Taken away in all, up to each control: {told}."


def _not_beyond_chance(plan: Plan, rungs: Sequence[Rung], asked: Asked, alpha: float) -> Why:
    """Say what the ladder shows without proving it, and how many seeds would."""
    first_rms = rungs[0].per_seed_rms or 0.0
    known = [r for r in rungs[1:] if r.per_seed_rms is not None]
    best = min(known, key=lambda r: r.per_seed_rms or 0.0, default=None)
    start = _apart(rungs[0], asked)
    if best is not None and (best.per_seed_rms or 0.0) < first_rms * HINT:
        enough = seeds_to_tell(best, rungs[0], _corrected(rungs, alpha)) or 0
        wanted = f"; about {enough} would tell" if enough > best.seeds else ""
        told = (
            f"{start}; under {best.control} they lie {number(best.per_seed_rms)} apart, but "
            f"{seeds(best.seeds)} are too few to rule out chance{wanted}."
        )
        more_told = (told, _by_control(rungs, alpha), _kept(rungs[-1], asked))
        return Why(
            " ".join(part for part in more_told if part),
            tuple(rung.control for rung in rungs[1:]),
            max(enough, 2 * best.seeds),
        )
    more = [c for c in controls_to_add(plan) if _rank(c) > _rank(rungs[-1].control)]
    left = f"Not run: {', '.join(more)}." if more else _what_is_left(rungs[-1].control, asked)
    if asked.kept:
        told = _kept(rungs[-1], asked)
        left = f"{told} {left}" if more else told
    return Why(
        f"{start}; no control that was run takes that away beyond chance, at best to "
        f"{number(best.per_seed_rms if best else None)} over {seeds(rungs[0].seeds)}. The cause is "
        f"in what none of them holds equal, or there are too few seeds to see it. {left}",
        tuple(more),
    )


def _kept(strongest: Rung, asked: Asked) -> str:
    if not asked.kept:
        return ""
    return f"Parameters differ under {strongest.control} too: {', '.join(asked.kept)}."


def _what_is_left(control: str, asked: Asked) -> str:
    """Say what can be the cause when no control could hold more equal than this one."""
    start = f"{control} holds equal all that a control can: what is left is"
    code = "code or a default that is no parameter of this workload"
    if asked.placed:
        return f"{start} {code}; one step differs by more than rounding."
    return f"{start} {code}, or the versions' arithmetic that no switch aligns."


def _bounds(rung: Rung, alpha: float) -> str:
    ends = rung.explains_interval
    if ends is None or ends[0] == ends[1]:
        return ""
    return f" ({level(alpha)} interval {100 * ends[0]:.0f} to {100 * ends[1]:.0f} %)"


def _is_between(before: Rung, control: str, first: Rung) -> bool:
    return _rank(before.control) < _rank(control) < _rank(first.control)


def _held(plan: Plan, control: str) -> frozenset[str]:
    return effective_aspects(control, plan.aspects())


def _rank(control: str) -> int:
    return names.CONTROLS.index(control)
