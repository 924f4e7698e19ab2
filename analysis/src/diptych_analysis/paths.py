"""What a trajectory says, in sentences: for the terminal and for the report alike."""

from diptych_analysis.sentences import number
from diptych_analysis.summary import Envelope, Growth, Trajectory


def path_sentences(trajectory: Trajectory) -> list[str]:
    """Return when the losses leave their own noise, and how their distance grows."""
    if trajectory.growth is None:
        return []
    told = [_envelope(envelope) for envelope in trajectory.envelopes]
    return [*told, _growth(trajectory.growth)]


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
        return f"{known}; the two versions differ from step {envelope.left_at} on."
    if envelope.left_at is None:
        return f"The training losses never lie farther apart than {runs} do ({pairs})."
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
