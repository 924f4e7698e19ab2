"""What the ladder of controls says about the cause, in sentences that a person can repeat.

Built only from the ladder's numbers. A control is named only when it takes away more of the
distance than chance would; what was not shown is said to be open, with what would show it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from diptych_analysis.aspects import ONCE, climbed, controls_to_add, held, kind, rank
from diptych_analysis.attribution import Rung
from diptych_analysis.proof import (
    exceeds_repeats,
    has_its_mean,
    is_proved,
    keeps_its_mean,
    seeds_to_tell,
    seeds_to_tell_its_mean,
    takes_its_mean,
)
from diptych_analysis.ruledout import ruled_out_told
from diptych_analysis.sentences import level, number, percent, seeds
from diptych_analysis.summary.trajectories import Evidence
from diptych_analysis.wording import (
    Asked,
    apart,
    bounds,
    by_control,
    kept,
    left,
    nothing_to_attribute,
    what_is_left,
)
from diptych_runner.contract import names
from diptych_runner.contract.plan import Plan

#: A distance this much smaller than the first hints at a cause, proved or not.
HINT = 0.5
#: Of shares this close the weaker control is named: what it holds equal suffices.
_ALIKE = 0.05
#: What takes away this share is not left out of what is named, though it may be chance.
_NOTED = 0.25


@dataclass(frozen=True)
class Gone:
    """What a proved control says: what was made equal, all that it holds so, and what is left."""

    aspects: frozenset[str]
    held: frozenset[str]
    is_whole: bool


@dataclass(frozen=True)
class Why:
    """The sentences, and what a ladder should have that would tell more: controls, seeds.

    Without `controls` there is nothing more to run; `seeds` is 0 where their number is not what
    is missing. `evidence` is of each control that was climbed to.
    """

    text: str
    controls: tuple[str, ...] = ()
    seeds: int = 0
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    ruled_out: frozenset[str] = frozenset()
    gone: Gone | None = None


def why(plan: Plan, rungs: Sequence[Rung], asked: Asked, alpha: float) -> Why:
    """Return what is known of the cause; `rungs` begin with the verdict's control."""
    first = rungs[0]
    equal = frozenset(plan.aspects()) & asked.ruled_out - held(plan, first.control)
    every = climbed(rungs)
    known = held(plan, first.control) | equal
    useful = [first]
    for rung in every[1:]:
        # What a control adds to the ones before it may be ruled out, though it holds more than
        # the verdict's.
        if not held(plan, rung.control) <= known:
            known |= held(plan, rung.control)
            useful.append(rung)
    corrected = alpha / max(1, len(useful) - 1)
    proved = [rung for rung in useful[1:] if is_proved(rung, first, corrected)]
    asked = replace(asked, ruled_out=equal)
    found = _found(plan, every, useful, proved, asked, alpha)
    evidence: dict[str, Evidence] = {}
    for rung in every[1:]:
        if rung not in useful:
            evidence[rung.control] = "RuledOut"
        elif rung.per_seed_rms is not None:
            is_named = rung in proved and exceeds_repeats(first, alpha)
            evidence[rung.control] = "Proved" if is_named else "NotProved"
    return replace(found, evidence=evidence, ruled_out=equal)


def _found(
    plan: Plan,
    every: Sequence[Rung],
    useful: Sequence[Rung],
    proved: Sequence[Rung],
    asked: Asked,
    alpha: float,
) -> Why:
    first = every[0]
    if first.per_seed_rms is None:
        where = "" if len(every) == 1 else " under every control"
        return Why(
            f"No seed succeeded in both versions{where}, so there is no distance to attribute."
        )
    if not exceeds_repeats(first, alpha):
        return Why(nothing_to_attribute(first, asked))
    if len(useful) < 2:
        return _no_ladder(plan, every, asked)
    if not proved:
        return _not_beyond_chance(plan, useful, asked, alpha)
    most = max(rung.explains or 0.0 for rung in proved)
    best = next(rung for rung in proved if (rung.explains or 0.0) >= most - _ALIKE)
    # A weaker control that seems to take a part away belongs to what is named, proved or not.
    noted = [r for r in useful[1:] if r in proved or (r.explains or 0.0) >= _NOTED]
    return _explained(plan, useful, asked, (noted[0], best), alpha)


def _no_ladder(plan: Plan, every: Sequence[Rung], asked: Asked) -> Why:
    """Say what would tell, where no control was run that could have taken anything away."""
    ruled = asked.ruled_out
    more = controls_to_add(plan, ruled)
    told = f"{apart(every[0], asked)}. {ruled_out_told(ruled)}".rstrip()
    if len(every) > 1:
        useless = ", ".join(rung.control for rung in every[1:])
        told = f"{told} So {useless} can tell nothing. {kept(every[-1], asked)}".rstrip()
    if asked.parameters and not asked.kept:
        # Whether one's own code chose a value, or left it to the version, no record tells.
        is_own = plan.axes["workload"]["module"] is not None
        whose = "of the code's optimizer" if is_own else "that are left to the versions"
        told += f" Parameters {whose} differ: {', '.join(asked.parameters)}."
    if not more:
        return Why(f"{told} {what_is_left(every[-1].control, asked)}")
    return Why(
        f"{told} To learn which change caused it, add attribution.controls: [{', '.join(more)}].",
        tuple(more),
    )


def _explained(
    plan: Plan, rungs: Sequence[Rung], asked: Asked, proved: tuple[Rung, Rung], alpha: float
) -> Why:
    """Name what the best control adds to all that takes nothing away, and then what is left."""
    first, best = proved
    ruled = asked.ruled_out
    before = rungs[rungs.index(first) - 1]
    added = held(plan, best.control) - held(plan, before.control) - ruled
    once = " and ".join(words for aspect, words in ONCE.items() if aspect in added)
    parts = [
        f"{apart(rungs[0], asked)}; {percent(best.explains)} of the squared distance"
        f"{bounds(best, alpha)} is gone{_with_its_mean(rungs[0], best, asked)} once both versions "
        f"{once} ({best.control}): {kind(added, asked.parameters)}"
        f"{_end(rungs[0], best, added, asked, alpha)}.",
        ruled_out_told(ruled),
        by_control(rungs, alpha, named=proved),
        left(best),
    ]
    # Which of several aspects it is, a control between the two would tell.
    several = held(plan, first.control) - held(plan, before.control) - ruled
    between: list[str] = []
    if len(several) > 1:
        ranks = range(rank(before.control) + 1, rank(first.control))
        between = [c for c in controls_to_add(plan, ruled) if rank(c) in ranks]
        told = f"Which of the {len(several)} it is cannot be told"
        parts.append(
            f"{told}: add {', '.join(between)} to attribution.controls." if between else f"{told}."
        )
    strongest = rungs[-1]
    if (strongest.per_seed_rms or 0.0) > (strongest.same_seed_floor or 0.0):
        more = [c for c in controls_to_add(plan, ruled) if rank(c) > rank(strongest.control)]
        between += more
        parts.append(kept(strongest, asked))
        parts.append(f"Not run: {', '.join(more)}." if more else "")
    more_seeds = 0
    if _leaves_its_mean_open(rungs[0], best, asked):
        more_seeds = seeds_to_tell_its_mean(best, asked.mean, alpha) or 0
        between += [best.control] if more_seeds else []
    gone = Gone(added, held(plan, best.control), best.identical or best.per_seed_rms == 0)
    told = " ".join(part for part in parts if part)
    return Why(told, tuple(dict.fromkeys(between)), more_seeds, gone=gone)


def _with_its_mean(first: Rung, best: Rung, asked: Asked) -> str:
    """Say what becomes of the mean difference, where it is what the verdict is about."""
    is_gone = takes_its_mean(best, first, asked.mean) and not keeps_its_mean(best)
    if not asked.is_different or not is_gone or not has_its_mean(first, asked.mean):
        return ""
    return (
        f", and the mean difference of {number(first.difference)} over these seeds with it (to "
        f"{number(best.difference)}),"
    )


def _leaves_its_mean_open(first: Rung, best: Rung, asked: Asked) -> bool:
    """Say whether it is not shown what becomes of the mean difference of a Different metric."""
    is_shown = keeps_its_mean(best) or takes_its_mean(best, first, asked.mean)
    return asked.is_different and not is_shown


def _end(first: Rung, best: Rung, added: frozenset[str], asked: Asked, alpha: float) -> str:
    """Rule out arithmetic, or say that the control leaves a mean difference that it may cause."""
    over = "" if best.seeds == asked.seeds else f", {seeds(best.seeds)}"
    if keeps_its_mean(best) and best.interval is not None:
        least = f"{number(best.difference)} ({_of_its_mean(best, alpha)}{over})"
        if takes_its_mean(best, first, asked.mean):
            return (
                f"; of the mean difference of {number(first.difference)} over these seeds {least} "
                f"is left under {best.control}: something else causes that"
            )
        return (
            f"; the mean difference of {least} is still there under {best.control}: something "
            "else causes that"
        )
    if _leaves_its_mean_open(first, best, asked):
        known = "" if best.interval is None else f" ({_of_its_mean(best, alpha)}{over})"
        return (
            f"; whether the mean difference of {number(asked.mean)} goes with it is not shown: "
            f"{number(best.difference)}{known} is left under {best.control}"
        )
    told = ", not arithmetic" if added <= names.DRAWN_ASPECTS or added == {names.PARAMETERS} else ""
    if asked.is_different and added <= names.DRAWN_ASPECTS and best.per_seed_rms == 0:
        # Exchangeable draws leave the mean alone: the smaller p, the less does one law explain it.
        told += (
            "; either the versions draw by different laws, as of another initializer, or "
            f"{asked.metric} is Different by chance alone, of which p is {number(asked.p)}: fresh "
            "seeds show the one again and the other seldom"
        )
    return told


def _of_its_mean(best: Rung, alpha: float) -> str:
    low, high = best.interval or (None, None)
    return f"{level(alpha)} interval {number(low)} to {number(high)}"


def _not_beyond_chance(plan: Plan, rungs: Sequence[Rung], asked: Asked, alpha: float) -> Why:
    """Say what the ladder shows without proving it, and how many seeds would."""
    first_rms = rungs[0].per_seed_rms or 0.0
    known = [r for r in rungs[1:] if r.per_seed_rms is not None]
    best = min(known, key=lambda r: r.per_seed_rms or 0.0, default=None)
    start = apart(rungs[0], asked)
    ruled = ruled_out_told(asked.ruled_out)
    if best is not None and (best.per_seed_rms or 0.0) < first_rms * HINT:
        enough = seeds_to_tell(best, rungs[0], alpha / (len(rungs) - 1)) or 0
        wanted = f"; about {enough} would tell" if enough > best.seeds else ""
        told = (
            f"{start}; under {best.control} they lie {number(best.per_seed_rms)} apart, but "
            f"{seeds(best.seeds)} are too few to rule out chance{wanted}."
        )
        more_told = (told, ruled, by_control(rungs, alpha), kept(rungs[-1], asked))
        return Why(
            " ".join(part for part in more_told if part),
            tuple(rung.control for rung in rungs[1:]),
            max(enough, 2 * best.seeds),
        )
    more = [c for c in controls_to_add(plan, asked.ruled_out) if rank(c) > rank(rungs[-1].control)]
    rest = f"Not run: {', '.join(more)}." if more else what_is_left(rungs[-1].control, asked)
    if asked.kept:
        told = kept(rungs[-1], asked)
        rest = f"{told} {rest}" if more else told
    told = (
        f"{start}; no control that was run takes that away beyond chance, at best to "
        f"{number(best.per_seed_rms if best else None)} over {seeds(rungs[0].seeds)}. The cause is "
        f"in what none of them holds equal, or there are too few seeds to see it. {ruled}"
    )
    return Why(f"{told.rstrip()} {rest}", tuple(more))
