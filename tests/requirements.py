"""What becomes of a test that this machine cannot run: listed by name, or in CI a failure."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import pytest
from tools.cluster.errors import NotHere

REQUIRE_ALL = "DIPTYCH_REQUIRE_ALL"


def leave_out(reason: str) -> NoReturn:
    """End a test as not run; with DIPTYCH_REQUIRE_ALL set, as failed."""
    if os.environ.get(REQUIRE_ALL):
        pytest.fail(f"{reason} ({REQUIRE_ALL} is set)", pytrace=False)
    pytest.skip(reason)


@contextmanager
def left_out_where_missing() -> Iterator[None]:
    """Leave a test out whose servers cannot be made on this machine."""
    try:
        yield
    except NotHere as missing:
        leave_out(str(missing))
