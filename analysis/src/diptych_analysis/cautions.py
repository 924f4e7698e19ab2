"""What one must know of a metric's numbers before relying on their levels."""

from diptych_analysis.estimate import Estimate
from diptych_analysis.percents import percent
from diptych_analysis.statistics import flips, shape
from diptych_analysis.summary import Caution

#: Nominal levels hold for the usual laws; at this p the differences look like another one.
LEVEL = 0.05


def cautions_of(row: Estimate, alpha: float) -> list[Caution]:
    """Return the cautions of one metric, [] when there is nothing to say.

    EqualDifferences  all are equal: what happens to few seeds only was not there to be seen
    FewSeeds          so few that only Student's t decides on a difference: it takes normal ones
    Skewed            the differences look skewed: intervals miss more often than they say
    HeavyTailed       the differences have outliers: levels hold, but it takes far more seeds
    """
    if row.spread is None or row.identical or row.spread.exact:
        return []
    if row.spread.deviation == 0:
        return [_equal(row.spread.count, alpha)]
    found = [_few(row), _skewed(row), _heavy(row)]
    return [caution for caution in found if caution is not None]


def _equal(count: int, alpha: float) -> Caution:
    # A share s of seeds is not among n with probability (1 - s)^n, below alpha above this s.
    share = 1 - alpha ** (1 / count)
    return Caution(
        kind="EqualDifferences",
        text=f"{count} equal differences exclude only what happens to more than "
        f"{percent(share, 2)} of seeds",
    )


def _few(row: Estimate) -> Caution | None:
    if not row.rests_on_t:
        return None
    count = row.sample.count
    return Caution(
        kind="FewSeeds",
        text=f"{count} seeds are too few for a test free of a law to have a say on a difference "
        f"(its p comes in steps of {flips.smallest_p(count):.3g}), so Student's t decides alone "
        "on Different: it takes per-seed differences that are near a normal law, which so few "
        "cannot show",
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
