"""npz files in MNIST's layout: what is read from them, and what is refused."""

import io

import numpy as np
import pytest

from diptych_runner.data import images
from diptych_runner.data.errors import DataError
from diptych_runner.records import npz


def stream(without=(), **replaced):
    """Return an npz of MNIST's layout with some arrays left out or replaced."""
    arrays = {
        "x_train": np.arange(6 * 28 * 28, dtype=np.uint64).reshape(6, 28, 28).astype(np.uint8),
        "y_train": np.array([5, 0, 4, 1, 9, 2], dtype=np.uint8),
        "x_test": np.full((2, 28, 28), 255, dtype=np.uint8),
        "y_test": np.array([7, 2], dtype=np.uint8),
    }
    arrays.update(replaced)
    return io.BytesIO(npz.npz_bytes({key: arrays[key] for key in arrays if key not in without}))


def test_the_digits_are_1797_images_from_0_to_1():
    digits = images.digits()
    assert digits.train_inputs.shape == (1437, 8, 8)
    assert digits.test_inputs.shape == (360, 8, 8)
    assert digits.train_inputs.dtype == digits.test_inputs.dtype == np.float32
    assert digits.train_targets.dtype == digits.test_targets.dtype == np.int64
    assert (digits.train_inputs.min(), digits.train_inputs.max()) == (0.0, 1.0)
    # The first image is a 0: its corners are empty, its ring is not.
    assert digits.train_targets[0] == 0
    assert (digits.train_inputs[0][0] * 16).tolist() == [0, 0, 5, 13, 9, 1, 0, 0]


def test_the_digits_are_the_same_bits_on_every_numpy():
    digits = images.digits()
    inputs = {"inputs": digits.train_inputs, "targets": digits.train_targets}
    assert (
        npz.sha256_of_arrays(inputs)
        == "1bb466ab238f8ac861ff8d96304f15ca8a2da2325b4590319c148267eaf05ece"
    )


def test_byte_images_are_divided_by_255_and_labels_widened():
    data = images.read(stream(), "test")
    assert data.train_inputs.shape == (6, 28, 28)
    assert data.train_inputs.dtype == np.float32
    assert data.train_inputs.max() == 1.0
    assert data.train_inputs[0, 0, 1] == np.float32(1) / np.float32(255)
    assert data.train_targets.tolist() == [5, 0, 4, 1, 9, 2]
    assert data.test_targets.dtype == np.int64
    assert data.source == "test"


def test_fractions_are_taken_as_they_are_and_column_labels_flattened():
    data = images.read(
        stream(x_test=np.full((2, 28, 28), 0.25), y_test=np.array([[3], [4]], dtype=np.int32)),
        "test",
    )
    assert (data.test_inputs == 0.25).all()
    assert data.test_targets.tolist() == [3, 4]


@pytest.mark.parametrize(
    ("replaced", "message"),
    [
        ({"without": ["y_test"]}, "y_test missing"),
        ({"without": ["x_train", "y_test"]}, "x_train and y_test missing"),
        ({"x_train": np.zeros(6)}, r"x_train must hold numbers, one row an example"),
        ({"x_train": np.zeros((6, 28, 28), dtype=complex)}, "x_train must hold numbers"),
        ({"x_train": np.full((6, 28, 28), np.nan)}, "x_train holds a number that is not finite"),
        ({"x_test": np.zeros((2, 8, 8))}, r"shape \[28, 28\], x_test of \[8, 8\]"),
        ({"x_test": np.zeros((0, 28, 28))}, "x_test must hold numbers"),
        ({"y_train": np.zeros(5, dtype=int)}, "y_train must hold 6 whole numbers"),
        ({"y_train": np.zeros((6, 10), dtype=int)}, "y_train must hold 6 whole numbers"),
        ({"y_test": np.zeros(2)}, "y_test must hold 2 whole numbers, not float64"),
        ({"y_test": np.array([3, 10])}, "labels from 0 to 9, not from 3 to 10"),
        ({"y_test": np.array([-1, 3])}, "labels from 0 to 9, not from -1 to 3"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(replaced, message):
    with pytest.raises(DataError, match=message):
        images.read(stream(**replaced), "test")


def test_nothing_is_unpickled():
    buffer = io.BytesIO()
    objects = np.array([{}, {}], dtype=object)
    np.savez(buffer, x_train=objects, y_train=objects, x_test=objects, y_test=objects)
    buffer.seek(0)
    with pytest.raises(DataError, match="not an npz file of plain arrays"):
        images.read(buffer, "test")


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 broken off"])
def test_other_files_are_refused(content):
    with pytest.raises(DataError, match="not an npz file of plain arrays"):
        images.read(io.BytesIO(content), "test")


def test_a_single_array_is_refused():
    buffer = io.BytesIO()
    np.save(buffer, np.zeros(3))
    buffer.seek(0)
    with pytest.raises(DataError, match="not an npz file of plain arrays"):
        images.read(buffer, "test")
