"""Times as Kubernetes writes them: RFC 3339, UTC, whole seconds."""

from datetime import UTC, datetime

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def parsed(text: object) -> datetime | None:
    """Return the time of a text such as 2026-11-25T01:02:03Z; None when it is none."""
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None


def spelled(moment: datetime) -> str:
    """Return a time as Kubernetes writes it.

    >>> spelled(datetime(2026, 11, 25, 1, 2, 3, tzinfo=UTC))
    '2026-11-25T01:02:03Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
