"""What one must know of a metric's numbers before relying on their levels."""

from diptych_analysis.estimate import Estimate
from diptych_analysis.statistics import flips, shape
from diptych_analysis.summary import Caution

#: Nominal levels hold for the usual laws; at this p the differences look like another one.
LEVEL = 0.05


def cautions_of(row: Estimate) -> list[Caution]:
    """Return the cautions of one metric, [] when there is nothing to say.

    FewSeeds     so few that only Student's t decides, which takes normal differences
    Skewed       the differences look skewed: intervals miss more often than they say
    HeavyTailed  the differences have outliers: levels hold, but far more seeds are needed
    """
    if row.spread is None or row.spread.deviation == 0 or row.identical:
        return []
    found = [_few(row), _skewed(row), _heavy(row)]
    return [caution for caution in found if caution is not None]


def _few(row: Estimate) -> Caution | None:
    if row.difference is None or row.difference.joins:
        return None
    count = row.sample.count
    return Caution(
        kind="FewSeeds",
        text=f"{count} seeds are too few for a test free of a law to have a say (its p comes in "
        f"steps of {flips.smallest_p(count):.3g}), so Student's t decides alone: it takes "
        "differences that are near a normal law, which so few cannot show",
    )


def _skewed(row: Estimate) -> Caution | None:
    found = shape.skewness(row.sample.differences)
    if found is None or found[1] >= LEVEL:
        return None
    return Caution(
        kind="Skewed",
        text=f"the {row.sample.count} per-seed differences look skewed (skewness {found[0]:.2g}, "
        f"p {found[1]:.1g}): at such a law intervals miss, and so Different and Equivalent are "
        "wrong, more often than their level says",
    )


def _heavy(row: Estimate) -> Caution | None:
    found = shape.tails(row.sample.differences)
    if found is None or found[1] >= LEVEL or found[0] < 0:
        return None
    return Caution(
        kind="HeavyTailed",
        text=f"the {row.sample.count} per-seed differences have heavy tails (excess kurtosis "
        f"{found[0]:.2g}, p {found[1]:.1g}): a few seeds decide the mean and its interval",
    )
