"""Twin of proof.py: chance names no cause more often than alpha, whatever the law of a metric."""

import math
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pytest

from diptych_analysis.attribution import Rung
from diptych_analysis.proof import (
    exceeds_repeats,
    is_proved,
    p_by_seed,
    removes_more_than_chance,
    seeds_to_tell,
    seeds_to_tell_its_mean,
    takes_its_mean,
)
from diptych_analysis.statistics import paired

Numbers = npt.NDArray[np.float64]
Law = Callable[[np.random.Generator, tuple[int, ...]], Numbers]
ALPHA, CONTROLS, CASES = 0.05, 5, 600


def rung(
    differences: Numbers,
    *,
    floor: float | None = None,
    freedom: int = 0,
    has_mean: bool = False,
    identical: bool = False,
) -> Rung:
    return Rung(
        control="Native",
        seeds=len(differences),
        succeeded=len(differences),
        identical=identical,
        per_seed_rms=float(np.sqrt(np.mean(differences**2))),
        same_seed_floor=floor,
        difference=float(np.mean(differences)),
        interval=None,
        explains=None,
        explains_interval=None,
        differences=differences,
        spread=paired.spread_of(differences),
        has_mean=has_mean,
        floor_freedom=freedom,
    )


def lognormal(rng: np.random.Generator, shape: tuple[int, ...]) -> Numbers:
    return np.exp(1.5 * rng.normal(size=shape))


def stuck(rng: np.random.Generator, shape: tuple[int, ...]) -> Numbers:
    """Return values of which one in ten is of a training that got stuck."""
    return rng.normal(size=shape) * 0.01 + (rng.random(shape) < 0.1)


def coarse(rng: np.random.Generator, shape: tuple[int, ...]) -> Numbers:
    """Return values that are equal but for one in ten."""
    return np.asarray(rng.random(shape) < 0.1, dtype=np.float64)


def at_most(share: float) -> float:
    """Return a share and three standard errors of it more."""
    return share + 3 * math.sqrt(share * (1 - share) / CASES)


@pytest.mark.parametrize("seeds", [5, 8])
@pytest.mark.parametrize("law", [lognormal, stuck, coarse])
def test_controls_that_do_nothing_are_rarely_named(law: Law, seeds: int) -> None:
    rng = np.random.default_rng(11)
    named = by_squares = 0
    for _ in range(CASES):
        both = law(rng, (2, CONTROLS + 1, seeds))
        first, *others = [rung(each) for each in both[1] - both[0]]
        level = ALPHA / CONTROLS
        named += any(is_proved(other, first, level) for other in others)
        by_squares += any(
            removes_more_than_chance(
                other.per_seed_rms or 0.0, first.per_seed_rms or 0.0, seeds, level
            )
            for other in others
        )
    assert named / CASES <= at_most(0.06)
    if seeds == 8:  # the squares alone would name one far more often
        assert by_squares / CASES > at_most(0.06)


def test_a_control_that_removes_nine_tenths_is_named() -> None:
    rng = np.random.default_rng(5)
    named = 0
    for _ in range(200):
        first, left = rng.normal(size=(2, 10))
        named += is_proved(rung(0.1 * left), rung(first), ALPHA / CONTROLS)
    assert named / 200 > 0.8


def test_seed_by_seed_by_hand() -> None:
    ones = np.ones(6)
    assert p_by_seed(ones, ones / 2, 0.05) == 2.0**-6
    assert p_by_seed(ones, np.array([0, 0, 0, 0, 0, 0.5]), 0.05) == 2.0**-6
    assert p_by_seed(ones, np.zeros(6), 0.05) == 2.0**-6
    assert p_by_seed(np.zeros(6), ones, 0.05) == 1.0
    # 0 in both says nothing: one seed of six has a say.
    assert p_by_seed(np.array([1.0, 0, 0, 0, 0, 0]), np.zeros(6), 0.05) == 0.5
    assert p_by_seed(np.zeros(6), np.zeros(6), 0.05) == 1.0
    # Too few for flips: ratios that are all equal are a sign test, others Student's t.
    assert p_by_seed(ones[:3], ones[:3] / 2, 0.05) == 2.0**-3
    few = p_by_seed(np.exp([3.0, 3.1, 2.9]), np.ones(3), 0.05)
    assert few == pytest.approx(0.000185, rel=0.01)
    # Too many for flips.
    assert p_by_seed(np.exp(np.arange(1.0, 31.0)), np.ones(30), 0.05) < 1e-9


def test_same_bits_are_proof_at_any_number_of_seeds() -> None:
    first = rung(np.array([1.0]))
    assert is_proved(rung(np.zeros(1), identical=True), first, 0.01)
    assert not is_proved(rung(np.zeros(1)), first, 0.01)
    assert not is_proved(rung(np.zeros(1), identical=True), rung(np.zeros(1)), 0.01)


def test_repeats_alone_are_above_their_floor_no_more_often_than_alpha() -> None:
    rng = np.random.default_rng(8)
    above = 0
    for _ in range(2000):
        runs = rng.normal(size=(2, 2, 8))  # versions, repeats, seeds
        deviation = np.sqrt(np.mean(runs.var(axis=1, ddof=1)))
        differences = np.diff(runs.mean(axis=1), axis=0)[0]
        above += exceeds_repeats(rung(differences, floor=float(deviation), freedom=16), ALPHA)
    assert above / 2000 == pytest.approx(ALPHA, abs=0.015)


def test_a_floor_of_0_or_none_is_exceeded_by_any_distance() -> None:
    one = np.array([1.0, -1.0])
    assert exceeds_repeats(rung(one), ALPHA)
    assert exceeds_repeats(rung(one, floor=0.0, freedom=4), ALPHA)
    assert not exceeds_repeats(rung(0 * one), ALPHA)
    assert not exceeds_repeats(rung(one, floor=0.9, freedom=4), ALPHA)
    assert exceeds_repeats(rung(one, floor=0.1, freedom=4), ALPHA)


def test_a_mean_is_gone_where_what_is_left_lies_within_half_of_it() -> None:
    first = rung(np.array([1.0, 1.1, 0.9, 1.0]), has_mean=True)
    small, wide = np.array([0.1, -0.1, 0.0, 0.1]), np.array([0.9, -0.9, 0.1, -0.1])
    assert takes_its_mean(rung(small), first, 1.0, ALPHA)
    assert not takes_its_mean(rung(wide), first, 1.0, ALPHA)
    # Nothing was there to go, or it was of the other sign.
    assert not takes_its_mean(rung(small), rung(wide), 1.0, ALPHA)
    assert not takes_its_mean(rung(small), first, -1.0, ALPHA)
    assert takes_its_mean(rung(0 * wide, identical=True), rung(wide), 1.0, ALPHA)


def test_equal_differences_show_that_a_mean_is_gone_when_so_many_agree() -> None:
    for count, is_shown in ((4, False), (5, False), (6, True)):
        first = rung(np.linspace(1.0, 1.1, count), has_mean=True)
        assert takes_its_mean(rung(np.full(count, 0.1)), first, 1.0, ALPHA) is is_shown


@pytest.mark.parametrize(("shift", "judged", "ran"), [(0.5, 40, 10), (0.8, 16, 8)])
def test_the_seeds_that_would_tell_of_a_mean_do_so_in_80_percent(
    shift: float, judged: int, ran: int
) -> None:
    rng = np.random.default_rng(8)
    shown, advised = 0, 0
    for _ in range(150):
        first, left = shift + rng.standard_normal(judged), 0.05 * rng.standard_normal(ran)
        needed = seeds_to_tell_its_mean(
            rung(left), rung(first[:ran]), float(first.mean()), judged, ALPHA
        )
        if needed is None:
            continue
        advised += 1
        fresh, left = shift + rng.standard_normal(needed), 0.05 * rng.standard_normal(needed)
        spread = paired.spread_of(fresh)
        is_there = spread is not None and paired.p_difference(spread) < ALPHA
        first_again = rung(fresh, has_mean=is_there)
        shown += takes_its_mean(rung(left), first_again, float(fresh.mean()), ALPHA)
    assert advised > 75
    assert shown / advised > 0.75


def test_no_seeds_are_advised_for_a_mean_that_there_may_not_be() -> None:
    wide = np.array([1.0, -1.0, 0.1, -0.1])
    assert seeds_to_tell_its_mean(rung(0.1 * wide), rung(wide), 0.01, 4, ALPHA) is None
    assert seeds_to_tell_its_mean(rung(0.1 * wide), rung(wide), 0.0, 4, ALPHA) is None


def test_chance_alone_is_taken_for_a_cause_no_more_often_than_alpha() -> None:
    rng = np.random.default_rng(3)
    for seeds in (1, 3, 5, 10):
        rms = np.sqrt((rng.normal(size=(4000, 2, seeds)) ** 2).mean(axis=2))
        wrong = np.mean([removes_more_than_chance(b, a, seeds, 0.05) for a, b in rms])
        assert wrong == pytest.approx(0.05, abs=0.015)
    assert not removes_more_than_chance(0.0, 0.0, 9, 0.05)


def test_a_metric_that_is_equal_for_few_seeds_may_be_so_by_chance() -> None:
    assert not removes_more_than_chance(0.0, 0.01, 1, 0.05)
    assert not removes_more_than_chance(0.0, 0.01, 4, 0.05)
    assert removes_more_than_chance(0.0, 0.01, 5, 0.05)
    # The same bits of every weight, loss and prediction are no chance.
    assert removes_more_than_chance(0.0, 0.01, 1, 0.05, identical=True)


def pair_of(first: Sequence[float], rung_: Sequence[float]) -> tuple[Rung, Rung]:
    """Return a control's rung and the first one, of these differences."""
    return rung(np.asarray(rung_, dtype=np.float64)), rung(np.asarray(first, dtype=np.float64))


@pytest.mark.parametrize("ran", [5, 8])
def test_the_seeds_that_would_tell_prove_it_in_80_percent(ran: int) -> None:
    rng = np.random.default_rng(5)

    def drawn(count: int) -> tuple[Rung, Rung]:
        return rung(0.3 * rng.standard_normal(count)), rung(rng.standard_normal(count))

    shown = []
    for _ in range(200):
        needed = seeds_to_tell(*drawn(ran), 0.05)
        if needed is not None:
            shown.append(is_proved(*drawn(needed), 0.05))
    assert len(shown) > 150
    assert np.mean(shown) > 0.8


def test_one_seed_plans_nothing() -> None:
    assert seeds_to_tell(*pair_of([1.0], [0.4]), 0.05) is None


def test_seeds_that_had_no_distance_tell_nothing() -> None:
    # Five that tell, of twice as many.
    assert seeds_to_tell(*pair_of([1.0, 0.0, 1.0, 0.0], [0.0] * 4), 0.05) == 10
    assert seeds_to_tell(*pair_of([1.0, -1.0], [0.0, 0.0]), 0.05) == 5
    assert seeds_to_tell(*pair_of([1.0, -1.0], [2.0, 1.0]), 0.05) is None
    assert seeds_to_tell(*pair_of([1.0, -1.0], [0.999999, 1.0]), 0.05) is None
