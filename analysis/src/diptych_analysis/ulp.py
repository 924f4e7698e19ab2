"""Distances between two arrays: in units in the last place, and relative in the 2-norm."""

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

#: Unsigned integers of a float's size.
_UNSIGNED = {2: np.uint16, 4: np.uint32, 8: np.uint64}


def bits_equal(left: Array, right: Array) -> bool:
    """Say whether dtype, shape and every bit are equal; -0.0 is not +0.0, NaN equals itself."""
    return (
        left.dtype.str == right.dtype.str
        and left.shape == right.shape
        and left.tobytes() == right.tobytes()
    )


def max_ulp(left: Array, right: Array) -> int | None:
    """Return the largest number of floats to step over from one array to the other.

    Arrays of one shape and one floating dtype of 16, 32 or 64 bits; else None. Bit patterns are
    mapped to integers in the order of the numbers they stand for, so that the distance holds
    across the sign; -0.0 and +0.0 are one number, and infinity is next to the largest float. A
    NaN equals a NaN; a NaN against a number has no distance: None. 0 for empty arrays.
    Source: Dawson (2012), "Comparing Floating Point Numbers".
    """
    if left.dtype != right.dtype or left.shape != right.shape or left.dtype.kind != "f":
        return None
    if left.dtype.itemsize not in _UNSIGNED:
        return None
    lost = np.isnan(left)
    if not np.array_equal(lost, np.isnan(right)):
        return None
    low, high = _ordered(left[~lost]), _ordered(right[~lost])
    if low.size == 0:
        return 0
    return int(np.max(np.maximum(low, high) - np.minimum(low, high)))


def relative_l2(left: Array, right: Array) -> float | None:
    """Return |right - left| / |left| in the 2-norm, in float64; `left` is the baseline.

    0 for equal numbers, also when all are 0. None when shapes differ, a value is not finite or
    not a real number, or `left` is all 0 and `right` is not.
    """
    return relative_l2_of([(left, right)])


def relative_l2_of(pairs: list[tuple[Array, Array]]) -> float | None:
    """Return `relative_l2` of several tensors taken as one long vector."""
    distances, lengths = [], []
    for left, right in pairs:
        if left.shape != right.shape or left.dtype.kind not in "biuf":
            return None
        if right.dtype.kind not in "biuf":
            return None
        first, second = left.astype(np.float64), right.astype(np.float64)
        with np.errstate(over="ignore", invalid="ignore"):
            distances.append(_norm(second - first))
        lengths.append(_norm(first))
    distance, length = _norm(np.array(distances)), _norm(np.array(lengths))
    if not np.isfinite(distance) or not np.isfinite(length):
        return None
    if distance == 0:
        return 0.0
    return _quotient(distance, length)


def _quotient(distance: float, length: float) -> float | None:
    if length == 0:
        return None
    quotient = distance / length
    return quotient if np.isfinite(quotient) else None


def _norm(values: Array) -> float:
    """Return the 2-norm, scaled by the largest value so that squares stay in range."""
    if values.size == 0:
        return 0.0
    scale = float(np.max(np.abs(values)))
    if scale == 0 or not np.isfinite(scale):
        return scale
    with np.errstate(under="ignore"):
        return scale * float(np.linalg.norm((values / scale).ravel()))


def _ordered(values: Array) -> npt.NDArray[np.uint64]:
    """Map floats, NaN excluded, to unsigned integers in the same order; both zeros to one."""
    size = values.dtype.itemsize
    native = np.ascontiguousarray(values.astype(values.dtype.newbyteorder("="), copy=False))
    bits = native.view(_UNSIGNED[size]).astype(np.uint64)
    middle = np.uint64(1 << (8 * size - 1))
    magnitude = bits & (middle - np.uint64(1))
    # Positive numbers go up from the middle, negative ones down from it.
    ordered: npt.NDArray[np.uint64] = np.where(
        bits & middle != 0, middle - magnitude, middle + magnitude
    )
    return ordered
