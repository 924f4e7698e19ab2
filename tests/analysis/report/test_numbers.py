"""Twin of report/numbers.py, and the examples of the report's other docstrings."""

import doctest

import pytest

from diptych_analysis.report import markdown, numbers
from diptych_analysis.report.plots import frame, scales, svg


@pytest.mark.parametrize(
    "module", [numbers, markdown, frame, scales, svg], ids=lambda m: m.__name__
)
def test_docstrings_keep_their_promises(module: object) -> None:
    found = doctest.testmod(module)  # type: ignore[arg-type] # typed as a module by the name above
    assert found.attempted > 0
    assert found.failed == 0


@pytest.mark.parametrize(
    ("value", "told"),
    [(0.0, "0"), (-0.0, "0"), (1e-300, "10⁻³⁰⁰"), (123456.0, "1.235×10⁵"), (float("nan"), "–")],
)
def test_numbers_have_few_digits_and_a_real_minus(value: float, told: str) -> None:
    assert numbers.number(value) == told


def test_a_factor_needs_both_numbers() -> None:
    assert numbers.factor(None, 1.0) == numbers.factor(1.0, None) == "–"


def test_memory_is_in_the_unit_that_fits() -> None:
    sizes = [512, 2048, 3 << 20, 5 << 30, 7 << 40]
    assert [numbers.memory(size) for size in sizes] == [
        "512 B",
        "2 KiB",
        "3 MiB",
        "5 GiB",
        "7.17e+03 GiB",
    ]
