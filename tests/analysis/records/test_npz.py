"""Twin of records/npz.py."""

import io
import zipfile
from typing import Any

import numpy as np
import pytest
from tests.analysis import builder

from diptych_analysis.errors import RefusalError
from diptych_analysis.records import npz

ARRAYS: dict[str, Any] = {
    "weights/a": np.arange(6, dtype=np.float32).reshape(2, 3),
    "weights/scalar": np.array(3, dtype=np.int64),
    "weights/big-endian": np.array([1.5], dtype=">f8"),
    "weights/bool": np.array([True, False]),
    "weights/empty": np.zeros((0, 3), dtype=np.float32),
    "weights/text": np.array(["a", "bc"]),
    "weights/opaque": np.array([b"ab"], dtype="V2"),
}


def read(data: bytes, entries: Any) -> dict[str, Any]:  # noqa: ANN401
    return dict(npz.arrays_of("f.npz", io.BytesIO(data), entries))


def test_reads_back_what_was_written() -> None:
    found = read(builder.npz(ARRAYS), builder.entries(ARRAYS))
    assert set(found) == set(ARRAYS)
    for key, array in ARRAYS.items():
        assert found[key].dtype == array.dtype
        assert found[key].shape == array.shape
        assert found[key].tobytes() == array.tobytes()


def test_reads_numpy_savez_too_in_fortran_order() -> None:
    array = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    target = io.BytesIO()
    np.savez_compressed(target, a=array)
    found = read(target.getvalue(), builder.entries({"a": np.ascontiguousarray(array)}))
    assert np.array_equal(found["a"], array)


def test_a_key_that_the_manifest_lacks_is_ignored() -> None:
    entries = builder.entries(ARRAYS)
    del entries["weights/a"]
    assert "weights/a" not in read(builder.npz(ARRAYS), entries)


@pytest.mark.parametrize(
    ("stored", "message"),
    [
        ({}, "array 'a' is not in the file"),
        ({"a": np.zeros(3)}, r"is <f8 \[3\] but the manifest says <f8 \[2\]"),
        ({"a": np.zeros(2, dtype=np.float32)}, "is <f4"),
        ({"a": np.ones(2)}, "sha256 is [0-9a-f]{64} but the manifest says [0-9a-f]{64}"),
    ],
)
def test_other_arrays_than_listed_are_refused(stored: dict[str, Any], message: str) -> None:
    with pytest.raises(RefusalError, match=message):
        read(builder.npz(stored), builder.entries({"a": np.zeros(2)}))


def member(content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.npy", content)
    return target.getvalue()


def header(text: str, version: bytes = b"\x01\x00") -> bytes:
    return b"\x93NUMPY" + version + len(text).to_bytes(2, "little") + text.encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04 broken",
        member(b""),
        member(b"\x93NUMPY"),
        member(header("{")),
        member(header("{'descr': '|O', 'fortran_order': False, 'shape': (2,)}\n") + b"x" * 16),
        member(header("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (2,)}\n")),
        member(header("{'descr': '<f8', 'fortran_order': False, 'shape': (-2,)}\n")),
        member(header("{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}\n") + b"short"),
        member(header("{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}\n") + b"x" * 17),
        member(header("{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}\n", b"\x03\x00")),
        builder.npz({"a": np.zeros(2)})[:-30],
    ],
)
def test_malformed_files_are_refused_and_never_crash(data: bytes) -> None:
    with pytest.raises(RefusalError, match=r"f\.npz"):
        read(data, builder.entries({"a": np.zeros(2)}))


def test_a_promise_of_endless_size_allocates_nothing() -> None:
    entry = {"dtype": "<f8", "shape": [1 << 50], "sha256": "0" * 64}
    text = f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({1 << 50},)}}\n"
    with pytest.raises(RefusalError, match="larger than"):
        read(member(header(text)), {"a": entry})


def test_flipped_bytes_never_crash() -> None:
    data = builder.npz({"a": np.zeros(2)})
    entries = builder.entries({"a": np.zeros(2)})
    for place in range(len(data)):
        broken = bytearray(data)
        broken[place] ^= 0xFF
        try:
            found = read(bytes(broken), entries)
        except RefusalError:
            continue
        # Bytes that zip does not use (a date): the array itself is what it was.
        assert found["a"].tobytes() == np.zeros(2).tobytes()


def test_the_content_hash_sees_names_and_hashes_but_no_order() -> None:
    entries = builder.entries({"a": np.zeros(2), "b": np.ones(2)})
    same = dict(reversed(entries.items()))
    assert npz.content_sha256(entries) == npz.content_sha256(same)
    assert npz.content_sha256(entries) != npz.content_sha256({"a": entries["a"]})
    renamed = {"a": entries["a"], "c": entries["b"]}
    assert npz.content_sha256(entries) != npz.content_sha256(renamed)
