"""The API server's clock, as its answers tell it: by it was written what the operator ages.

With a clock of our own that is minutes off, a fresh Event would be an old one and say nothing.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

#: Answers tell seconds, and take some: a difference that is not larger says nothing.
_SLACK = timedelta(seconds=10)


class ServerClock:
    """The time at the API server; before its first answer, and without a Date, our own."""

    def __init__(self, own: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Take a clock of our own, which answers are compared with."""
        self._own = own
        self._ahead = timedelta(0)

    def now(self) -> datetime:
        """Return the time at the server."""
        return self._own() + self._ahead

    def heard(self, date: str | None) -> None:
        """Take note of the header Date of an answer that came just now."""
        try:
            told = parsedate_to_datetime(date or "").astimezone(UTC)
        except ValueError:
            return
        ahead = told - self._own()
        # Else each answer would move the clock a bit, and back.
        if abs(ahead - self._ahead) > _SLACK:
            self._ahead = ahead
