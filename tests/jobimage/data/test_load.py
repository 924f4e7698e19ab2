"""Data sets by address: from a real server on loopback and from files, cached and refused."""

import contextlib
import http.server
import os
import threading

import numpy as np
import pytest

from diptych_runner.contract import hashing
from diptych_runner.data import cache, sources
from diptych_runner.data.errors import DataError, DataUnreachable
from diptych_runner.data.load import load
from diptych_runner.records import npz

#: MNIST's shape, with fewer rows.
CONTENT = npz.npz_bytes(
    {
        "x_train": np.full((6, 28, 28), 51, dtype=np.uint8),
        "y_train": np.array([5, 0, 4, 1, 9, 2], dtype=np.uint8),
        "x_test": np.zeros((2, 28, 28), dtype=np.uint8),
        "y_test": np.array([7, 2], dtype=np.uint8),
    }
)
SHA256 = hashing.sha256_of_bytes(CONTENT)


@pytest.fixture(autouse=True)
def cache_folder(tmp_path, monkeypatch):
    folder = tmp_path / "cache"
    monkeypatch.setenv(cache.CACHE_VARIABLE, str(folder))
    monkeypatch.setattr(cache, "RETRY_SECONDS", (0.0, 0.0))
    return folder


@contextlib.contextmanager
def serving(answers):
    """Serve each request by the next of `answers`, the last one for good; yield the address."""
    asked = list(answers[:0])

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            place = min(len(asked), len(answers) - 1)
            asked.append(self.path)
            answers[place](self)

        def log_message(self, *arguments):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield "http://127.0.0.1:{}/mnist.npz".format(server.server_address[1]), asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def whole(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(CONTENT)))
    handler.end_headers()
    handler.wfile.write(CONTENT)


def broken_off(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(CONTENT)))
    handler.end_headers()
    handler.wfile.write(CONTENT[: len(CONTENT) // 2])


def status(code):
    def answer(handler):
        handler.send_response(code)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def workload(uri, sha256=SHA256, builtin="mnist-mlp"):
    return {"builtin": builtin, "data": {"uri": uri, "sha256": sha256}}


def data_of(asked, progress=None):
    """Return the data set of a workload that has one."""
    data = load(asked, progress or ignore)
    assert data is not None
    return data


def ignore(_source, _done, _length):
    pass


def test_a_data_set_is_downloaded_once_and_told_how_far_it_is(cache_folder):
    told = []
    with serving([whole]) as (uri, asked):
        first = data_of(workload(uri), lambda *progress: told.append(progress))
        again = data_of(workload(uri))
    assert asked == ["/mnist.npz"]
    assert told[-1] == (uri, len(CONTENT), len(CONTENT))
    assert first.train_inputs.shape == (6, 28, 28)
    assert (first.train_inputs == np.float32(0.2)).all()
    assert (again.train_targets == first.train_targets).all()
    assert os.listdir(str(cache_folder)) == [SHA256]


def test_a_file_is_read_by_its_address(tmp_path):
    (tmp_path / "a file.npz").write_bytes(CONTENT)
    data = data_of(workload("file://{}/a%20file.npz".format(tmp_path)))
    assert data.test_targets.tolist() == [7, 2]


def test_other_bytes_are_refused_with_both_hashes(tmp_path, cache_folder):
    (tmp_path / "mnist.npz").write_bytes(CONTENT)
    expected = "0" * 64
    with pytest.raises(DataError, match="expected {}, got {}".format(expected, SHA256)):
        load(workload("file://{}/mnist.npz".format(tmp_path), expected), ignore)
    assert os.listdir(str(cache_folder)) == []


def test_a_cached_file_that_was_changed_is_fetched_again(cache_folder):
    with serving([whole]) as (uri, asked):
        load(workload(uri), ignore)
        (cache_folder / SHA256).write_bytes(b"changed")
        load(workload(uri), ignore)
    assert len(asked) == 2


@pytest.mark.parametrize("stumble", [broken_off, status(503), status(429)])
def test_a_server_that_stumbles_is_asked_again(stumble):
    with serving([stumble, whole]) as (uri, asked):
        data_of(workload(uri))
    assert len(asked) == 2


def test_a_server_that_keeps_breaking_off_may_be_tried_later(cache_folder):
    with serving([broken_off]) as (uri, asked):
        with pytest.raises(DataUnreachable, match="broke off after"):
            load(workload(uri), ignore)
    assert len(asked) == 3
    assert os.listdir(str(cache_folder)) == []


def test_a_server_that_is_not_there_may_be_tried_later():
    with serving([whole]) as (uri, _):
        pass
    with pytest.raises(DataUnreachable, match="cannot be reached"):
        load(workload(uri), ignore)


def test_a_missing_file_is_not_asked_for_again():
    with serving([status(404)]) as (uri, asked):
        with pytest.raises(DataError, match="the server answered 404"):
            load(workload(uri), ignore)
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("uri", "message"),
    [
        ("ftp://host/a.npz", "read from file, http"),
        ("file://host/a.npz", "three slashes"),
        ("file:///no/such/file.npz", "cannot be read: No such file"),
    ],
)
def test_addresses_of_no_use_are_refused(uri, message):
    with pytest.raises(DataError, match=message):
        load(workload(uri), ignore)


def test_secrets_in_an_address_are_not_shown():
    shown = sources.shown("https://me:key@host:8443/a.npz?token=secret#part")
    assert shown == "https://host:8443/a.npz"


def test_workloads_that_make_their_own_data_take_none():
    assert load({"builtin": "adam-quadratic", "data": None}, ignore) is None
    with pytest.raises(DataError, match="takes no data set"):
        load(workload("file:///a.npz", builtin="adam-quadratic"), ignore)


def test_without_an_address_the_digits_are_taken():
    digits = data_of({"builtin": "mnist-mlp", "data": None})
    assert digits.train_inputs.shape == (1437, 8, 8)
