"""Twin of statistics/discordant.py."""

import numpy as np
import pytest
from scipy import stats

from diptych_analysis.statistics.discordant import (
    p_discordant,
    pairs_needed,
    seeds_to_show,
    smallest_p,
)


@pytest.mark.parametrize(("first", "second"), [(0, 5), (5, 0), (1, 9), (3, 3), (20, 41)])
def test_it_is_the_exact_sign_test(first: int, second: int) -> None:
    expected = stats.binomtest(first, first + second, 0.5).pvalue
    assert p_discordant(first, second) == pytest.approx(expected, rel=1e-12)


def test_without_discordant_pairs_nothing_is_shown() -> None:
    assert p_discordant(0, 0) == smallest_p(0) == 1.0


def test_six_pairs_on_one_side_are_the_fewest_at_5_percent() -> None:
    assert (pairs_needed(0.05), pairs_needed(0.01), pairs_needed(0.49)) == (6, 8, 3)
    assert p_discordant(0, 6) == smallest_p(6) == 2**-5


def test_versions_that_diverge_alike_are_told_apart_in_at_most_5_percent() -> None:
    rng = np.random.default_rng(12)
    for rate in (0.05, 0.3, 0.5):
        left, right = (rng.random((4000, 20)) < rate for _ in "ab")
        only = [(~left & right).sum(axis=1), (left & ~right).sum(axis=1)]
        wrong = np.mean([p_discordant(int(a), int(b)) < 0.05 for a, b in zip(*only, strict=True)])
        assert wrong <= 0.05 + 0.0105


def test_a_size_that_shows_discordance_again_has_its_power_at_the_limit() -> None:
    rng = np.random.default_rng(3)
    for first, second, seeds in ((6, 0, 10), (9, 1, 20), (0, 12, 12)):
        found = seeds_to_show(first, second, seeds, 0.05)
        assert found is not None
        assert found >= seeds
        many, few = max(first, second), min(first, second)
        rate = stats.beta.ppf(0.2, many, seeds - many + 1)
        # So many seeds, each discordant on one side, on the other, or not at all.
        law = [rate, few / seeds, 1 - rate - few / seeds]
        counted = rng.multinomial(found, law, size=4000)
        shown = [p_discordant(int(a), int(b)) < 0.05 for a, b, _ in counted]
        # Binomial error 0.006; sizes are whole numbers of seeds and p is discrete.
        assert np.mean(shown) > 0.78
    assert seeds_to_show(6, 0, 10, 0.05) == 18
    assert seeds_to_show(6, 5, 10_000, 0.05) is None
