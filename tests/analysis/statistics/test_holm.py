"""Twin of statistics/holm.py."""

from hypothesis import given
from hypothesis import strategies as st

from diptych_analysis.statistics.holm import holm

P = st.floats(0, 1)


def test_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == [0.03, 0.06, 0.06, 0.02]
    assert holm([0.5, 0.9]) == [1.0, 1.0]
    assert holm([]) == []


def test_a_test_that_could_not_be_done_still_counts() -> None:
    assert holm([0.02, None]) == [0.04, None]
    assert holm([None, None]) == [None, None]


@given(st.lists(P, min_size=1, max_size=20))
def test_adjusting_never_lowers_keeps_order_and_starts_at_bonferroni(ps: list[float]) -> None:
    adjusted = [p for p in holm(ps) if p is not None]
    assert len(adjusted) == len(ps)
    for before, after in zip(ps, adjusted, strict=True):
        assert before <= after <= 1.0
    assert min(adjusted) == min(1.0, min(ps) * len(ps))
    ranked = sorted(zip(ps, adjusted, strict=True))
    assert [after for _, after in ranked] == sorted(adjusted)


@given(st.lists(P, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_tests_does_not_matter(ps: list[float], random: object) -> None:
    order = list(range(len(ps)))
    random.shuffle(order)  # type: ignore[attr-defined]
    shuffled = holm([ps[place] for place in order])
    adjusted = holm(ps)
    assert shuffled == [adjusted[place] for place in order]


@given(st.lists(P, min_size=1, max_size=8), st.floats(0.001, 0.2))
def test_it_rejects_what_the_stepwise_rule_rejects(ps: list[float], alpha: float) -> None:
    rejected = set()
    for rank, place in enumerate(sorted(range(len(ps)), key=ps.__getitem__)):
        if (len(ps) - rank) * ps[place] >= alpha:
            break
        rejected.add(place)
    adjusted = holm(ps)
    assert rejected == {place for place, p in enumerate(adjusted) if p is not None and p < alpha}
