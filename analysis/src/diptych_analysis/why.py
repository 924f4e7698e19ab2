"""What the ladder of controls says about the cause, in sentences that a person can repeat.

Built only from the ladder's numbers. A control is named only when it takes away more of the
distance than chance would; what was not shown is said to be open, with what would show it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from diptych_analysis.aspects import ONCE, held, kind, rank
from diptych_analysis.attribution import Rung
from diptych_analysis.ladder import Ladder, ladder_of
from diptych_analysis.means import gone_with_it, is_left_open, mean_interval, mean_left
from diptych_analysis.percents import percent
from diptych_analysis.proof import (
    exceeds_repeats,
    has_its_mean,
    seeds_to_tell,
    seeds_to_tell_its_mean,
)
from diptych_analysis.ruledout import ruled_out_told
from diptych_analysis.sentences import number, seeds
from diptych_analysis.summary.trajectories import Evidence
from diptych_analysis.unseen import unasked_told
from diptych_analysis.wording import (
    Asked,
    apart,
    bounds,
    by_control,
    kept,
    left,
    nothing_to_attribute,
    unseen_told,
    what_is_left,
)
from diptych_runner.contract import names
from diptych_runner.contract.plan import Plan

#: A distance this much smaller than the first hints at a cause, proved or not.
_HINT = 0.5
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
    aspects = frozenset(plan.aspects()) - held(plan, first.control)
    equal, unasked = aspects & asked.ruled_out, asked.unseen.unasked - asked.ruled_out
    # What the code never asked for differs under every control, or under none.
    idle = equal | aspects & unasked
    ladder = ladder_of(plan, rungs, idle, alpha)
    asked = replace(asked, ruled_out=idle, unseen=replace(asked.unseen, unasked=unasked))
    found = _found(plan, ladder, asked, alpha)
    is_there = _is_there(first, asked, alpha)
    evidence: dict[str, Evidence] = {rung.control: "RuledOut" for rung in ladder.useless}
    for rung in ladder.useful[1:]:
        evidence[rung.control] = "Proved" if rung in ladder.proved and is_there else "NotProved"
    return replace(found, evidence=evidence, ruled_out=equal)


def _is_there(first: Rung, asked: Asked, alpha: float) -> bool:
    """Say whether there is a distance to explain: above repeats, or of means that differ."""
    above = (first.per_seed_rms or 0.0) > (first.same_seed_floor or 0.0)
    by_mean = above and asked.is_different and has_its_mean(first, asked.mean)
    return by_mean or exceeds_repeats(first, alpha)


def _found(plan: Plan, ladder: Ladder, asked: Asked, alpha: float) -> Why:
    useful, proved = ladder.useful, ladder.proved
    first = useful[0]
    if first.per_seed_rms is None:
        where = " under every control" if ladder.unseen or ladder.useless else ""
        return Why(
            f"No seed succeeded in both versions{where}, so there is no distance to attribute."
        )
    if not _is_there(first, asked, alpha):
        return Why(nothing_to_attribute(first, asked))
    if len(useful) < 2:
        return _no_ladder(plan, ladder, asked)
    if not proved:
        return _not_beyond_chance(plan, ladder, asked, alpha)
    most = max(rung.explains or 0.0 for rung in proved)
    best = next(rung for rung in proved if (rung.explains or 0.0) >= most - _ALIKE)
    # A weaker control that seems to take a part away belongs to what is named, proved or not.
    noted = [r for r in useful[1:] if r in proved or (r.explains or 0.0) >= _NOTED]
    return _explained(plan, ladder, asked, (noted[0], best), alpha)


def _idle_told(asked: Asked) -> str:
    """Say of what no control can take anything away: what is equal, and what nobody asked for."""
    equal = ruled_out_told(asked.ruled_out, asked.unseen)
    return f"{equal} {unasked_told(asked.unseen.unasked)}".strip()


def _no_ladder(plan: Plan, ladder: Ladder, asked: Asked) -> Why:
    """Say what would tell, where no control was run that could have taken anything away."""
    ruled = asked.ruled_out
    first = ladder.useful[0]
    more = ladder.to_add(plan, ruled)
    told = f"{apart(first, asked)}. {_idle_told(asked)}".rstrip()
    if ladder.useless:
        useless = ", ".join(rung.control for rung in ladder.useless)
        told = f"{told} So {useless} can tell nothing. {kept(asked)}".rstrip()
    told = f"{told} {unseen_told(ladder.unseen)}".rstrip()
    if asked.parameters and not asked.kept:
        # Whether one's own code chose a value, or left it to the version, no record tells.
        is_own = plan.axes["workload"]["module"] is not None
        whose = "of the code's optimizer" if is_own else "that are left to the versions"
        told += f" Parameters {whose} differ: {', '.join(asked.parameters)}."
    if not more:
        strongest = [first, *ladder.useless][-1]
        return Why(f"{told} {what_is_left(strongest.control, asked)}")
    if ladder.not_run(more):
        controls = ", ".join(more)
        told += f" To learn which change caused it, add attribution.controls: [{controls}]."
    return Why(told, tuple(more))


def _explained(
    plan: Plan, ladder: Ladder, asked: Asked, proved: tuple[Rung, Rung], alpha: float
) -> Why:
    """Name what the best control adds to all that takes nothing away, and then what is left."""
    first, best = proved
    rungs = ladder.useful
    ruled = asked.ruled_out
    before = rungs[rungs.index(first) - 1]
    added = held(plan, best.control) - held(plan, before.control) - ruled
    once = " and ".join(words for aspect, words in ONCE.items() if aspect in added)
    parts = [
        f"{apart(rungs[0], asked)}; {percent(best.explains)} of the squared distance"
        f"{' above what repeats give' if rungs[0].same_seed_floor else ''}{bounds(best, alpha)} "
        f"is gone{gone_with_it(rungs[0], best, asked, alpha)} once both versions "
        f"{once} ({best.control}): {_kind(best, added, asked)}"
        f"{_end(rungs[0], best, added, asked, alpha)}.",
        _idle_told(asked),
        by_control(rungs, alpha, named=proved),
        left(best),
        unseen_told(ladder.unseen),
    ]
    # Which of several aspects it is, a control between the two would tell.
    several = held(plan, first.control) - held(plan, before.control) - ruled
    between: list[str] = []
    if len(several) > 1:
        ranks = range(rank(before.control) + 1, rank(first.control))
        between = [c for c in ladder.to_add(plan, ruled) if rank(c) in ranks]
        told = f"Which of the {len(several)} it is cannot be told"
        add = f": add {', '.join(between)} to attribution.controls"
        parts.append(f"{told}{add if ladder.not_run(between) else ''}.")
    strongest = rungs[-1]
    if (strongest.per_seed_rms or 0.0) > (strongest.same_seed_floor or 0.0):
        more = [c for c in ladder.to_add(plan, ruled) if rank(c) > rank(strongest.control)]
        between += more
        parts += [kept(asked), ladder.not_run(more)]
    more_seeds = 0
    if is_left_open(rungs[0], best, asked, alpha):
        ladders = seeds_to_tell_its_mean(best, rungs[0], asked.mean, asked.seeds, alpha)
        more_seeds = ladders or 0
        between += [best.control] if more_seeds else []
    gone = Gone(added, held(plan, best.control), best.identical or best.per_seed_rms == 0)
    told = " ".join(part for part in parts if part)
    return Why(told, tuple(dict.fromkeys(between)), more_seeds, gone=gone)


def _kind(best: Rung, added: frozenset[str], asked: Asked) -> str:
    """Return what sort of change it is; of a stream, whether the first step has any of it."""
    told = kind(added, asked.parameters)
    if not _parts_late(added, asked):
        unseen = ", or chance: that other batches were taken without it is not shown"
        return told + unseen if _is_unseen(best, added, asked) else told
    chance = "" if best.identical else ", or chance"
    return (
        f"{told} that has no part in the first step, whose losses are equal bit by bit without it"
        f"{chance}"
    )


def _parts_late(added: frozenset[str], asked: Asked) -> bool:
    """Say whether random draws that were made equal leave the first step's loss as it was."""
    return asked.first_step_alike and added <= names.DRAWN_ASPECTS


def _is_unseen(best: Rung, added: frozenset[str], asked: Asked) -> bool:
    """Say whether no record shows that the batches, which were made equal, ever differed."""
    return asked.unseen.batches and names.BATCH_ORDER in added and not best.identical


def _end(first: Rung, best: Rung, added: frozenset[str], asked: Asked, alpha: float) -> str:
    """Rule out arithmetic, or say that the control leaves a mean difference that it may cause."""
    over = "" if best.seeds == asked.seeds else f", {seeds(best.seeds)}"
    if best.has_mean:
        known = f"{number(best.difference)} ({mean_interval(best, alpha)}{over})"
        told = mean_left(known, first, best, asked)
        return f"; {told} under {best.control}: something else causes that"
    if is_left_open(first, best, asked, alpha):
        known = "" if best.interval is None else f" ({mean_interval(best, alpha)}{over})"
        return (
            f"; whether the mean difference of {number(asked.mean)} goes with it is not shown: "
            f"{number(best.difference)}{known} is left under {best.control}"
        )
    told = ", not arithmetic" if added <= names.DRAWN_ASPECTS or added == {names.PARAMETERS} else ""
    late = _parts_late(added, asked) and not best.identical
    if late or _is_unseen(best, added, asked):
        told = ""
    if asked.is_different and added <= names.DRAWN_ASPECTS and best.per_seed_rms == 0:
        # Exchangeable draws leave the mean alone: the smaller p, the less does one law explain it.
        such = ", as of another initializer," if names.INITIAL_WEIGHTS in added else ""
        told += (
            f"; either the versions draw by different laws{such} or {asked.metric} is Different "
            f"by chance alone, of which p is {number(asked.p)}: fresh seeds show the one again and "
            "the other seldom"
        )
    return told


def _not_beyond_chance(plan: Plan, ladder: Ladder, asked: Asked, alpha: float) -> Why:
    """Say what the ladder shows without proving it, and how many seeds would."""
    rungs = ladder.useful
    first_rms = rungs[0].per_seed_rms or 0.0
    best = min(rungs[1:], key=lambda r: r.per_seed_rms or 0.0)
    start = apart(rungs[0], asked)
    ruled, unseen = _idle_told(asked), unseen_told(ladder.unseen)
    enough = seeds_to_tell(best, rungs[0], ladder.level(alpha)) or 0
    if (best.per_seed_rms or 0.0) < first_rms * _HINT:
        wanted = f"; about {enough} would tell" if enough > best.seeds else ""
        told = (
            f"{start}; under {best.control} they lie {number(best.per_seed_rms)} apart, but "
            f"{seeds(best.seeds)} {'is' if best.seeds == 1 else 'are'} too few to rule out chance"
            f"{wanted}."
        )
        more_told = (told, ruled, by_control(rungs, alpha), unseen, kept(asked))
        return Why(
            " ".join(part for part in more_told if part),
            tuple(rung.control for rung in rungs[1:]),
            max(enough, 2 * best.seeds),
        )
    more = [c for c in ladder.to_add(plan, asked.ruled_out) if rank(c) > rank(rungs[-1].control)]
    whose = " and has results" if ladder.unseen else ""
    closest = f", at best to {number(best.per_seed_rms)}"
    told = (
        f"{start}; no control that was run{whose} takes that away beyond chance"
        f"{closest if (best.per_seed_rms or 0.0) < first_rms else ''} over {seeds(best.seeds)}."
    )
    rest = [ruled, unseen, kept(asked), ladder.not_run(more)]
    most = max(1.0 if r.explains_interval is None else r.explains_interval[1] for r in rungs[1:])
    is_open = most >= _NOTED and not asked.placed
    part = ", or a part of it," if most >= _NOTED else ""
    if is_open:
        told += (
            f" So few seeds do not rule out that one takes up to {percent(most)} of the squared "
            "distance away; more would tell."
        )
        more = [*(rung.control for rung in rungs[1:]), *more]
    else:
        told += f" The cause{part} is in what none of them holds equal."
        rest.append("" if more or asked.kept else what_is_left(rungs[-1].control, asked))
    more_seeds = max(enough, 2 * best.seeds) if is_open else 0
    return Why(" ".join(part for part in (told, *rest) if part), tuple(more), more_seeds)
