"""What a trajectory and predictions say, in sentences: for the terminal and the report alike."""

from collections.abc import Sequence

from diptych_analysis.percents import percent
from diptych_analysis.sentences import number, seeds
from diptych_analysis.summary import (
    Attribution,
    Candidate,
    ChurnFloor,
    Envelope,
    FinalWeights,
    Fresh,
    Growth,
    KnownChange,
    Metric,
    Predictions,
    Tensor,
    Trajectory,
)
from diptych_analysis.summary.whole import Fit


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


def verdict_seeds(candidate: Candidate) -> int:
    """Return how many seeds the first primary metric is judged by."""
    return next((metric.seeds for metric in candidate.metrics if metric.primary), 0)


def seeds_of_ladder(rows: Sequence[Attribution], verdict: int) -> str:
    """Return the seeds that a ladder's numbers are over, beside those of the verdict."""
    count = rows[0].seeds
    if count >= verdict:
        return seeds(count)
    return f"{count} of the verdict's {seeds(verdict)}, those that every control has"


def why_label(candidate: Candidate) -> str:
    """Return what a cause answers: of a verdict that is not Different, why single seeds differ."""
    primary = next((metric for metric in candidate.metrics if metric.primary), None)
    if primary is not None and primary.verdict == "Different":
        return "Why"
    return "Why single seeds differ"


def why_heading(candidates: Sequence[Candidate]) -> str:
    """Return what the causes of all candidates answer, as a heading."""
    labels = {why_label(candidate) for candidate in candidates if candidate.cause is not None}
    return labels.pop() if len(labels) == 1 else "Why"


def fits_told(changes: Sequence[KnownChange]) -> list[tuple[str, list[KnownChange]]]:
    """Return known changes by whether they fit what controls took away, with the words for it."""
    kinds: tuple[tuple[Fit, str, str], ...] = (
        ("Fits", "fits what went away", "fit what went away"),
        ("DoesNotFit", "does not fit", "do not fit"),
        ("Open", "is open", "are open"),
    )
    found = []
    for kind, one, many in kinds:
        those = [change for change in changes if change.fit == kind]
        if those:
            found.append((f"{len(those)} {one if len(those) == 1 else many}", those))
    return found


def known_lead(changes: Sequence[KnownChange]) -> str:
    """Return what known changes do, as the start of a sentence: apply, or may."""
    if all(change.certain for change in changes):
        return "Known changes that apply"
    if any(change.certain for change in changes):
        return "Known changes that apply, or may where the code uses them"
    return "Known changes that may apply, where the code uses them"


def known_told(changes: Sequence[KnownChange]) -> str:
    """Return which known changes apply, in a line, those that fit what went away first."""
    parts = [
        f"{words}: {'; '.join(f'{change.version} {change.area}' for change in those)}"
        for words, those in fits_told(changes)
    ]
    if all(change.fit == "Open" for change in changes):
        return parts[0].split(": ", 1)[1] if parts else ""
    return ". ".join(parts)


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
        f"{percent(churn.mean)} of {predictions.examples:,} test examples get another prediction "
        f"(mean over {seeds(churn.seeds)}; {percent(churn.smallest)} to "
        f"{percent(churn.largest)})."
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
    told = f"{who} differ in {percent(floor.mean)}, at most {percent(floor.largest)}"
    if floor.exceeded is None:
        return f"{told}; too few runs to say whether the versions change more."
    if floor.exceeded:
        return f"{told}: the versions change more than that."
    return f"{told}: the versions are not shown to change more than that, beyond chance."


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
            return (
                f"{known}; the losses of the two versions end unequal in half of the seeds at most."
            )
        return (
            f"{known}; the training losses of the two versions differ from step "
            f"{envelope.left_at} on, in at least {seeds(envelope.needed)}."
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
    start = f"Their median distance is 0 before step {growth.first_step}"
    if growth.first_step <= 1:
        start = "Their median distance is above 0 from the first step"
    end = (
        f"it is largest at step {growth.largest_step} ({number(growth.largest)}) and "
        f"{number(growth.last)} at the end"
    )
    if growth.doubling_steps is None:
        return f"{start}; {end}."
    return (
        f"{start}; it doubles about every {number(growth.doubling_steps)} steps until step "
        f"{growth.last_step}; {end}."
    )
