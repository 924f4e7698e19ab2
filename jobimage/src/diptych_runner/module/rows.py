"""Examples by their content, whatever order they are held in.

An order of batches can be planted before training too, by a shuffled data set. So a shared order
is one of examples sorted by their content, and the sha256 of a training set does not depend on
the order it came in.
"""

import hashlib
from typing import Any, Dict, List, Sequence

import numpy as np

from diptych_runner.contract import hashing


def digests(arrays: Sequence[np.ndarray]) -> List[bytes]:
    """Return the SHA-256 of each row over all arrays, which have one length."""
    whole = [np.ascontiguousarray(array) for array in arrays]
    found = []
    for row in range(len(whole[0])):
        digest = hashlib.sha256()
        for array in whole:
            digest.update(array[row].tobytes())
        found.append(digest.digest())
    return found


def order_of(found: Sequence[bytes]) -> np.ndarray:
    """Return the places of rows sorted by content; equal ones keep their order."""
    return np.array(sorted(range(len(found)), key=found.__getitem__), dtype=np.int64)


def sha256_of(arrays: Sequence[np.ndarray], found: Sequence[bytes]) -> str:
    """Return one SHA-256 over dtypes, shapes of a row and the sorted digests of the rows."""
    head = [[array.dtype.str, list(array.shape[1:])] for array in arrays]
    digest = hashlib.sha256(hashing.canonical_json(head))
    for row in sorted(found):
        digest.update(row)
    return digest.hexdigest()


def part_of(array: np.ndarray) -> Dict[str, Any]:
    """Return dtype, shape and SHA-256 of one array, whatever order its rows came in."""
    return {
        "dtype": array.dtype.str,
        "shape": list(array.shape),
        "sha256": sha256_of([array], digests([array])),
    }
