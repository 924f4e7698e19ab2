"""Images with labels in MNIST's own npz layout: x_train, y_train, x_test, y_test."""

import os
import zipfile
from typing import Any, BinaryIO, Dict, Optional, Sequence

import numpy as np

from diptych_runner.data.errors import DataError
from diptych_runner.workloads.task import Data

KEYS = ("x_train", "y_train", "x_test", "y_test")
CLASSES = 10
#: Largest pixel of a byte image and of the built-in digits.
BYTE_SCALE = 255
DIGITS_SCALE = 16

DIGITS_FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "digits.npz")


def digits() -> Data:
    """Return the built-in digits: float32 images (n, 8, 8) from 0 to 1, int64 labels (n,)."""
    with open(DIGITS_FILE, "rb") as stream:
        return read(stream, "UCI handwritten digits", DIGITS_SCALE)


def read(stream: BinaryIO, source: str, scale: int = BYTE_SCALE) -> Data:
    """Return the images and labels of an npz file; nothing in it is unpickled."""
    return data_of(plain_arrays(stream, source, KEYS), source, scale)


def data_of(
    arrays: Dict[str, np.ndarray], source: str, scale: int = BYTE_SCALE, classes: int = CLASSES
) -> Data:
    """Return images and labels of arrays in MNIST's layout.

    Whole-number pixels are divided by `scale`, floating-point ones taken as they are. Raises
    DataError that names the array when one is missing or does not fit.
    """
    missing = [key for key in KEYS if key not in arrays]
    if missing:
        raise DataError(
            "{}: {} missing; an npz with {} is needed".format(
                source, " and ".join(missing), ", ".join(KEYS)
            )
        )
    images = {key: _images(source, key, arrays[key], scale) for key in ("x_train", "x_test")}
    if images["x_train"].shape[1:] != images["x_test"].shape[1:]:
        raise DataError(
            "{}: x_train holds examples of shape {}, x_test of {}".format(
                source, list(images["x_train"].shape[1:]), list(images["x_test"].shape[1:])
            )
        )
    labels = {
        "y" + key[1:]: _labels(source, "y" + key[1:], arrays, len(images[key]), classes)
        for key in images
    }
    return Data(source, images["x_train"], labels["y_train"], images["x_test"], labels["y_test"])


def plain_arrays(
    stream: BinaryIO, source: str, keys: Optional[Sequence[str]] = None
) -> Dict[str, np.ndarray]:
    """Return the arrays of an npz file as they are, or those of `keys` that it has.

    Raises DataError when it is not one.
    """
    try:
        with np.load(stream, allow_pickle=False) as archive:
            return {key: archive[key] for key in archive.files if keys is None or key in keys}
    except (AttributeError, EOFError, OSError, TypeError, ValueError, zipfile.BadZipfile) as error:
        # A lone .npy is no archive (AttributeError, TypeError); objects need pickle (ValueError).
        raise DataError("{}: not an npz file of plain arrays: {}".format(source, error))


def _images(source: str, key: str, array: Any, scale: int) -> np.ndarray:
    if array.dtype.kind not in "uif" or array.ndim < 2 or array.size == 0:
        raise DataError(
            "{}: {} must hold numbers, one row an example, not {} of shape {}".format(
                source, key, array.dtype, list(array.shape)
            )
        )
    # Dividing by 1 keeps the bits of pixels that are fractions already.
    divisor = np.float32(1 if array.dtype.kind == "f" else scale)
    images = array.astype(np.float32) / divisor
    if not np.all(np.isfinite(images)):
        raise DataError("{}: {} holds a number that is not finite".format(source, key))
    return np.asarray(images)


def _labels(
    source: str, key: str, arrays: Dict[str, np.ndarray], rows: int, classes: int
) -> np.ndarray:
    array = arrays[key]
    if array.dtype.kind not in "ui" or array.shape not in ((rows,), (rows, 1)):
        raise DataError(
            "{}: {} must hold {} whole numbers, not {} of shape {}".format(
                source, key, rows, array.dtype, list(array.shape)
            )
        )
    labels = array.reshape(rows).astype(np.int64)
    if labels.min() < 0 or labels.max() >= classes:
        raise DataError(
            "{}: {} must hold labels from 0 to {}, not from {} to {}".format(
                source, key, classes - 1, labels.min(), labels.max()
            )
        )
    return np.asarray(labels)
