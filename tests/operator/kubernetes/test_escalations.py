"""An answer that kopf gave up at is told in a line; a mistake of ours keeps its traceback."""

import logging
import sys

import pytest
from kopf._cogs.clients.errors import APIForbiddenError, APIServerError
from kopf._cogs.clients.watching import WatchingError

from diptych.kubernetes.escalations import InOneLine, words_of


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (APIServerError("etcd is away", status=500, headers={}), "etcd is away (HTTP 500)"),
        (APIForbiddenError(None, status=403, headers={}), "APIForbiddenError (HTTP 403)"),
        (WatchingError("Error in the watch-stream: x"), "Error in the watch-stream: x"),
    ],
)
def test_the_server_s_answer_is_told(error: Exception, words: str) -> None:
    assert words_of(error) == f"the API server ended a watch: {words}"


def record(error: Exception) -> logging.LogRecord:
    try:
        raise error
    except type(error):
        info = sys.exc_info()
    return logging.LogRecord("kopf", logging.ERROR, "f", 1, "Watcher has failed: %s", ("x",), info)


def test_in_a_log_it_has_no_traceback_and_others_have() -> None:
    told = record(APIServerError("etcd is away", status=500, headers={}))
    assert InOneLine().filter(told)
    assert logging.Formatter().format(told) == (
        "the API server ended a watch: etcd is away (HTTP 500)"
    )
    ours = record(KeyError("a mistake"))
    assert InOneLine().filter(ours)
    assert "Traceback" in logging.Formatter().format(ours)
    assert words_of(None) is None
