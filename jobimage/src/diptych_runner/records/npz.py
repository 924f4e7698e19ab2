"""npz files without pickles and without the clock: equal arrays make equal files."""

import io
import zipfile
from typing import Dict

import numpy as np

from diptych_runner.contract import hashing

#: The earliest time a zip entry can carry; numpy.savez would write the present one.
_EPOCH = (1980, 1, 1, 0, 0, 0)


def npz_bytes(arrays: Dict[str, np.ndarray]) -> bytes:
    """Return the npz file of `arrays`, keys sorted, uncompressed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for key in sorted(arrays):
            entry = zipfile.ZipInfo(key + ".npy", date_time=_EPOCH)
            content = io.BytesIO()
            np.lib.format.write_array(content, in_c_order(arrays[key]), allow_pickle=False)
            archive.writestr(entry, content.getvalue())
    return buffer.getvalue()


def array_entries(arrays: Dict[str, np.ndarray]) -> Dict[str, Dict[str, object]]:
    """Return the manifest's entry for each array: sha256 of its content, dtype and shape."""
    return {key: _entry(in_c_order(array)) for key, array in arrays.items()}


def sha256_of_arrays(arrays: Dict[str, np.ndarray]) -> str:
    """Return one sha256 over named arrays, independent of how a file would hold them."""
    return hashing.sha256_of_json(
        {key: entry["sha256"] for key, entry in array_entries(arrays).items()}
    )


def in_c_order(array: np.ndarray) -> np.ndarray:
    """Return the array in C order, keeping a scalar a scalar (ascontiguousarray would not)."""
    return np.array(array, order="C", copy=True)


def _entry(array: np.ndarray) -> Dict[str, object]:
    dtype = array.dtype.str
    return {
        "sha256": hashing.sha256_of_array(dtype, array.shape, array.tobytes()),
        "dtype": dtype,
        "shape": list(array.shape),
    }
