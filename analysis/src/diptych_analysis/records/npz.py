"""Arrays of a record: npz files read without pickle, bounded, each array's hash recomputed."""

import struct
import tokenize
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from math import prod
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
from numpy.lib import format as npy

from diptych_analysis.errors import RefusalError
from diptych_analysis.records.reader import MAXIMUM_FILE_BYTES
from diptych_runner.contract import hashing

Array = npt.NDArray[Any]
Entries = Mapping[str, Mapping[str, Any]]

#: Booleans, integers, floats, complex numbers, text, and opaque fixed-size items (bfloat16).
_KINDS = "biufcSUV"
_SUFFIX = ".npy"
#: What NumPy and zipfile raise on bytes that are not what they seem.
_MALFORMED = (
    ValueError,
    KeyError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    MemoryError,
    SyntaxError,
    TypeError,
    OverflowError,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    tokenize.TokenError,
)


def arrays_of(path: str, file: BinaryIO, entries: Entries) -> Iterator[tuple[str, Array]]:
    """Yield (key, array) of an npz file, one in memory at a time, in the order of the keys.

    `entries` are the manifest's for this file, or some of them; other keys are ignored. Raises
    RefusalError when a key is missing, a dtype or shape is another, or an array's sha256 is not
    the manifest's.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            _check_keys(path, archive, entries)
            for key in sorted(entries):
                with archive.open(key + _SUFFIX) as stream:
                    array = _read(path, key, stream, entries[key])
                yield key, array
    except _MALFORMED as error:
        raise RefusalError(path, f"not an npz file ({type(error).__name__}: {error})") from error


def content_sha256(entries: Entries) -> str:
    """Return the sha256 over key, dtype, shape and content of every array of one npz file."""
    rows = [[key, e["dtype"], e["shape"], e["sha256"]] for key, e in sorted(entries.items())]
    return hashing.sha256_of_json(rows)


def _check_keys(path: str, archive: zipfile.ZipFile, entries: Entries) -> None:
    missing = {key + _SUFFIX for key in entries} - set(archive.namelist())
    if missing:
        key = min(missing).removesuffix(_SUFFIX)
        raise RefusalError(path, f"array {key!r} is not in the file")


def _read(path: str, key: str, stream: Any, entry: Mapping[str, Any]) -> Array:  # noqa: ANN401
    shape, fortran, dtype = _header(path, key, stream)
    if dtype.str != entry["dtype"] or list(shape) != entry["shape"]:
        raise RefusalError(
            path,
            f"array {key!r} is {dtype.str} {list(shape)} but the manifest says "
            f"{entry['dtype']} {entry['shape']}",
        )
    # The header may promise any size: read no more than that, and only what is really there.
    size = prod(shape) * dtype.itemsize
    if size > MAXIMUM_FILE_BYTES:
        raise RefusalError(path, f"array {key!r} is larger than {MAXIMUM_FILE_BYTES} bytes")
    raw = stream.read(size + 1)
    if len(raw) != size:
        raise RefusalError(path, f"array {key!r} has not the {size} bytes of its shape")
    array = np.frombuffer(raw, dtype=dtype).reshape(shape, order="F" if fortran else "C")
    content = array.tobytes(order="C") if fortran else raw
    found = hashing.sha256_of_array(dtype.str, shape, content)
    if found != entry["sha256"]:
        raise RefusalError(
            path, f"array {key!r}: sha256 is {found} but the manifest says {entry['sha256']}"
        )
    return array


def _header(path: str, key: str, stream: Any) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:  # noqa: ANN401
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of headers that old Pythons wrote
        shape, fortran, dtype = _parsed_header(path, key, stream)
    if dtype.hasobject or dtype.names is not None or dtype.kind not in _KINDS:
        raise RefusalError(path, f"array {key!r} has dtype {dtype}, which is not read")
    if any(length < 0 for length in shape):
        raise RefusalError(path, f"array {key!r} has the shape {shape}")
    return shape, fortran, dtype


def _parsed_header(path: str, key: str, stream: Any) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:  # noqa: ANN401
    version = npy.read_magic(stream)
    if version == (1, 0):
        shape, fortran, dtype = npy.read_array_header_1_0(stream)
    elif version == (2, 0):
        shape, fortran, dtype = npy.read_array_header_2_0(stream)
    else:
        raise RefusalError(path, f"array {key!r} has npy version {version}; 1.0 and 2.0 are read")
    return shape, fortran, dtype
