"""Distances between two arrays: units in the last place, relative in the 2-norm, and the angle.

Everything is computed over short parts, so that a tensor is never copied as a whole.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

#: Unsigned integers of a float's size.
_UNSIGNED = {2: np.uint16, 4: np.uint32, 8: np.uint64}
#: Elements that are looked at together.
_PART = 1 << 18


@dataclass(frozen=True)
class Norms:
    """2-norms of baseline, candidate and their difference, and the cosine between them.

    The cosine is None when a side is all 0 or a number is not finite.
    """

    baseline: float
    candidate: float
    distance: float
    cosine: float | None

    @property
    def relative(self) -> float | None:
        """The distance over the baseline's norm; None when that is no finite number."""
        if not math.isfinite(self.distance) or not math.isfinite(self.baseline):
            return None
        if self.distance == 0:
            return 0.0
        quotient = self.distance / self.baseline if self.baseline else math.inf
        return quotient if math.isfinite(quotient) else None


def bits_equal(left: Array, right: Array) -> bool:
    """Say whether dtype, shape and every bit are equal; -0.0 is not +0.0, NaN equals itself."""
    return (
        left.dtype.str == right.dtype.str
        and left.shape == right.shape
        and all(a.tobytes() == b.tobytes() for a, b in _parts(left, right))
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
    largest = 0
    for one, other in _parts(left, right):
        lost = np.isnan(one)
        if not np.array_equal(lost, np.isnan(other)):
            return None
        low, high = _ordered(one[~lost]), _ordered(other[~lost])
        if low.size:
            largest = max(largest, int(np.max(np.maximum(low, high) - np.minimum(low, high))))
    return largest


def other_sign(left: Array, right: Array) -> bool:
    """Say whether an element is above 0 in one array and below in the other; of one shape only."""
    if left.shape != right.shape or left.dtype.kind != "f" or right.dtype.kind != "f":
        return False
    return any(bool(np.any(np.sign(a) * np.sign(b) < 0)) for a, b in _parts(left, right))


def relative_l2(left: Array, right: Array) -> float | None:
    """Return |right - left| / |left| in the 2-norm, in float64; `left` is the baseline.

    0 for equal numbers, also when all are 0. None when shapes differ, a value is not finite or
    not a real number, or `left` is all 0 and `right` is not.
    """
    found = norms(left, right)
    return None if found is None else found.relative


def norms(left: Array, right: Array) -> Norms | None:
    """Return the norms of two arrays; None unless they have one shape and hold real numbers."""
    if left.shape != right.shape or left.dtype.kind not in "biuf" or right.dtype.kind not in "biuf":
        return None
    # Divided by the largest values before squaring, so that squares stay in range.
    scales = (_largest(left), _largest(right))
    distances, squares, product = [], [0.0, 0.0], 0.0
    for one, other in _parts(left, right):
        first, second = one.astype(np.float64), other.astype(np.float64)
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            distances.append(_norm(second - first))
            first, second = first / (scales[0] or 1.0), second / (scales[1] or 1.0)
            squares[0] += float(np.dot(first, first))
            squares[1] += float(np.dot(second, second))
            product += float(np.dot(first, second))
    return Norms(
        baseline=scales[0] * math.sqrt(squares[0]),
        candidate=scales[1] * math.sqrt(squares[1]),
        distance=math.hypot(*distances),
        cosine=_cosine(product, math.sqrt(squares[0] * squares[1])),
    )


def together(parts: Sequence[Norms | None]) -> Norms | None:
    """Return the norms of several tensors taken as one long vector; None when one is unknown."""
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    baseline = math.hypot(*(part.baseline for part in known))
    candidate = math.hypot(*(part.candidate for part in known))
    product = 0.0
    if 0 < baseline < math.inf and 0 < candidate < math.inf:
        # A part without a cosine is 0 on one side, and adds nothing to the product.
        product = math.fsum(
            (part.cosine or 0.0) * (part.baseline / baseline) * (part.candidate / candidate)
            for part in known
        )
    finite = math.isfinite(baseline) and math.isfinite(candidate)
    return Norms(
        baseline=baseline,
        candidate=candidate,
        distance=math.hypot(*(part.distance for part in known)),
        cosine=_cosine(product, 1.0) if finite and baseline and candidate else None,
    )


def _parts(left: Array, right: Array) -> Iterator[tuple[Array, Array]]:
    first, second = left.reshape(-1), right.reshape(-1)
    for start in range(0, first.size, _PART):
        yield first[start : start + _PART], second[start : start + _PART]


def _largest(values: Array) -> float:
    return max(
        (float(np.max(np.abs(part.astype(np.float64)))) for part, _ in _parts(values, values)),
        default=0.0,
    )


def _cosine(product: float, length: float) -> float | None:
    if not length or not math.isfinite(length) or not math.isfinite(product):
        return None
    return min(1.0, max(-1.0, product / length))


def _norm(values: Array) -> float:
    """Return the 2-norm, scaled by the largest value so that squares stay in range."""
    scale = float(np.max(np.abs(values)))
    if scale == 0 or not np.isfinite(scale):
        return scale
    return scale * float(np.linalg.norm(values / scale))


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
