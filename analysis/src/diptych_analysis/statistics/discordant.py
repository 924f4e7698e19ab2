"""Pairs of which only one side has an event: McNemar's test, exact, which is a sign test.

Source: McNemar (1947), Psychometrika 12, 153-157; exact by the binomial law of discordant pairs.
"""

from scipy import special


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
