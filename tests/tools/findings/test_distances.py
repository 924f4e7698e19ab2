"""Twin of tools/findings/distances.py: intervals cover, and what has no distance has no ratio."""

import numpy as np
import pytest
from tools.findings.distances import distance_of, ratio_of


def test_the_distance_is_the_root_mean_square() -> None:
    found = distance_of(np.array([3.0, -4.0, 0.0, 0.0]))
    assert found.rms == pytest.approx(2.5)
    assert found.interval is not None
    assert found.interval[0] < 2.5 < found.interval[1]


def test_the_same_differences_give_the_same_interval() -> None:
    differences = np.array([0.1, -0.3, 0.2])
    assert distance_of(differences).interval == distance_of(differences).interval


@pytest.mark.parametrize("differences", [[0.0, 0.0, 0.0], [0.5]])
def test_without_a_distance_or_a_second_seed_there_is_no_ratio(differences: list[float]) -> None:
    none, some = distance_of(np.array(differences)), distance_of(np.array([1.0, 2.0, -1.0]))
    assert none.interval is None
    assert ratio_of(none, some) is None
    assert ratio_of(some, none) is None


def test_a_ratio_is_told_as_growth_only_when_its_interval_says_so() -> None:
    rng = np.random.default_rng(1)
    small, large = distance_of(rng.normal(size=30)), distance_of(10 * rng.normal(size=30))
    grown, shrunk, alike = ratio_of(large, small), ratio_of(small, large), ratio_of(small, small)
    assert grown is not None
    assert (grown.grows, grown.shrinks) == (True, False)
    assert shrunk is not None
    assert (shrunk.grows, shrunk.shrinks) == (False, True)
    assert alike is not None
    assert (alike.grows, alike.shrinks) == (False, False)


def test_a_single_seed_that_differs_does_not_bound_the_ratio() -> None:
    found = ratio_of(distance_of(np.array([1.0, 2.0, 1.0])), distance_of(np.array([0.0, 0.0, 1.0])))
    assert found is not None
    assert found.interval[1] == np.inf


def heavy(rng: np.random.Generator, size: int) -> np.ndarray:
    return rng.standard_t(3, size=size)


def normal(rng: np.random.Generator, size: int) -> np.ndarray:
    return rng.normal(size=size)


@pytest.mark.parametrize(("law", "least"), [(normal, 0.95), (heavy, 0.80)])
def test_the_interval_of_a_ratio_covers_what_is_true(law: object, least: float) -> None:
    """Equal distances, 12 and 14 seeds: 1 lies inside as often as promised, less of heavy tails."""
    assert callable(law)
    rng = np.random.default_rng(7)
    pairs = [(distance_of(law(rng, 12)), distance_of(law(rng, 14))) for _ in range(200)]
    found = [ratio for pair in pairs if (ratio := ratio_of(*pair)) is not None]
    inside = sum(not (ratio.grows or ratio.shrinks) for ratio in found)
    # Two standard deviations of a count of 200.
    assert inside / len(found) >= least - 2 * (least * (1 - least) / len(found)) ** 0.5
