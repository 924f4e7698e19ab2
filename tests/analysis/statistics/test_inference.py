"""Twin of statistics/inference.py: when the second method has a say, and what agreement gives."""

import numpy as np
import pytest
from scipy import stats

from diptych_analysis.statistics import inference, paired
from diptych_analysis.statistics.bootstrap import Bootstrap
from diptych_analysis.statistics.flips import Flips
from diptych_analysis.statistics.inference import Evidence, Sampled

ALPHA = 0.05


def sampled(values: np.ndarray | list[float]) -> Sampled:
    differences = np.asarray(values, dtype=np.float64)
    spread = paired.spread_of(differences)
    assert spread is not None
    return inference.sampled(spread, differences, np.random.default_rng(0))


@pytest.mark.parametrize(("seeds", "second"), [(2, Flips), (19, Flips), (20, Bootstrap)])
def test_flips_up_to_19_seeds_and_bca_from_20(seeds: int, second: type) -> None:
    assert type(sampled(np.arange(seeds) ** 2.0).second) is second


def test_equal_differences_have_no_second_method() -> None:
    found = sampled([1.0] * 8)
    assert found.second is None
    assert inference.difference(found, ALPHA, 1) == Evidence(2.0**-7, None, joins=False)


@pytest.mark.parametrize(
    ("seeds", "tests", "two_sided", "expected"),
    [
        (7, 1, True, False),
        (8, 1, True, True),  # 4 steps of 1/128 are 0.031
        (8, 2, True, False),  # Holm's first step asks for 0.025
        (9, 2, True, True),
        (6, 1, False, False),
        (7, 1, False, True),  # one-sided: 4 steps of 1/128
    ],
)
def test_flips_have_a_say_where_alpha_holds_four_of_their_steps(
    seeds: int,
    tests: int,
    two_sided: bool,  # noqa: FBT001 - of the table above
    expected: bool,  # noqa: FBT001
) -> None:
    assert inference.flips_join(seeds, ALPHA / tests, two_sided=two_sided) is expected


def test_a_rejection_takes_both_methods() -> None:
    assert Evidence(0.01, 0.06, joins=True).decisive == 0.06
    assert Evidence(0.06, 0.01, joins=True).decisive == 0.06
    assert Evidence(0.01, 0.06, joins=False).decisive == 0.01
    assert Evidence(0.01, None, joins=False).decisive == 0.01


def test_shown_is_ts_p_unless_only_the_second_keeps_it_open() -> None:
    assert Evidence(0.01, 0.02, joins=True).shown(ALPHA) == 0.01
    assert Evidence(0.01, 0.06, joins=True).shown(ALPHA) == 0.06
    assert Evidence(0.2, 0.3, joins=True).shown(ALPHA) == 0.2


def test_below_20_seeds_the_interval_is_ts_unless_flips_keep_it_open() -> None:
    values = np.array([0.3, 0.5, 0.4, 0.45, 0.55, 0.35, 0.6, 0.41])
    expected = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    bounds = inference.interval(sampled(values), 0.95, widened=False)
    assert bounds == pytest.approx((expected.low, expected.high))
    wide = inference.interval(sampled(values), 0.95, widened=True)
    assert wide[0] <= bounds[0]
    assert wide[1] >= bounds[1]


def test_from_20_seeds_the_interval_is_the_outer_bounds_of_t_and_bca() -> None:
    values = np.random.default_rng(3).lognormal(size=25)
    found = sampled(values)
    assert found.second is not None
    t, bca = paired.interval(found.spread, 0.95), found.second.interval(0.95)
    assert t[0] < bca[0]  # a skewed law: t is too low at both ends
    assert t[1] < bca[1]
    assert inference.interval(found, 0.95, widened=False) == (t[0], bca[1])


def test_equivalence_asks_the_side_that_is_tested() -> None:
    found = sampled(np.linspace(-0.2, 1.2, 10))
    assert found.second is not None
    both = inference.equivalence(found, 1.0, paired.TWO_SIDED, ALPHA)
    below = inference.equivalence(found, 1.0, paired.NOT_BELOW, ALPHA)
    assert below.second == found.second.p_above(-1.0)
    assert both.second == found.second.p_below(1.0)
    assert below.decisive < both.decisive


def test_an_intersection_is_as_strong_as_its_weakest_part() -> None:
    found = inference.worst([Evidence(0.01, 0.03, joins=True), Evidence(0.02, None, joins=False)])
    assert found == Evidence(0.02, 0.03, joins=True)


@pytest.mark.parametrize("seeds", [3, 12, 25])
@pytest.mark.parametrize("scale", [1e-300, 1.0, 1e300])
def test_a_margin_far_beyond_every_difference_is_met(seeds: int, scale: float) -> None:
    values = np.random.default_rng(6).normal(size=seeds)
    found = sampled(scale * values)
    tested = inference.equivalence(found, 1e307, paired.TWO_SIDED, ALPHA)
    assert tested.second == pytest.approx(2.0**-seeds if seeds < 20 else 0.0, abs=1e-12)
    narrow = inference.equivalence(found, 1e-307, paired.TWO_SIDED, ALPHA)
    assert narrow.second is not None
    assert narrow.second > 0.1
