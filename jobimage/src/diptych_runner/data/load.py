"""The data set of a plan's workload."""

from typing import Any, Callable, Dict, Optional

from diptych_runner.contract import tables
from diptych_runner.data import cache, images
from diptych_runner.data.errors import DataError
from diptych_runner.data.sources import shown
from diptych_runner.module.data import Examples
from diptych_runner.workloads.task import Data

#: Told the address without its secrets, how many bytes have come, and of how many.
Progress = Callable[[str, int, Optional[int]], None]

#: Labels that a workload takes, where they are not the ten digits.
_CLASSES = {"image-cnn": 1000}


def load(workload: Dict[str, Any], progress: Progress) -> Optional[Data]:
    """Return the data set of a plan's workload; None for one that makes its own data.

    Raises DataError when it cannot be used, DataUnreachable when it cannot be had now.
    """
    row, asked = tables.workloads().get(workload["builtin"]), workload["data"]
    if row is None or row.data is None:
        if asked is not None:
            raise DataError("workload {}: it takes no data set".format(workload["builtin"]))
        return None
    if asked is None:
        return images.digits()
    classes = _CLASSES.get(row.name, images.CLASSES)
    with open(_fetched(asked, progress), "rb") as stream:
        return images.read(stream, shown(asked["uri"]), classes=classes)


def examples_of(workload: Dict[str, Any], progress: Progress) -> Examples:
    """Return the data set of the user's own code, as it is in the file; fetched now, read later.

    Without one in the plan it is the digits.
    """
    asked = workload["data"] if workload["module"] is not None else None
    if asked is None:
        return Examples("UCI handwritten digits", lambda: images.plain_arrays(images.DIGITS_FILE))
    path = _fetched(asked, progress)
    return Examples(shown(asked["uri"]), lambda: images.plain_arrays(path))


def _fetched(asked: Dict[str, str], progress: Progress) -> str:
    uri = asked["uri"]
    return cache.fetch(
        uri, asked["sha256"], lambda done, length: progress(shown(uri), done, length)
    )
