"""Many questions at once: several candidates of one baseline, several metrics, correlated."""

from collections.abc import Sequence

import numpy as np
import pytest
from tests.analysis.builder import B, metric
from tests.analysis.test_estimate import pairing_of

from diptych_analysis.estimate import Estimate, Terms, estimate
from diptych_analysis.families import corrected
from diptych_analysis.measured import Measured
from diptych_analysis.verdicts import metric_verdict

ALPHA = 0.05
CANDIDATES, COMPARISONS = 3, 120


def row_of(
    baseline: Sequence[float], candidate: Sequence[float], terms: Terms, **changes: object
) -> Estimate:
    return estimate(pairing_of(baseline, candidate), metric(**changes), terms)


def false_alarms(seeds: int, metrics: int, *, primary: bool) -> float:
    """Return the share of comparisons of equal versions with any metric Different."""
    rng = np.random.default_rng([seeds, metrics])
    count = CANDIDATES * metrics
    sizes = (count, 0) if primary else (0, count)
    terms = Terms(range(1, seeds + 1), ALPHA, "0" * 64, *sizes)
    alarms = 0
    for _ in range(COMPARISONS):
        # Metrics of one training hang together: half of their variance is common.
        common = rng.normal(size=(CANDIDATES + 1, 1, seeds))
        values = 10 + np.sqrt(0.5) * (common + rng.normal(size=(CANDIDATES + 1, metrics, seeds)))
        measured = [
            Measured(
                B,
                [
                    row_of(list(base), list(own), terms, primary=primary)
                    for base, own in zip(values[0], candidate, strict=True)
                ],
                [],
                problems=[],
            )
            for candidate in values[1:]
        ]
        alarms += any(
            metric_verdict(row, p, ALPHA) == "Different"
            for found, adjusted in zip(measured, corrected(measured, ALPHA), strict=True)
            for row, p in zip(found.rows, adjusted, strict=True)
        )
    return alarms / COMPARISONS


@pytest.mark.parametrize("primary", [True, False])
@pytest.mark.parametrize(("seeds", "metrics"), [(5, 2), (11, 3)])
def test_equal_versions_raise_any_alarm_in_at_most_alpha(
    seeds: int,
    metrics: int,
    primary: bool,  # noqa: FBT001 - of the table above
) -> None:
    # Of equal versions alone the false-discovery rate is the chance of any alarm as well.
    assert false_alarms(seeds, metrics, primary=primary) <= ALPHA + 3 * 0.0199


def test_a_relative_margin_of_a_baseline_near_0_is_not_met_by_chance() -> None:
    rng = np.random.default_rng(7)
    terms = Terms(range(1, 7), ALPHA, "0" * 64, 1, 0)
    said = 0
    for _ in range(400):
        baseline = rng.normal(0.01, 1.0, size=6)
        candidate = baseline + 0.005 + 1e-6 * rng.normal(size=6)  # half of the mean away
        row = row_of(list(baseline), list(candidate), terms, relativeMargin="50%")
        said += row.is_equivalent(ALPHA)
    assert said / 400 <= ALPHA + 3 * 0.0109
