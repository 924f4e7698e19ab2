"""Twin of bar.py."""

import re

from diptych_analysis.report.plots.bar import bar


def widths(*values: float) -> list[float]:
    ends = (min(values), max(values))
    return [float(re.search(r'width="([0-9.]+)"', bar(v, ends))[1]) for v in values]  # type: ignore[index]


def test_bars_span_the_decades_that_the_values_do() -> None:
    first, second, third = widths(1e-3, 1e-2, 1e-1)
    assert first < 0.2 * third
    assert second == (first + third) / 2


def test_values_that_are_nearly_equal_look_so() -> None:
    low, high = widths(1.0, 1.2)
    assert 0.9 < low / high < 1


def test_any_positive_number_has_a_bar_and_no_other_has_one() -> None:
    low, high = widths(5e-324, 1e300)
    assert 0 < low < high
    assert bar(None, (1.0, 2.0)) == bar(0.0, (1.0, 2.0)) == bar(0.0, (0.0, 0.0)) == ""
