import io

import numpy as np

from diptych_runner.contract import hashing
from diptych_runner.records import npz


def test_equal_arrays_make_equal_files_that_numpy_reads_without_pickle():
    arrays = {
        "weights/kernel": np.arange(6, dtype=np.float32).reshape(2, 3),
        "a": np.array(2, "<f4"),
    }
    content = npz.npz_bytes(arrays)
    assert content == npz.npz_bytes(dict(reversed(list(arrays.items()))))
    with np.load(io.BytesIO(content), allow_pickle=False) as read:
        assert sorted(read.files) == ["a", "weights/kernel"]
        assert read["a"].shape == ()
        np.testing.assert_array_equal(read["weights/kernel"], arrays["weights/kernel"])


def test_entries_hash_what_a_reader_gets_back():
    # A transposed view has another memory order than the file has.
    array = np.arange(6, dtype=np.float32).reshape(2, 3).T
    content = npz.npz_bytes({"x": array})
    with np.load(io.BytesIO(content), allow_pickle=False) as read:
        back = read["x"]
    entry = npz.array_entries({"x": array})["x"]
    assert entry == {
        "sha256": hashing.sha256_of_array(back.dtype.str, back.shape, back.tobytes()),
        "dtype": "<f4",
        "shape": [3, 2],
    }


def test_hash_over_arrays_knows_their_names():
    one, two = np.zeros(3, np.float32), np.ones(3, np.float32)
    assert npz.sha256_of_arrays({"a": one, "b": two}) != npz.sha256_of_arrays({"a": two, "b": one})
