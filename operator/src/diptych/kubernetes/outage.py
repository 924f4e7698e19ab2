"""How long the store has been away: it is waited for, for a bucket may be made or a key mended,
but not for ever."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from diptych.kubernetes import names
from diptych.kubernetes.holds import Hold
from diptych.kubernetes.past import Past


def of_the_store(holds: Iterable[Hold]) -> list[Hold]:
    """Return the holds that are the store's."""
    return [hold for hold in holds if hold.stall.reason == names.STORE_UNREACHABLE]


def away_since(past: Past, holds: Iterable[Hold], now: datetime) -> datetime | None:
    """Return since when pods cannot reach the store; None while they can."""
    return (past.away_since or now) if of_the_store(holds) else None


def is_too_long(since: datetime | None, patience: int, now: datetime) -> bool:
    """Return whether the store has been away for more seconds than are waited."""
    return since is not None and now - since >= timedelta(seconds=patience)
