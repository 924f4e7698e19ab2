import subprocess
import sys
from pathlib import Path

from diptych.local.runner_code import runner_copy

PROGRAM = "from diptych_runner.contract import tables; print(len(tables.workloads()))"


def test_the_copy_brings_the_runner_and_nothing_else(tmp_path: Path) -> None:
    copy = runner_copy(tmp_path)
    assert [path.name for path in copy.iterdir()] == ["diptych_runner"]
    asked = subprocess.run(
        # -S: without site-packages, where this test's own interpreter has the runner too.
        [sys.executable, "-S", "-c", PROGRAM],
        env={"PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(asked.stdout) >= 2


def test_the_same_source_is_copied_once(tmp_path: Path) -> None:
    assert runner_copy(tmp_path) == runner_copy(tmp_path)
    assert len(list((tmp_path / "runner").iterdir())) == 1
