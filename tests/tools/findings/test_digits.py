"""Twin of tools/findings/digits.py: decimals follow the interval."""

import doctest

import pytest
from tools.findings import digits


def test_examples_in_docstrings_hold() -> None:
    assert doctest.testmod(digits).failed == 0


@pytest.mark.parametrize(
    ("ends", "decimals"),
    [((-0.004, 0.004), 4), ((0.9, 1.9), 2), ((10.0, 30.0), 0), ((-1e-9, 1e-9), 10)],
)
def test_two_digits_of_the_half_width_are_shown(ends: digits.Bounds, decimals: int) -> None:
    assert digits.decimals_of(ends) == decimals


def test_what_needs_too_many_decimals_is_a_power_of_ten() -> None:
    assert digits.between((-6.633e-10, 8.977e-10), 11) == "−6.633×10⁻¹⁰ to 8.977×10⁻¹⁰"


def test_a_number_that_rounds_to_nothing_has_no_sign() -> None:
    assert digits.rounded(-0.00001, 3) == "0.000"
