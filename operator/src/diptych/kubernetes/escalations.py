"""What kopf does not go on after, in a line: an answer of the API server is nobody's mistake here.

kopf keeps its errors to itself, so they are known by the module that they come from; one that is
not known any more costs a traceback.
"""

import logging

_OF_THE_SERVER = "kopf._cogs.clients"


def words_of(error: BaseException | None) -> str | None:
    """Return what the API server answered that kopf gave up at; None for any other error."""
    if error is None or not type(error).__module__.startswith(_OF_THE_SERVER):
        return None
    status = getattr(error, "status", None)
    said = getattr(error, "message", None) or str(error) or type(error).__name__
    return f"the API server ended a watch: {said}{f' (HTTP {status})' if status else ''}"


class InOneLine(logging.Filter):
    """Takes the traceback off what kopf logs about an answer of the API server."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through."""
        error = record.exc_info[1] if record.exc_info else None
        if (words := words_of(error)) is not None:
            record.msg, record.args = words, ()
            record.exc_info = record.exc_text = None
        return True
