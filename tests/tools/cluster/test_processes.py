"""Twin of processes.py."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone has such parents")
def test_what_outlives_its_parent_is_ended_and_reaped(tmp_path: Path) -> None:
    script = f"""
        import os, time
        from pathlib import Path
        from tools.cluster.processes import Processes, adopt_orphans

        adopt_orphans()
        folder = Path({str(tmp_path)!r})
        processes = Processes(folder / "logs", folder / "data")
        processes.start("shell", ["sh", "-c", "sleep 600 & echo $! >pid"])
        while processes.is_running("shell"):
            time.sleep(0.02)
        pid = int(Path("pid").read_text())
        assert f"PPid:\\t{{os.getpid()}}\\n" in Path(f"/proc/{{pid}}/status").read_text()
        processes.stop("shell")
        assert not Path(f"/proc/{{pid}}").exists()
        processes.stop_all()
    """
    subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        timeout=20,
        check=True,
    )
