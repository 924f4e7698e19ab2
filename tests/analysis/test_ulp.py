"""Twin of ulp.py."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diptych_analysis import ulp

SINGLES = st.floats(width=32, allow_nan=False)
DOUBLES = st.floats(allow_nan=False)


def single(*values: float) -> Any:  # noqa: ANN401 - an array
    return np.array(values, dtype=np.float32)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_neighbours_are_one_apart_everywhere(dtype: Any) -> None:  # noqa: ANN401
    for value in (0.0, -0.0, 1.0, -1.0, 1.5, np.finfo(dtype).max, -np.finfo(dtype).tiny):
        left = np.array([value], dtype=dtype)
        with np.errstate(over="ignore"):
            right = np.nextafter(left, np.array(np.inf, dtype=dtype))
        assert ulp.max_ulp(left, right) == 1
        assert ulp.max_ulp(right, left) == 1


def test_across_the_sign_and_at_the_ends() -> None:
    assert ulp.max_ulp(single(0.0), single(-0.0)) == 0
    tiny = np.nextafter(single(0), single(1))
    assert ulp.max_ulp(-tiny, tiny) == 2
    assert ulp.max_ulp(single(-np.inf), single(np.inf)) == 2 * 0x7F800000
    assert ulp.max_ulp(single(1, 2, 3), single(1, 2, 3)) == 0
    assert ulp.max_ulp(single(), single()) == 0
    top = np.array([np.inf])
    assert ulp.max_ulp(-top, top) == 2 * 0x7FF0000000000000


def test_another_sign_is_told_and_0_has_none() -> None:
    assert ulp.other_sign(single(1, -1e-9), single(1, 1e-9))
    assert not ulp.other_sign(single(0, -2, np.nan), single(5, -1, 1))
    assert not ulp.other_sign(single(1), single(-1, -1))


def test_a_nan_equals_a_nan_and_is_at_no_distance_from_a_number() -> None:
    assert ulp.max_ulp(single(np.nan, 1), single(np.nan, 1)) == 0
    assert ulp.max_ulp(single(np.nan), single(1)) is None


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (np.zeros(2), np.zeros(3)),
        (np.zeros(2), single(0, 0)),
        (np.zeros(2, dtype=int), np.zeros(2, dtype=int)),
        (np.zeros(2, dtype=np.longdouble), np.zeros(2, dtype=np.longdouble)),
    ],
)
def test_other_arrays_have_no_distance_in_floats(left: Any, right: Any) -> None:  # noqa: ANN401
    assert ulp.max_ulp(left, right) is None


@given(st.lists(st.tuples(SINGLES, SINGLES), max_size=5))
def test_the_distance_is_symmetric_and_of_the_sign_free(pairs: list[tuple[float, float]]) -> None:
    left, right = single(*(a for a, _ in pairs)), single(*(b for _, b in pairs))
    assert ulp.max_ulp(left, right) == ulp.max_ulp(right, left) == ulp.max_ulp(-left, -right)


@given(DOUBLES, DOUBLES, DOUBLES)
def test_distances_add_up_along_the_line(a: float, b: float, c: float) -> None:
    low, middle, high = (np.array([value]) for value in sorted((a, b, c)))
    parts = [ulp.max_ulp(low, middle), ulp.max_ulp(middle, high)]
    assert ulp.max_ulp(low, high) == sum(part for part in parts if part is not None)


def test_byte_order_does_not_matter() -> None:
    big = np.array([1.0, 2.0], dtype=">f4")
    assert ulp.max_ulp(big, np.nextafter(big, np.float32(9)).astype(">f4")) == 1


def test_equal_bits_are_stricter_than_equal_numbers() -> None:
    assert ulp.bits_equal(single(1, np.nan), single(1, np.nan))
    assert not ulp.bits_equal(single(0.0), single(-0.0))
    assert not ulp.bits_equal(single(1), np.array([1.0]))
    assert not ulp.bits_equal(single(1), single(1).reshape(1, 1))


def test_the_relative_distance_by_hand() -> None:
    assert ulp.relative_l2(single(3, 4), single(3, 5)) == pytest.approx(0.2)
    assert ulp.relative_l2(np.zeros(3), np.zeros(3)) == 0.0
    assert ulp.relative_l2(np.zeros(3), np.ones(3)) is None
    assert ulp.relative_l2(np.ones(3), np.ones(2)) is None
    assert ulp.relative_l2(np.array([np.inf]), np.array([1.0])) is None
    assert ulp.relative_l2(np.array([np.nan]), np.array([1.0])) is None
    assert ulp.relative_l2(np.array(["a"]), np.array([1.0])) is None
    assert ulp.relative_l2(np.array([1.0]), np.array(["a"])) is None
    assert ulp.relative_l2(np.array([5e-324]), np.array([1e308])) is None


def test_several_tensors_are_one_long_vector() -> None:
    left, right = np.array([3.0, 4.0, 0.0, 12.0]), np.array([3.0, 5.0, 1.0, -2.0])
    whole = ulp.norms(left, right)
    parts = [ulp.norms(left[:2], right[:2]), ulp.norms(left[2:3], right[2:3])]
    found = ulp.together([*parts, ulp.norms(left[3:], right[3:])])
    assert whole is not None
    assert found is not None
    assert (found.relative, found.cosine) == pytest.approx((whole.relative, whole.cosine))
    assert whole.cosine == pytest.approx(
        float(left @ right) / float(np.linalg.norm(left) * np.linalg.norm(right))
    )
    assert ulp.together([*parts, None]) is None


def test_a_vector_without_a_direction_has_no_cosine() -> None:
    for left, right in ((np.zeros(2), np.ones(2)), (np.ones(2), np.array([np.nan, 1.0]))):
        found = ulp.norms(left, right)
        assert found is not None
        assert found.cosine is None
    assert ulp.norms(np.ones(2), -np.ones(2)) == ulp.Norms(2**0.5, 2**0.5, 8**0.5, -1.0)
    turned = ulp.norms(np.array([1e300, 0.0]), np.array([0.0, 1e-300]))
    assert turned is not None
    assert turned.cosine == 0.0


def test_long_arrays_are_compared_part_by_part(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    left = rng.normal(size=(5, 7)).astype(np.float32)
    right = np.asfortranarray(left + rng.normal(size=(5, 7)).astype(np.float32))
    whole = (ulp.max_ulp(left, right), ulp.norms(left, right), ulp.bits_equal(left, right))
    monkeypatch.setattr(ulp, "_PART", 4)
    parts = (ulp.max_ulp(left, right), ulp.norms(left, right), ulp.bits_equal(left, right))
    assert parts[::2] == whole[::2]
    assert parts[1] is not None
    assert whole[1] is not None
    assert vars(parts[1]) == pytest.approx(vars(whole[1]))


@pytest.mark.parametrize("scale", [1e-300, 1e-160, 1e160, 1e300])
def test_the_relative_distance_does_not_depend_on_the_scale(scale: float) -> None:
    left = np.array([3.0, 4.0]) * scale
    assert ulp.relative_l2(left, left * 1.5) == pytest.approx(0.5)
