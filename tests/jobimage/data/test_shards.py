"""Data sets in several files: what an index may say, and how rows are joined."""

import json
import pathlib
import re
import subprocess
import sys

import numpy as np
import pytest

from diptych_runner.contract import hashing
from diptych_runner.data import cache, shards
from diptych_runner.data.errors import DataError
from diptych_runner.data.load import examples_of, load
from diptych_runner.records import npz

DOCUMENT = pathlib.Path(__file__).resolve().parents[3] / "docs" / "data.md"
SHA256 = "a" * 64
ROWS = np.arange(12 * 8 * 8, dtype=np.uint8).reshape(12, 8, 8)
LABELS = np.arange(12, dtype=np.int64) % 10
#: Training rows in two files of unequal length, the test set in a third.
PARTS = {
    "train-0.npz": {"x_train": ROWS[:5], "y_train": LABELS[:5]},
    "train-1.npz": {"x_train": ROWS[5:10], "y_train": LABELS[5:10]},
    "more/test.npz": {"x_test": ROWS[10:], "y_test": LABELS[10:]},
}


@pytest.fixture(autouse=True)
def cache_folder(tmp_path, monkeypatch):
    monkeypatch.setenv(cache.CACHE_VARIABLE, str(tmp_path / "cache"))


def index_of(files):
    """Return an index's bytes."""
    entries = [
        {"file": name, "sha256": hashing.sha256_of_bytes(content)} for name, content in files
    ]
    return json.dumps({"shards": entries}).encode("utf-8")


def written(folder, parts):
    """Write files and their index; return the plan's data."""
    files = [(name, npz.npz_bytes(parts[name])) for name in sorted(parts, reverse=True)]
    for name, content in files:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    index = index_of(files)
    (folder / "index.json").write_bytes(index)
    uri = "file://{}/index.json".format(folder)
    return {"uri": uri, "sha256": hashing.sha256_of_bytes(index)}


def data_of(asked, builtin="image-cnn"):
    """Return the data set of a workload that has one."""
    data = load({"builtin": builtin, "data": asked}, ignore)
    assert data is not None
    return data


def ignore(_source, _done, _length):
    pass


@pytest.mark.parametrize("builtin", ["image-cnn", "mnist-mlp"])
def test_rows_are_joined_in_the_order_of_the_index(tmp_path, builtin):
    asked = written(tmp_path, PARTS)
    data = data_of(asked, builtin)
    # train-1 comes before train-0 in this index.
    assert data.train_targets.tolist() == LABELS[[5, 6, 7, 8, 9, 0, 1, 2, 3, 4]].tolist()
    assert data.test_targets.tolist() == LABELS[10:].tolist()
    assert (data.train_inputs[0] == ROWS[5] / np.float32(255)).all()
    assert data.source == asked["uri"]


def test_code_of_the_users_own_gets_the_same_arrays(tmp_path):
    workload = {"builtin": None, "module": {}, "data": written(tmp_path, PARTS)}
    (x_train, y_train), (x_test, _) = examples_of(workload, ignore).pairs()
    assert (x_train == np.concatenate([ROWS[5:10], ROWS[:5]])).all()
    assert [y_train.dtype.name, x_test.dtype.name] == ["int64", "uint8"]


def test_the_document_s_program_writes_an_index(tmp_path):
    text = DOCUMENT.read_text(encoding="utf-8")
    program = re.search("<!-- example: index -->\n```python\n(.*?)```", text, re.DOTALL)
    assert program is not None
    parts = {name.replace("more/", ""): part for name, part in PARTS.items()}
    written(tmp_path, parts)
    (tmp_path / "index.json").unlink()
    command = [sys.executable, "-c", program.group(1), str(tmp_path)]
    told = subprocess.check_output(command).decode("utf-8").strip()
    asked = {"uri": "file://{}/index.json".format(tmp_path), "sha256": told}
    data = data_of(asked)
    assert data.train_targets.tolist() == LABELS[:10].tolist()


def test_every_file_is_held_to_its_hash(tmp_path):
    asked = written(tmp_path, PARTS)
    (tmp_path / "train-1.npz").write_bytes(b"other bytes")
    with pytest.raises(DataError, match=r"train-1\.npz: sha256 expected"):
        data_of(asked)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"x_train": ROWS[5:10].astype(np.float32)}, "in the files before it of float32 [8, 8]"),
        ({"x_train": ROWS[5:10, :4]}, "in the files before it of uint8 [4, 8]"),
        ({"y_train": LABELS[5:9]}, "y_train must hold 10 whole numbers"),
    ],
)
def test_rows_that_do_not_fit_are_refused_by_name(tmp_path, changed, message):
    part = dict(PARTS["train-1.npz"], **changed)
    asked = written(tmp_path, dict(PARTS, **{"train-1.npz": part}))
    with pytest.raises(DataError, match=re.escape(message)):
        data_of(asked)


def test_a_key_that_no_file_has_is_missing(tmp_path):
    asked = written(tmp_path, {name: PARTS[name] for name in ("train-0.npz", "train-1.npz")})
    with pytest.raises(DataError, match="x_test and y_test missing"):
        data_of(asked)


def test_files_lie_beside_the_index_or_below():
    index = json.dumps({"shards": [{"file": "parts/0.npz", "sha256": SHA256}]}).encode("utf-8")
    [shard] = shards.listed(index, "s3://bucket/a/index.json")
    assert shard == shards.Shard("s3://bucket/a/parts/0.npz", SHA256)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff", "s3://b/index.json: not a JSON index"),
        (b"{", "not a JSON index"),
        (b"[]", "an index is"),
        (b'{"shards": []}', "with 1 to 10000 entries"),
        (b'{"shards": [1]}', "shards[0].file: None is no name"),
        (b'{"shards": [{"file": "../a.npz"}]}', "'../a.npz' is no name of a file beside"),
        (b'{"shards": [{"file": "/etc/a.npz"}]}', "'/etc/a.npz' is no name"),
        (b'{"shards": [{"file": "http://h/a.npz"}]}', "is no name of a file beside"),
        (b'{"shards": [{"file": "a.npz", "sha256": "ff"}]}', "shards[0].sha256: 'ff' is not 64"),
    ],
)
def test_what_an_index_gets_wrong_is_told_by_field(content, message):
    with pytest.raises(DataError, match=re.escape(message)):
        shards.listed(content, "s3://b/index.json")


def test_a_number_without_rows_is_in_one_file_alone():
    parts = [("a.npz", {"scale": np.array(2)}), ("b.npz", {"rows": np.zeros(2)})]
    assert shards.joined(parts)["scale"] == 2
    with pytest.raises(DataError, match="leave it in one"):
        shards.joined([parts[0], ("b.npz", {"scale": np.array(2)})])
