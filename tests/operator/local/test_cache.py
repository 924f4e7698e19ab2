import os
import subprocess
import sys
from pathlib import Path

import pytest

from diptych.local import cache

HOLDER = """
import sys
from pathlib import Path
from diptych.local import cache
with cache.locked(Path(sys.argv[1]), lambda: None):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_the_cache_is_where_the_user_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIPTYCH_CACHE_DIR", "/somewhere")
    assert cache.cache_root() == Path("/somewhere")
    monkeypatch.delenv("DIPTYCH_CACHE_DIR")
    assert cache.cache_root().name == "diptych"


def test_a_lock_is_waited_for_and_freed_by_its_holders_death(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "lock"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert holder.stdin is not None
    assert holder.stdout.readline() == b"held\n"
    waited: list[bool] = []

    def kill_holder() -> None:
        waited.append(True)
        os.kill(holder.pid, 9)

    with cache.locked(path, kill_holder):
        assert waited == [True]
    holder.wait()
    holder.stdin.close()
    holder.stdout.close()
    with cache.locked(path, lambda: waited.append(True)):
        assert waited == [True]
