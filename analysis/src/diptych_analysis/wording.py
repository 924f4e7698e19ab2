"""What a ladder's numbers say in words, each clause by itself; `why` decides which are said."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from diptych_analysis.attribution import Rung
from diptych_analysis.percents import level, percent
from diptych_analysis.proof import corrected, is_proved
from diptych_analysis.sentences import number, seeds
from diptych_analysis.unseen import Unseen


@dataclass(frozen=True)
class Asked:
    """What the sentences are about: the metric, what its means say, and changed parameters.

    `means` is a clause, over `seeds` of them, about `mean`, their difference; `is_different` says
    the same of the verdict, and `p` of the difference, corrected.
    `parameters` has "epsilon 1e-08 → 1e-07" and the like, where the frameworks' own objects report
    other values under the verdict's control, `kept` under the `strictest` one too. `others` are
    further metrics that differ, and `judged` those that decide and are Different where this one
    is not. `first_step_alike`: under the verdict's control the first step's
    losses are equal bit by bit, in every pair. `placed`: one step from equal state differs by more
    than rounding. `unseen` is what records of code of one's own do not tell.
    """

    metric: str
    means: str
    seeds: int
    mean: float | None = None
    is_different: bool = False
    p: float | None = None
    parameters: Sequence[str] = ()
    ruled_out: frozenset[str] = frozenset()
    kept: Sequence[str] = ()
    strictest: str = ""
    others: Sequence[str] = ()
    judged: Sequence[str] = ()
    first_step_alike: bool = False
    placed: bool = False
    unseen: Unseen = field(default_factory=Unseen)


def about(told: str, asked: Asked) -> str:
    """Begin with which metric this is of, where it is not of the one that is Different."""
    if not asked.judged:
        return told
    verb = "is" if len(asked.judged) == 1 else "are"
    return (
        f"Of {asked.metric}, the first primary metric, and not of {' and '.join(asked.judged)}, "
        f"which {verb} Different: {told[0].lower()}{told[1:]}"
    )


def apart(first: Rung, asked: Asked) -> str:
    """Return how far apart the versions are, which every sentence about the ladder begins with.

    Seeds of the ladder and of the verdict are told apart where they are not the same.
    """
    lie = f"the values of {asked.metric} lie {number(first.per_seed_rms)} apart"
    if first.seeds < asked.seeds:
        means = asked.means.removeprefix("while ")
        return (
            f"Seed by seed, over the {first.seeds} of {asked.seeds} seeds that every control has, "
            f"{lie}; over all {asked.seeds}, {means}"
        )
    return f"{'In its one seed' if first.seeds == 1 else 'Seed by seed'} {lie}, {asked.means}"


def nothing_to_attribute(first: Rung, asked: Asked) -> str:
    """Return why there is no distance to look for a cause of."""
    fewer = first.seeds < asked.seeds
    among = f"the {first.seeds} of {asked.seeds} seeds that every control has"
    if first.per_seed_rms != 0:
        over = f" over {among}" if fewer else ""
        return (
            f"The distance under {first.control}{over}, {number(first.per_seed_rms)}, is not shown "
            "to be above what repeats give, beyond chance (same-seed floor "
            f"{number(first.same_seed_floor)}, of {first.floor_freedom} degrees of freedom): no "
            "control can be tested by it. More seeds and repeats would tell."
        )
    over = "every seed: there is nothing to attribute in it."
    if fewer:
        over = f"each of {among}: there is nothing to attribute in these, whatever the others show."
    elif first.seeds == 1:
        over = (
            "the one seed there is, which may be a tie: it takes more to say anything of a cause."
        )
    told = f"Under {first.control} {asked.metric} is equal in both versions for {over}"
    if not asked.others:
        return told
    verb = "differs" if len(asked.others) == 1 else "differ"
    return (
        f"{told} {', '.join(asked.others)} {verb}: the "
        "first primary metric is the one that a cause is looked for in."
    )


def left(best: Rung) -> str:
    """Return what the best control leaves."""
    if best.identical:
        return "Nothing else differs then: every bit is equal."
    if best.per_seed_rms == 0:
        return "In this metric nothing is left of it."
    more = ", no more than repeats give" if best.explains == 1 else ""
    return f"{number(best.per_seed_rms)} is left{more}."


def by_control(rungs: Sequence[Rung], alpha: float, *, named: Sequence[Rung] = ()) -> str:
    """Say what each control has taken away in all, so that none is blamed for one before it.

    What may be chance, without an interval that says so, is called not proved.
    """
    known = [rung for rung in rungs[1:] if rung.explains is not None]
    if len(known) < 2:
        return ""
    each = corrected(rungs, alpha)
    told = ", ".join(
        f"{rung.control} {percent(rung.explains)}{bounds(rung, alpha)}"
        if rung.explains_interval or rung in named or is_proved(rung, rungs[0], each)
        else f"{rung.control} not proved"
        for rung in known
    )
    return f"Taken away in all, up to each control: {told}."


def unseen_told(rungs: Sequence[Rung]) -> str:
    """Say which controls were run and have no numbers, as sentences; empty without any."""
    return " ".join(
        f"Under {rung.control} only {seeds(rung.succeeded)} succeeded in both versions, too few to "
        "compare."
        if rung.succeeded
        else f"Under {rung.control} no seed succeeded in both versions."
        for rung in rungs
    )


def kept(asked: Asked) -> str:
    """Return which parameters the strongest control leaves different; empty without any."""
    if not asked.kept:
        return ""
    return f"Parameters differ under {asked.strictest} too: {', '.join(asked.kept)}."


def what_is_left(control: str, asked: Asked) -> str:
    """Say what can be the cause when no control could hold more equal than this one."""
    start = f"{control} holds equal all that a control can: what is left is"
    code = "code or a default that is no parameter of this workload"
    if asked.placed:
        return f"{start} {code}; one step differs by more than rounding."
    return f"{start} {code}, or the versions' arithmetic that no switch aligns."


def bounds(rung: Rung, alpha: float) -> str:
    """Return the interval of a share in brackets; empty where it has no width."""
    ends = rung.explains_interval
    if ends is None or ends[0] == ends[1]:
        return ""
    low = f"{100 * ends[0]:.0f}"
    if low == "100":
        return f" ({level(alpha)} interval over {math.floor(1000 * ends[0]) / 10:g} to 100 %)"
    return f" ({level(alpha)} interval {low} to {100 * ends[1]:.0f} %)"
