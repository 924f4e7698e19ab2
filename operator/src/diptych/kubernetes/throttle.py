"""How often a status is written: progress at most once a second, a changed condition at once."""

#: Seconds between two writes that tell of nothing but progress.
PROGRESS_EVERY = 1.0


def wait_before(*, urgent: bool, last_write: float | None, now: float) -> float:
    """Return the seconds to wait before a status is written; 0 when it is due.

    >>> wait_before(urgent=False, last_write=10.0, now=10.25)
    0.75
    >>> wait_before(urgent=True, last_write=10.0, now=10.25)
    0.0
    """
    if urgent or last_write is None:
        return 0.0
    return max(0.0, last_write + PROGRESS_EVERY - now)
