"""Twin of tools/findings/sizes.py: a size follows from the pilot's noise, and its lack is told."""

import doctest
from types import SimpleNamespace
from typing import cast

import pytest
from tools.findings import sizes
from tools.findings.runs import Run


def run(seeds: int, *needed: int | None) -> Run:
    metrics = [SimpleNamespace(primary=True, seeds_estimated=each) for each in needed]
    metrics.append(SimpleNamespace(primary=False, seeds_estimated=900))
    candidate = SimpleNamespace(metrics=metrics)
    return cast("Run", SimpleNamespace(name="a-pilot", seeds=seeds, candidate=candidate))


def test_examples_in_docstrings_hold() -> None:
    assert doctest.testmod(sizes).failed == 0


@pytest.mark.parametrize(
    ("needed", "asked"), [((13,), 13), ((4, 13), 13), ((None,), None), ((4, None), None)]
)
def test_every_primary_metric_has_to_be_shown(needed: tuple[int | None], asked: int | None) -> None:
    assert sizes.asked_by(run(10, *needed)) == asked


def test_a_size_by_the_rule_says_what_it_follows_from() -> None:
    told = sizes.told(run(26), run(10, 13))
    assert told.startswith("**Seeds.** 26; a [pilot](")
    assert told.endswith("on 10 others asks for 13, so the rule above gives 26.")


def test_a_size_below_the_rule_is_admitted() -> None:
    assert "fewer were taken, with less power" in sizes.told(run(10), run(10, 13))


def test_a_pilot_without_noise_asks_for_nothing() -> None:
    assert "found no noise" in sizes.told(run(10), run(10, None))
