"""Holm's correction: the family-wise error of many difference tests stays at alpha."""

from collections.abc import Sequence


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """Return Holm-adjusted p values in the given order.

    A test that could not be done (None) stays None and still counts in the family: it was
    planned. Source: Holm (1979), Scand. J. Statist. 6, 65-70.
    """
    order = sorted(
        (place for place, p in enumerate(p_values) if p is not None),
        key=lambda place: float(p_values[place] or 0.0),
    )
    adjusted: list[float | None] = [None] * len(p_values)
    largest = 0.0
    for rank, place in enumerate(order):
        p = float(p_values[place] or 0.0)
        largest = max(largest, min(1.0, (len(p_values) - rank) * p))
        adjusted[place] = largest
    return adjusted
