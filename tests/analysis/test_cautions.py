"""Twin of cautions.py: which data are warned of, in which words."""

import numpy as np
from tests.analysis.test_estimate import estimated

from diptych_analysis.cautions import cautions_of


def kinds(differences: list[float] | np.ndarray) -> list[str]:
    baseline = [1.0] * len(differences)
    row = estimated(baseline, [1.0 + d for d in differences])
    return [caution.kind for caution in cautions_of(row, 0.05)]


NORMAL = np.random.default_rng(4).normal(size=40)


def test_few_seeds_rest_on_a_law_that_they_cannot_show() -> None:
    assert kinds(NORMAL[:5]) == ["FewSeeds"]
    assert kinds(NORMAL[:8]) == []
    row = estimated([1.0, 2.0, 3.0], [1.5, 2.0, 3.1])
    told = (
        "3 seeds are too few for a test free of a law to have a say on a difference (its p comes "
        "in steps of 0.25), so Student's t decides alone on Different"
    )
    assert told in cautions_of(row, 0.05)[0].text


def test_flips_that_join_the_test_of_equivalence_may_have_no_say_on_a_difference() -> None:
    row = estimated([1.0] * 7, list(1.0 + NORMAL[:7]), margin="9")
    assert row.difference is not None
    assert row.equivalence is not None
    assert (row.difference.joins, row.equivalence.joins) == (False, True)
    assert kinds(NORMAL[:7]) == ["FewSeeds"]


def test_differences_of_a_skewed_law_are_warned_of() -> None:
    skewed = np.random.default_rng(2).lognormal(size=20)
    row = estimated([1.0] * 20, list(1.0 + skewed))
    assert "Skewed" in [caution.kind for caution in cautions_of(row, 0.05)]
    assert "look skewed (skewness " in cautions_of(row, 0.05)[0].text


def test_outliers_on_both_sides_are_heavy_tails() -> None:
    assert kinds([*NORMAL[:20], 30.0, -30.0]) == ["HeavyTailed"]
    assert kinds(NORMAL) == []


def test_equal_differences_exclude_only_what_is_frequent() -> None:
    row = estimated([1.0] * 5, [1.25] * 5)
    (found,) = cautions_of(row, 0.05)
    assert found.kind == "EqualDifferences"
    told = "5 equal differences exclude only what happens to more than 45 % of seeds"
    assert found.text == told
    assert cautions_of(estimated([1.0] * 5, [1.25] * 5, exact=True), 0.05) == []
