"""The rungs of a ladder by what they can tell of a cause."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from diptych_analysis.aspects import climbed, controls_to_add, held
from diptych_analysis.attribution import Rung
from diptych_analysis.proof import corrected, is_proved, told_interval
from diptych_runner.contract.plan import Plan


@dataclass(frozen=True)
class Ladder:
    """`useful` rungs begin with the verdict's; the others have numbers and add what may differ.

    `proved` take a part of the distance away, beyond chance; the interval of any other's share
    begins at 0. `unseen` have no numbers; all that
    `useless` add is ruled out, or held equal before.
    """

    useful: Sequence[Rung]
    proved: Sequence[Rung]
    unseen: Sequence[Rung]
    useless: Sequence[Rung]

    def level(self, alpha: float) -> float:
        """Return the level at which each control's test and the end of its interval agree."""
        return min(corrected(self.useful, alpha), alpha / 2)

    def to_add(self, plan: Plan, ruled_out: frozenset[str]) -> list[str]:
        """Return the controls that could tell more: those not run, and those without numbers."""
        return controls_to_add(plan, ruled_out, {rung.control for rung in self.unseen})

    def not_run(self, controls: Sequence[str]) -> str:
        """Say which of these controls were not run, as a sentence; empty without any."""
        never = [c for c in controls if c not in {rung.control for rung in self.unseen}]
        return f"Not run: {', '.join(never)}." if never else ""


def ladder_of(plan: Plan, rungs: Sequence[Rung], equal: frozenset[str], alpha: float) -> Ladder:
    """Return the ladder of `rungs`, of which the first is the verdict's; `equal` is ruled out."""
    first, *others = climbed(rungs)
    known = held(plan, first.control) | equal
    useful, unseen, useless = [first], list[Rung](), list[Rung]()
    for rung in others:
        # What a control adds to the ones before it may be ruled out, though it holds more than
        # the verdict's.
        if held(plan, rung.control) <= known:
            useless.append(rung)
        elif rung.per_seed_rms is None:
            unseen.append(rung)
        else:
            known |= held(plan, rung.control)
            useful.append(rung)
    each = corrected(useful, alpha)
    shown = [is_proved(rung, first, each) for rung in useful]
    told = [_told(rung, proved=is_shown) for rung, is_shown in zip(useful, shown, strict=True)]
    proved = [rung for rung, is_shown in zip(told, shown, strict=True) if is_shown]
    return Ladder(told, proved, unseen, useless)


def _told(rung: Rung, *, proved: bool) -> Rung:
    ends = told_interval(rung.explains_interval, proved=proved)
    return rung if ends == rung.explains_interval else replace(rung, explains_interval=ends)
