"""Both kinds of hash of a record: of files for transport, of arrays for comparison.

An npz file of the same arrays may differ in its bytes; an array's hash covers its dtype, its
shape and its bytes and nothing else. NumPy is not imported here: callers pass plain values.
"""

import hashlib
import json
from typing import Sequence

BLOCK_BYTES = 1 << 20


def canonical_json(value: object) -> bytes:
    """Return the one UTF-8 spelling of `value` that hashes are taken over: sorted, compact."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8")


def sha256_of_json(value: object) -> str:
    """Return the hexadecimal SHA-256 of the canonical JSON of `value`."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def sha256_of_bytes(data: bytes) -> str:
    """Return the hexadecimal SHA-256 of `data`."""
    return hashlib.sha256(data).hexdigest()


def sha256_of_file(path: str) -> str:
    """Return the hexadecimal SHA-256 of a file's bytes, read in blocks."""
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        block = stream.read(BLOCK_BYTES)
        while block:
            digest.update(block)
            block = stream.read(BLOCK_BYTES)
    return digest.hexdigest()


def sha256_of_array(dtype: str, shape: Sequence[int], data: bytes) -> str:
    """Return the hexadecimal SHA-256 of an array: dtype, NUL, shape as JSON, NUL, bytes.

    `dtype` is NumPy's `dtype.str` with its byte order ("<f4"), `shape` the lengths of the axes,
    `data` the elements in C order.
    """
    digest = hashlib.sha256()
    digest.update(dtype.encode("ascii"))
    digest.update(b"\0")
    digest.update(canonical_json(list(shape)))
    digest.update(b"\0")
    digest.update(data)
    return digest.hexdigest()
