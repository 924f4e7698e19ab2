"""How two versions part: where first, when beyond their own noise, how fast, and how far."""

from collections.abc import Sequence

from diptych_analysis.divergence import Divergence, earliest, first_divergence, pairs_of
from diptych_analysis.envelope import envelopes_and_growth
from diptych_analysis.records.lazy import Loader
from diptych_analysis.records.outcome import Record
from diptych_analysis.summary import FirstDivergence, Trajectory
from diptych_analysis.tensors import rank_tensors


def trajectory(
    loader: Loader,
    control: str,
    records: tuple[Sequence[Record], Sequence[Record]],
    versions: tuple[str, str],
    alpha: float,
) -> tuple[Trajectory | None, list[Divergence | None]]:
    """Return the trajectory of a candidate, and each pair's divergence in the order of seeds.

    `records` are all of baseline and candidate under one control and setting, `versions` their
    names. None when no pair trained.
    """
    pairs = pairs_of(*records)
    if not pairs:
        return None, []
    found = [first_divergence(loader, pair) for pair in pairs]
    first = earliest(found)
    final, checkpoints = rank_tensors(loader, pairs, versions)
    envelopes, growth = envelopes_and_growth(loader, records, pairs, alpha)
    return (
        Trajectory(
            control=control,
            bit_identical=first is None,
            first_divergence=None
            if first is None
            else FirstDivergence(step=first.step, what=first.what),
            final_weights=final.weights,
            tensors=final.tensors(),
            checkpoints=checkpoints,
            envelopes=envelopes,
            growth=growth,
        ),
        found,
    )
