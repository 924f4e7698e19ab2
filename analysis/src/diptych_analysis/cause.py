"""What is known of the cause of a difference: why first, then where the versions part."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from diptych_analysis.attribution import Rung
from diptych_analysis.divergence import Divergence, earliest
from diptych_analysis.estimate import Estimate
from diptych_analysis.records.losses import TRAIN_LOSS
from diptych_analysis.records.outcome import Committed
from diptych_analysis.sentences import number
from diptych_analysis.statistics import paired
from diptych_analysis.summary import Verdict
from diptych_analysis.why import Why, why
from diptych_analysis.wording import Asked, about
from diptych_runner.contract import names
from diptych_runner.contract.plan import Plan


def cause_of(
    plan: Plan,
    rungs: Sequence[Rung],
    divergences: Sequence[Divergence | None],
    asked: Asked,
    alpha: float,
) -> Why | None:
    """Return what is known of the cause; None when no pair of trials differs."""
    parted = [divergence for divergence in divergences if divergence is not None]
    if not parted:
        return None
    # Of a pair that differs before, or in the first loss, nothing is alike.
    alike = all(
        divergence.step > 1 or (divergence.step == 1 and divergence.what != TRAIN_LOSS)
        for divergence in parted
    )
    found = why(plan, rungs, replace(asked, first_step_alike=alike), alpha)
    text = about(found.text, asked)
    return replace(found, text=f"{text} {_where(parted, len(divergences), asked)}")


def means_clause(row: Estimate, verdict: Verdict, alpha: float) -> str:
    """Return what the means say beside the distance of each seed; absence of a sign is no sign."""
    difference = row.spread.mean if row.spread else None
    if row.margin is not None and (verdict == "Equivalent" or row.is_equivalent(alpha)):
        survivors = "" if verdict == "Equivalent" else ", of the seeds that succeeded"
        if row.side != paired.TWO_SIDED:
            return f"on average it is not worse by {number(row.margin)}{survivors}"
        return f"on average they agree within {number(row.margin)}{survivors}"
    if difference and row.excludes_zero:
        side = "higher" if difference > 0 else "lower"
        open_question = "" if verdict == "Different" else ", though not shown beyond chance"
        return f"on average {number(abs(difference))} {side}{open_question}"
    return "while a difference of their means is not shown"


def changed_parameters(
    baseline: Sequence[Committed], candidate: Sequence[Committed]
) -> tuple[str, ...]:
    """Return the parameters whose values the frameworks report otherwise, "name before → after".

    Only of those that every trial of both versions reports, with one value each.
    """
    left, right = _effective(baseline), _effective(candidate)
    return tuple(
        f"{name} {left[name]} → {right[name]}"
        for name in sorted({*left} & {*right})
        if left[name] != right[name]
    )


def that_differ(rows: Sequence[Estimate], primary: Mapping[str, Any]) -> list[str]:
    """Return the other metrics of setting 0 in which some seed differs."""
    return [
        row.name
        for row in rows
        if row.setting == 0
        and row.metric is not primary
        and any(abs(row.sample.differences) > row.sample.rounding)
    ]


def _effective(records: Sequence[Committed]) -> Mapping[str, str]:
    setups = [dict(record.setup.effective) for record in records if record.setup]
    if not setups:
        return {}
    return {
        name: value
        for name, value in setups[0].items()
        if all(s.get(name) == value for s in setups)
    }


def _where(parted: Sequence[Divergence], pairs: int, asked: Asked) -> str:
    steps = [divergence.step for divergence in parted]
    first = earliest(parted) or parted[0]
    what = {
        names.OUTPUTS_KEY: "the predictions",
        TRAIN_LOSS: "the training loss",
    }.get(first.what, first.what)
    when = "before training" if first.step == 0 else f"at step {first.step}"
    start = f"The versions part {when}, in {what}{_phase(first, asked)}"
    if len(parted) == 1 and pairs == 1:
        return f"{start}."
    return (
        f"{start} (the earliest of {len(parted)} of {pairs} seeds that differ; "
        f"median at step {statistics.median(steps):g})."
    )


def _phase(first: Divergence, asked: Asked) -> str:
    """Say what the first difference leaves as its place; nothing where records do not tell."""
    if first.step == 0:
        return ": the initial weights" if names.WEIGHTS_PREFIX in first.kinds else ""
    if first.kinds == (names.STATISTICS_PREFIX,):
        # Losses were equal up to here, and so is all that is trained.
        return ", with equal weights and slots: the moving statistics"
    return _after_equal_state(first, asked) if first.after_equal_state else ""


def _after_equal_state(first: Divergence, asked: Asked) -> str:
    if first.what == TRAIN_LOSS and asked.placed:
        return ", from equal weights"  # the probe says more, and of which part of the step
    seen = names.BATCH_ORDER in asked.ruled_out and not asked.unseen.examples
    if first.what == TRAIN_LOSS and seen:
        return ", from equal weights and batches: the forward pass, its masks included"
    if first.what == TRAIN_LOSS:
        return ", from equal weights: the batch or the forward pass"
    if first.kinds == (names.WEIGHTS_PREFIX,) and first.has_slots:
        return ", with equal loss and slots: the update"
    if names.SLOTS_PREFIX in first.kinds or first.kinds == (names.WEIGHTS_PREFIX,):
        return ", from equal weights and with an equal loss: the gradient or the update"
    return ""
