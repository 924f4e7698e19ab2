"""Twin of tools/findings/costs.py: ratios within a seed, whatever else the machine does."""

from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from tools.findings import costs
from tools.findings.runs import Run

from diptych_analysis.statistics.sample import Sample


def run(baseline: list[float], candidate: list[float]) -> Run:
    sample = Sample(tuple(range(len(baseline))), np.array(baseline), np.array(candidate))
    found = SimpleNamespace(
        control="Native",
        summary=SimpleNamespace(baseline="1.15.5", candidates=[SimpleNamespace(version="2.4.0")]),
        sample_of=lambda _version, _value, _cell: sample,
    )
    return cast("Run", found)


def test_a_machine_that_slows_down_moves_no_ratio() -> None:
    found = costs.ratio(run([1.0, 10.0, 3.0], [2.0, 20.0, 6.0]), "2.4.0", costs.step_seconds)
    assert found is not None
    assert found.value == pytest.approx(2.0)


def test_the_interval_is_of_the_logarithms() -> None:
    """By hand: logs of 2, 4 and 8 are 1, 2 and 3 times ln 2; t of 2 degrees is 4.3027."""
    found = costs.ratio(run([1.0, 1.0, 1.0], [2.0, 4.0, 8.0]), "2.4.0", costs.step_seconds)
    assert found is not None
    assert found.value == pytest.approx(4.0)
    half = 4.302652730 * np.log(2) / np.sqrt(3)
    assert found.interval == pytest.approx((4 * np.exp(-half), 4 * np.exp(half)))


def test_costs_that_chance_explains_are_not_called_a_change() -> None:
    [told] = costs.answer([run([1.0, 2.0, 1.0, 2.0], [2.0, 1.0, 1.1, 1.9])])
    assert told.startswith("Not shown. A step: no version is shown to differ from 1.15.5")


def test_costs_that_change_are_told_with_the_versions() -> None:
    [told] = costs.answer([run([1.0, 1.1, 1.0, 1.2], [2.0, 2.3, 2.0, 2.3])])
    assert told.startswith("Yes. A step: from 2.0")
    assert " times in 2.4.0 to " in told


def test_of_many_ratios_one_that_leaves_out_1_by_chance_is_no_change() -> None:
    # By itself p is 0.03; of three costs that is nothing to call a change by.
    sample = run([1.0] * 4, list(np.exp([0.1, 0.3, 0.2, 0.4])))
    found = costs.ratio(sample, "2.4.0", costs.step_seconds)
    assert found is not None
    assert found.interval is not None
    assert found.interval[0] > 1
    [told] = costs.answer([sample])
    assert told.startswith("Not shown. A step: no version is shown to differ from 1.15.5")
