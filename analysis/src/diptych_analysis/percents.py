"""Shares as percentages, alike in sentences, tables, plots and on the terminal."""


def percent(share: float | None, digits: int = 3) -> str:
    """Return a share as a percentage that says 100 only when nothing is left.

    >>> percent(0.0533), percent(0.99996), percent(1.0), percent(None)
    ('5.33 %', 'over 99.9 %', '100 %', '–')
    >>> percent(0.0533, 2), percent(0.996, 2)
    ('5.3 %', '99.6 %')
    """
    if share is None:
        return "–"
    if 0.999 < share < 1:
        return "over 99.9 %"
    return f"{100 * share:.{digits if share < 0.99 else 3}g} %"


def level(alpha: float) -> str:
    """Return the level of an interval, with the digits that keep it below 100.

    >>> level(0.05), level(0.001), level(1e-8)
    ('95 %', '99.9 %', '99.999999 %')
    """
    tried = (f"{100 * (1 - alpha):.{digits}g}" for digits in range(4, 15))
    return f"{next((told for told in tried if told != '100'), 'over 99.9999999999')} %"
