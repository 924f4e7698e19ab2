import hashlib

import numpy as np

from diptych_runner.contract import hashing


def test_canonical_json_is_sorted_compact_and_utf8():
    assert hashing.canonical_json({"b": [1, None], "a": "ü"}) == '{"a":"ü","b":[1,null]}'.encode()


def test_array_hash_covers_dtype_shape_and_bytes():
    array = np.arange(6, dtype="<f4").reshape(2, 3)
    expected = hashlib.sha256(b"<f4\0[2,3]\0" + array.tobytes()).hexdigest()
    assert hashing.sha256_of_array("<f4", (2, 3), array.tobytes()) == expected
    assert hashing.sha256_of_array("<f4", (3, 2), array.tobytes()) != expected
    assert hashing.sha256_of_array("<i4", (2, 3), array.tobytes()) != expected


def test_file_hash_reads_beyond_one_block(tmp_path):
    content = b"x" * (hashing.BLOCK_BYTES + 1)
    path = tmp_path / "file"
    path.write_bytes(content)
    assert hashing.sha256_of_file(str(path)) == hashlib.sha256(content).hexdigest()
