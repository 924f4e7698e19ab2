"""`python -m diptych_analysis`: see diptych_analysis.job."""

import signal
import sys
from types import FrameType
from typing import NoReturn

from diptych_runner.contract import names


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(names.EXIT_STOPPED)


if __name__ == "__main__":
    # Before SciPy is imported: as the first process of a container this one would not hear a
    # SIGTERM without a handler, and its pod would take half a minute to go.
    signal.signal(signal.SIGTERM, _leave)
    from diptych_analysis.job import main

    sys.exit(main())
