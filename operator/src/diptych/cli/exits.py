"""Exit codes, documented in the README: scripts rely on them."""

from enum import IntEnum


class Exit(IntEnum):
    """What a `diptych` command ends with."""

    OK = 0
    #: The verdict is one of those that --fail-on names.
    UNWANTED_VERDICT = 1
    #: The command line or the resource is wrong; nothing was started.
    BAD_INPUT = 2
    #: The comparison ended without a verdict: Invalid, or it could not be run or read.
    NO_VERDICT = 3
    #: A fault in Diptych itself; its traceback is on standard error.
    INTERNAL_ERROR = 70
    #: Stopped by Ctrl-C or SIGTERM; what is committed stays.
    INTERRUPTED = 130
