"""Twin of cautions.py: which data are warned of, in which words."""

import numpy as np
from tests.analysis.test_estimate import estimated

from diptych_analysis.cautions import cautions_of


def kinds(differences: list[float] | np.ndarray) -> list[str]:
    baseline = [1.0] * len(differences)
    row = estimated(baseline, [1.0 + d for d in differences])
    return [caution.kind for caution in cautions_of(row)]


NORMAL = np.random.default_rng(4).normal(size=40)


def test_few_seeds_rest_on_a_law_that_they_cannot_show() -> None:
    assert kinds(NORMAL[:5]) == ["FewSeeds"]
    assert kinds(NORMAL[:8]) == []
    row = estimated([1.0, 2.0, 3.0], [1.5, 2.0, 3.1])
    assert (
        "3 seeds are too few for a test free of a law to have a say (its p comes in steps of 0.25)"
        in cautions_of(row)[0].text
    )


def test_differences_of_a_skewed_law_are_warned_of() -> None:
    skewed = np.random.default_rng(2).lognormal(size=20)
    row = estimated([1.0] * 20, list(1.0 + skewed))
    assert "Skewed" in [caution.kind for caution in cautions_of(row)]
    assert "look skewed (skewness " in cautions_of(row)[0].text


def test_outliers_on_both_sides_are_heavy_tails() -> None:
    assert kinds([*NORMAL[:20], 30.0, -30.0]) == ["HeavyTailed"]
    assert kinds(NORMAL) == []


def test_equal_differences_have_words_of_their_own() -> None:
    assert kinds([0.25] * 5) == []
