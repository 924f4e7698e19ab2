"""What beside the verdict is called beyond chance: noise floors and classes, of a known truth."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit, logit
from tests.analysis.builder import A, B
from tests.analysis.test_estimate import records

from diptych_analysis.envelope import independent_pairs, outside_needed
from diptych_analysis.predictions import class_deltas
from diptych_analysis.records.outcome import Committed
from diptych_analysis.records.predicted import Predicted

ALPHA = 0.05


def repeats(seeds: int, runs: int) -> list[list[Committed]]:
    """Return the runs of each version and seed."""
    return [
        [replace(r, trial=r.trial._replace(repeat=k)) for k in range(runs)]
        for version in (A, B)
        for r in records(version, [0.0] * seeds)
    ]


def test_pairs_share_neither_a_run_nor_a_seeds_own_noise() -> None:
    assert independent_pairs(repeats(3, 2)) == 3
    assert independent_pairs(repeats(3, 5)) == 3
    assert independent_pairs(repeats(3, 1)) == 0
    # Seeds of one version, each version by itself.
    assert independent_pairs([records(A, [0.0] * 7), records(B, [0.0] * 6)]) == 6


@pytest.mark.parametrize("unevenness", [0.0, 1.0, 3.0])
@pytest.mark.parametrize(("seeds", "repeated"), [(5, 3), (20, 3), (40, 3), (40, 2)])
def test_versions_within_their_repeats_leave_them_in_at_most_5_percent(
    seeds: int, repeated: int, unevenness: float
) -> None:
    """Seeds may be uneven: some repeat nearly to the bit, others do not at all."""
    rng = np.random.default_rng([seeds, repeated, int(unevenness)])
    comparisons = 4000
    level = np.exp(unevenness * rng.normal(size=(comparisons, seeds)))
    between = level * np.abs(rng.normal(size=level.shape))
    # One repeat in each of two versions.
    floors = level[:, :repeated, None] * np.abs(rng.normal(size=(comparisons, repeated, 2)))
    needed = outside_needed(seeds, independent_pairs(repeats(repeated, 2)), ALPHA)
    assert needed is not None
    above = np.sum(between > floors.max(axis=(1, 2))[:, None], axis=1)
    assert np.mean(above >= needed) <= ALPHA + 3 * 0.0035


def predicted(rng: np.random.Generator, classes: int, each: int, chance: np.ndarray) -> Predicted:
    """Return predictions of `each` examples a class, right with these chances."""
    targets = np.repeat(np.arange(classes, dtype=np.int32), each)
    right = rng.random(len(targets)) < chance
    return Predicted(np.where(right, targets, (targets + 1) % classes), targets, classes, "x")


def moved(rng: np.random.Generator, classes: int, how: str) -> np.ndarray:
    """Return how much better a training is at each class, in logits."""
    if how == "each by itself":
        return 0.4 * rng.normal(size=classes)
    if how == "all together":
        return np.full(classes, 0.6 * rng.normal())
    half = 0.6 * rng.normal(size=classes // 2)
    return np.concatenate([half, -half])  # what one class wins another loses


@pytest.mark.parametrize("how", ["each by itself", "all together", "one for another"])
@pytest.mark.parametrize(("seeds", "classes", "each"), [(5, 10, 36), (10, 2, 100), (20, 50, 5)])
def test_of_classes_called_different_at_most_5_percent_are_not(
    seeds: int, classes: int, each: int, how: str
) -> None:
    rng = np.random.default_rng([seeds, classes, len(how)])
    hard = 1.5 * rng.normal(size=classes * each)
    comparisons = 150
    shares: dict[float, list[float]] = {0.0: [], -1.5: []}
    for shift, found in shares.items():
        # Half of the classes suffer.
        suffers = np.where(np.arange(classes) < classes // 2, shift, 0.0)
        for _ in range(comparisons):
            known = []
            for _seed in range(seeds):
                both = (
                    expit(logit(0.9) + hard + np.repeat(moved(rng, classes, how) + by, each))
                    for by in (0.0, suffers)
                )
                left, right = (predicted(rng, classes, each, chance) for chance in both)
                known.append((left, right))
            called = [delta for delta in class_deltas(known, ALPHA) if delta.differs]
            wrong = sum(suffers[delta.label] == 0 for delta in called)
            found.append(wrong / max(1, len(called)))
    for found in shares.values():
        assert np.mean(found) <= ALPHA + 3 * 0.0178
