"""Twin of percents.py."""

import pytest

from diptych_analysis.percents import percent


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
