"""Pairs of which only one side has an event: McNemar's test, exact, which is a sign test.

Source: McNemar (1947), Psychometrika 12, 153-157; exact by the binomial law of discordant pairs.
"""

from collections.abc import Callable

import numpy as np
from scipy import special, stats

from diptych_analysis.statistics.power import ASSURANCE, POWER, fewest
from diptych_runner.contract.names import MOST_SEEDS


def p_discordant(first: int, second: int) -> float:
    """Return the two-sided p of "an event of one side only is as likely on either side".

    `first` and `second` are the pairs with the event on that side only; 1 without any.
    """
    return min(1.0, 2 * float(special.bdtr(min(first, second), first + second, 0.5)))


def smallest_p(pairs: int) -> float:
    """Return the p if all of so many discordant pairs were on one side: it cannot be smaller."""
    return min(1.0, 2.0 ** (1 - pairs))


def pairs_needed(alpha: float) -> int:
    """Return how many discordant pairs it takes, all on one side, for a p below alpha."""
    pairs = 1
    while smallest_p(pairs) >= alpha:
        pairs += 1
    return pairs


def seeds_to_show(first: int, second: int, seeds: int, alpha: float) -> int | None:
    """Return the fewest seeds, not fewer than here, that show the same again with 80 % power.

    `first` and `second` of the `seeds` have the event on that side only. The larger side is taken
    at its exact lower 80 % limit (Clopper and Pearson, 1934, Biometrika 26, 404-413), for what was
    called different is on average estimated too large; two-sided at alpha. None above 10,000.
    """
    many, few = max(first, second), min(first, second)
    rate = float(special.betaincinv(many, seeds - many + 1, 1 - ASSURANCE))
    return fewest(_shows(rate, few / seeds, alpha), seeds, MOST_SEEDS)


def _shows(rate: float, other: float, alpha: float) -> Callable[[int], bool]:
    def shows(count: int) -> bool:
        pairs = np.arange(count + 1)
        # Of so many discordant pairs, the fewest on the larger side whose p is below alpha.
        critical = pairs - stats.binom.ppf(alpha / 2, pairs, 0.5) + 1
        power = stats.binom.sf(critical - 1, pairs, rate / (rate + other))
        return float(np.dot(stats.binom.pmf(pairs, count, rate + other), power)) >= POWER

    return shows
