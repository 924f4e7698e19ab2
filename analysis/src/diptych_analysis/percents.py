"""Shares as percentages, alike in sentences, tables, plots and on the terminal."""


def percent(share: float | None) -> str:
    """Return a share as a percentage that says 100 only when nothing is left.

    >>> percent(0.0533), percent(0.99996), percent(1.0), percent(None)
    ('5.33 %', 'over 99.9 %', '100 %', '–')
    """
    if share is None:
        return "–"
    return "over 99.9 %" if 0.999 < share < 1 else f"{100 * share:.3g} %"
