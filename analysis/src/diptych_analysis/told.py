"""What a trajectory and predictions say, in sentences: for the terminal and the report alike."""

from diptych_analysis.sentences import number, seeds
from diptych_analysis.summary import (
    ChurnFloor,
    Envelope,
    FinalWeights,
    Fresh,
    Growth,
    Metric,
    Predictions,
    Tensor,
    Trajectory,
)


def share_told(metric: Metric) -> str:
    """Return of what a relative margin is a share; empty for an absolute one, or none."""
    if metric.relative_margin is None:
        return ""
    return f"{metric.relative_margin.removesuffix('%')} % of the baseline's mean"


def no_margin(metric: Metric) -> str:
    """Return why a metric has no margin."""
    share = share_told(metric)
    return f"none: {share}, which is no number to rely on" if share else "none declared"


def fresh_told(fresh: Fresh) -> str:
    """Return what a fresh comparison is for, as an infinitive without its "to"."""
    if not fresh.replicates:
        return "settle it"
    if len(fresh.replicates) == len(fresh.versions) - 1:
        return "see the difference again on unused seeds"
    return "settle what is open and see again what differs"


def ulp_told(distance: FinalWeights | Tensor) -> str:
    """Return the largest distance in floats; across 0 that number says the sign and no more."""
    if distance.max_ulp is None:
        return "–"
    return "other sign" if distance.other_sign else f"{distance.max_ulp:,}"


def path_sentences(trajectory: Trajectory) -> list[str]:
    """Return when the losses leave their own noise, and how their distance grows."""
    if trajectory.growth is None:
        return []
    told = [_envelope(envelope) for envelope in trajectory.envelopes]
    return [*told, _growth(trajectory.growth)]


def prediction_sentences(predictions: Predictions) -> list[str]:
    """Return how many predictions change, against one version's own, and which classes differ."""
    churn = predictions.churn
    if churn.largest == 0:
        return [f"No test example gets another prediction, over {seeds(churn.seeds)}."]
    told = [
        f"{_percent(churn.mean)} of {predictions.examples:,} test examples get another prediction "
        f"(mean over {seeds(churn.seeds)}; {_percent(churn.smallest)} to "
        f"{_percent(churn.largest)})."
    ]
    told += [_floor(floor) for floor in churn.floors]
    count = len(predictions.classes) + predictions.classes_left_out
    if churn.seeds < 2:
        told.append("One seed cannot tell whether a class differs beyond chance.")
    elif predictions.classes_that_differ:
        told.append(
            f"{predictions.classes_that_differ} of {count} classes differ, after correction for "
            "looking at all of them."
        )
    else:
        told.append(f"None of {count} classes differs beyond chance.")
    return told


def _floor(floor: ChurnFloor) -> str:
    who = "Repeats of one seed" if floor.kind == "SameSeed" else "Two seeds of one version"
    told = f"{who} differ in {_percent(floor.mean)}, at most {_percent(floor.largest)}"
    if floor.exceeded is None:
        return f"{told}; too few runs to say whether the versions change more."
    if floor.exceeded:
        return f"{told}: the versions change more than that."
    return f"{told}: the versions are not shown to change more than that, beyond chance."


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"


def _envelope(envelope: Envelope) -> str:
    repeats = envelope.kind == "SameSeed"
    runs = "repeats of one version and seed" if repeats else "seeds of one version"
    pairs = f"{envelope.pairs} independent {'pair' if envelope.pairs == 1 else 'pairs'}"
    if envelope.needed is None:
        few = "repeats" if repeats else "seeds"
        return f"Too few {few} ({pairs}) to tell when the losses lie farther apart than {runs}."
    if envelope.bit_identical:
        known = f"{runs.capitalize()} give the same bits ({pairs})"
        if envelope.left_at is None:
            return f"{known}; so do most seeds of the two versions."
        return (
            f"{known}; the training losses of the two versions differ from step "
            f"{envelope.left_at} on."
        )
    if envelope.left_at is None:
        return (
            f"At the end of training the losses are not shown to lie farther apart than {runs} do, "
            f"beyond chance ({pairs})."
        )
    return (
        f"From step {envelope.left_at} on the training losses lie farther apart than {runs} do "
        f"({pairs}), in at least {envelope.needed} seeds."
    )


def _growth(growth: Growth) -> str:
    start = f"Their median distance is not 0 from step {growth.first_step} on"
    end = (
        f"largest {number(growth.largest)} at step {growth.largest_step}, "
        f"{number(growth.last)} at the end"
    )
    if growth.doubling_steps is None:
        return f"{start}: {end}."
    return (
        f"{start} and doubles about every {number(growth.doubling_steps)} steps until step "
        f"{growth.last_step}: {end}."
    )
