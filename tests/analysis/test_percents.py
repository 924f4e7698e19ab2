"""Twin of percents.py."""

import pytest

from diptych_analysis.percents import level, percent


@pytest.mark.parametrize(
    ("share", "told"),
    [
        (0.0, "0 %"),
        (0.0533, "5.33 %"),
        (0.98, "98 %"),
        (0.99996, "over 99.9 %"),
        (1.0, "100 %"),
        (None, "–"),
    ],
)
def test_a_share_is_whole_only_when_nothing_is_left(share: float | None, told: str) -> None:
    assert percent(share) == told


@pytest.mark.parametrize(
    ("share", "told"),
    [(0.083, "8.3 %"), (0.9967, "99.7 %"), (0.9995, "over 99.9 %"), (1.0, "100 %")],
)
def test_a_share_of_two_digits_is_no_power_of_ten(share: float, told: str) -> None:
    assert percent(share, 2) == told


@pytest.mark.parametrize(
    ("alpha", "told"),
    [
        (0.05, "95 %"),
        (0.00001, "99.999 %"),
        (0.00000001, "99.999999 %"),
        (1e-12, "99.9999999999 %"),
        (1e-17, "over 99.9999999999 %"),
        (0.0, "over 99.9999999999 %"),
    ],
)
def test_no_interval_is_of_100_percent(alpha: float, told: str) -> None:
    assert level(alpha) == told
