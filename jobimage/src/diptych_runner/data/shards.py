"""A data set in several npz files, named by a JSON index in the order in which they are joined."""

import json
import posixpath
import re
import urllib.parse
from typing import Any, Dict, List, NamedTuple, Tuple

import numpy as np

from diptych_runner.data.errors import DataError
from diptych_runner.data.sources import shown

#: One file of the index: its address and the hash of its bytes.
Shard = NamedTuple("Shard", [("uri", str), ("sha256", str)])

_FILE = re.compile(r"\A[A-Za-z0-9_=+-][A-Za-z0-9_.=+/-]{0,254}\Z")
_SHA256 = re.compile(r"\A[0-9a-f]{64}\Z")
#: Each costs a request; larger files are no harder to read.
MOST = 10000


def is_index(uri: str) -> bool:
    """Return whether an address is of an index, and not of a single npz file.

    >>> is_index("s3://data/digits/index.json"), is_index("s3://data/digits.npz")
    (True, False)
    """
    return urllib.parse.urlsplit(uri).path.endswith(".json")


def listed(content: bytes, uri: str) -> List[Shard]:
    """Return the files that an index names, which lie beside it or below; raise DataError."""
    where = shown(uri)
    try:
        index = json.loads(content.decode("utf-8"))
    except ValueError as error:
        raise DataError("{}: not a JSON index of shards: {}".format(where, error))
    entries = index.get("shards") if isinstance(index, dict) else None
    if not isinstance(entries, list) or not 1 <= len(entries) <= MOST:
        raise DataError(
            '{}: an index is {{"shards": [{{"file": ..., "sha256": ...}}, ...]}} with 1 to {} '
            "entries".format(where, MOST)
        )
    return [_shard(uri, place, entry) for place, entry in enumerate(entries)]


def joined(parts: List[Tuple[str, Dict[str, np.ndarray]]]) -> Dict[str, np.ndarray]:
    """Return the arrays of all files by key, each key's rows joined in the files' order.

    A file may lack a key. Raises DataError where rows are of another type or shape than before.
    """
    found = {}  # type: Dict[str, List[np.ndarray]]
    for source, arrays in parts:
        for key, array in arrays.items():
            rows = found.setdefault(key, [])
            if rows and _row(rows[0]) != _row(array):
                raise DataError(
                    "{}: {} holds rows of {}, in the files before it of {}".format(
                        source, key, _row(array), _row(rows[0])
                    )
                )
            rows.append(array)
    return {key: _together(rows) for key, rows in found.items()}


def _shard(uri: str, place: int, entry: Any) -> Shard:
    values = [entry.get(name) if isinstance(entry, dict) else None for name in ("file", "sha256")]
    file, sha256 = (value if isinstance(value, str) else "" for value in values)
    named = "{}: shards[{}]".format(shown(uri), place)
    if not _FILE.match(file) or ".." in file.split("/"):
        raise DataError(
            "{}.file: {!r} is no name of a file beside the index, like train-0.npz".format(
                named, values[0]
            )
        )
    if not _SHA256.match(sha256):
        raise DataError("{}.sha256: {!r} is not 64 hexadecimal digits".format(named, values[1]))
    parts = urllib.parse.urlsplit(uri)
    path = posixpath.join(posixpath.dirname(parts.path), file)
    return Shard(urllib.parse.urlunsplit(parts._replace(path=path)), sha256)


def _row(array: np.ndarray) -> str:
    """Return type and shape of a row in words; of a single number its type."""
    return "{} {}".format(array.dtype, list(array.shape[1:]) if array.ndim else "alone")


def _together(rows: List[np.ndarray]) -> np.ndarray:
    if len(rows) == 1:
        return rows[0]
    if rows[0].ndim == 0:
        raise DataError("a number without rows is in several files; leave it in one")
    return np.concatenate(rows)
