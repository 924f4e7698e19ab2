"""The data set of a plan's workload."""

from typing import Any, Callable, Dict, List, NamedTuple, Optional, Sequence

import numpy as np

from diptych_runner.contract import tables
from diptych_runner.data import cache, images, shards
from diptych_runner.data.errors import DataError
from diptych_runner.data.sources import shown
from diptych_runner.module.data import Examples
from diptych_runner.workloads.task import Data

#: Told the address without its secrets, how many bytes have come, and of how many.
Progress = Callable[[str, int, Optional[int]], None]

#: A file of the cache, and the address that it came from, to be shown.
File = NamedTuple("File", [("source", str), ("path", str)])

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
    arrays = _joined(_fetched(asked, progress), images.KEYS)
    classes = _CLASSES.get(row.name, images.CLASSES)
    return images.data_of(arrays, shown(asked["uri"]), classes=classes)


def examples_of(workload: Dict[str, Any], progress: Progress) -> Examples:
    """Return the data set of the user's own code, as it is in the file; fetched now, read later.

    Without one in the plan it is the digits.
    """
    asked = workload["data"] if workload["module"] is not None else None
    if asked is None:
        source = "UCI handwritten digits"
        return Examples(source, lambda: _joined([File(source, images.DIGITS_FILE)]))
    files = _fetched(asked, progress)
    return Examples(shown(asked["uri"]), lambda: _joined(files))


def _fetched(asked: Dict[str, str], progress: Progress) -> List[File]:
    """Return the npz files of a data set: the one, or those that its index names."""
    uri = asked["uri"]
    file = _file(uri, asked["sha256"], progress)
    if not shards.is_index(uri):
        return [file]
    with open(file.path, "rb") as stream:
        index = shards.listed(stream.read(), uri)
    return [_file(shard.uri, shard.sha256, progress) for shard in index]


def _file(uri: str, sha256: str, progress: Progress) -> File:
    path = cache.fetch(uri, sha256, lambda done, length: progress(shown(uri), done, length))
    return File(shown(uri), path)


def _joined(files: List[File], keys: Optional[Sequence[str]] = None) -> Dict[str, np.ndarray]:
    parts = []
    for file in files:
        with open(file.path, "rb") as stream:
            parts.append((file.source, images.plain_arrays(stream, file.source, keys)))
    return shards.joined(parts)
