import importlib.util
import os
import signal
import sys
import tempfile
import time

import pytest

from diptych_runner import processes, scratch
from diptych_runner.data import cache


@pytest.fixture(autouse=True)
def root(tmp_path, monkeypatch):
    """Let temporary files lie in the test's own folder."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.delenv(cache.CACHE_VARIABLE, raising=False)
    return tmp_path


def leave_a_file():
    descriptor, _ = tempfile.mkstemp(prefix="left")
    os.close(descriptor)
    return len(os.listdir(tempfile.gettempdir()))


def kill_itself():
    leave_a_file()
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


@pytest.mark.parametrize("body", [leave_a_file, kill_itself])
def test_what_a_trial_leaves_is_removed_however_it_ends(body, root):
    with scratch.folder() as path:
        ending = processes.run_in_fork(lambda: scratch.within(path, body))
        assert len(os.listdir(path)) == 3
    assert (ending.exit_code, ending.signal) == ((3, 0) if body is leave_a_file else (-1, 9))
    assert os.listdir(str(root)) == ["diptych-data-{}".format(os.getuid())]


def test_a_stopped_block_removes_it_too(root):
    with pytest.raises(processes.Stopped), scratch.folder():
        raise processes.Stopped()
    assert os.listdir(str(root)) == []


def leave_a_module():
    """Leave a module where the trial works; 0 when that folder was empty and it is not found."""
    found = os.listdir(".")
    with open("left_behind.py", "w", encoding="utf-8"):
        importlib.invalidate_caches()
    return len(found) + (importlib.util.find_spec("left_behind") is not None)


def test_every_trial_works_in_an_empty_folder_of_its_own(root, monkeypatch):
    before = os.getcwd()
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    for _ in range(2):
        with scratch.folder() as path:
            assert (
                processes.run_in_fork(lambda: scratch.within(path, leave_a_module)).exit_code == 0
            )
    assert os.getcwd() == before
    assert os.listdir(str(root)) == ["diptych-data-{}".format(os.getuid())]


def written(text):
    with open("best.h5", "w", encoding="utf-8") as file:
        file.write(text)
    return 0


def test_two_trials_at_once_that_write_one_relative_file_do_not_meet():
    with scratch.folder() as one, scratch.folder() as other:

        def beside_another():
            written("one")
            processes.run_in_fork(lambda: scratch.within(other, lambda: written("other")))
            with open("best.h5", encoding="utf-8") as file:
                return 0 if file.read() == "one" else 1

        assert processes.run_in_fork(lambda: scratch.within(one, beside_another)).exit_code == 0
        assert os.path.exists(os.path.join(other, "working", "best.h5"))


def test_downloads_stay_where_the_next_trial_finds_them(root):
    def told():
        return 0 if cache.folder().startswith(str(root / "diptych-data-")) else 1

    with scratch.folder() as path:
        assert processes.run_in_fork(lambda: scratch.within(path, told)).exit_code == 0


def test_only_what_nobody_holds_any_more_is_swept(root):
    held, fresh = tempfile.mkdtemp(prefix="diptych-trial-"), tempfile.mkdtemp(prefix="other-")
    left = tempfile.mkdtemp(prefix="diptych-trial-")
    with scratch.folder() as alive:
        long_ago = time.time() - 3600
        for path in (alive, left, fresh):
            os.utime(path, (long_ago, long_ago))
        scratch.sweep()
        assert sorted(os.listdir(str(root))) == sorted(map(os.path.basename, (alive, held, fresh)))
