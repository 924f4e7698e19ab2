"""The data set of a plan's workload."""

from typing import Any, Callable, Dict, Optional

from diptych_runner.contract import tables
from diptych_runner.data import cache, images
from diptych_runner.data.errors import DataError
from diptych_runner.data.sources import shown
from diptych_runner.workloads.task import Data

#: Told the address without its secrets, how many bytes have come, and of how many.
Progress = Callable[[str, int, Optional[int]], None]


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
    uri = asked["uri"]
    path = cache.fetch(
        uri, asked["sha256"], lambda done, length: progress(shown(uri), done, length)
    )
    with open(path, "rb") as stream:
        return images.read(stream, shown(uri))
