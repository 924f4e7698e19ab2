"""Makes the runner's digits.npz from scikit-learn's copy of the UCI handwritten digits.

Run it with `uv run --no-project --with scikit-learn python tools/make_digits.py`: scikit-learn is
needed for nothing else. Running it again gives the same arrays; with the same zlib, the same file.
"""

import io
import sys
import zipfile
from pathlib import Path

import numpy as np
from numpy import typing as npt
from sklearn.datasets import load_digits  # type: ignore[import-not-found]

TARGET = Path(__file__).parents[1] / "jobimage/src/diptych_runner/data/digits.npz"
#: The last fifth is held out, in the file's own order.
TRAIN_EXAMPLES = 1437


def main() -> int:
    """Write the file; return 0."""
    digits = load_digits()
    images = digits.images.astype(np.uint8)
    labels = digits.target.astype(np.uint8)
    if not np.array_equal(images, digits.images):
        raise ValueError("the pixels are not the whole numbers that they were")
    TARGET.write_bytes(
        npz(
            {
                "x_train": images[:TRAIN_EXAMPLES],
                "y_train": labels[:TRAIN_EXAMPLES],
                "x_test": images[TRAIN_EXAMPLES:],
                "y_test": labels[TRAIN_EXAMPLES:],
            }
        )
    )
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes")
    return 0


def npz(arrays: dict[str, npt.NDArray[np.uint8]]) -> bytes:
    """Return a compressed npz file in the oldest format, without the time of its making."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for key, array in arrays.items():
            content = io.BytesIO()
            np.lib.format.write_array(content, array, version=(1, 0), allow_pickle=False)
            entry = zipfile.ZipInfo(f"{key}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content.getvalue(), compresslevel=9)
    return buffer.getvalue()


if __name__ == "__main__":
    sys.exit(main())
