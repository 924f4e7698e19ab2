"""`up` holds a cluster until `down`; another checkout's is another."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tools.cluster.control_plane import ControlPlane

ROOT = Path(__file__).resolve().parents[3]


def cluster(checkout: Path, *arguments: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", "tools.cluster", *arguments],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_up_tells_how_to_reach_it_and_down_ends_it(
    control_plane: ControlPlane, tmp_path: Path
) -> None:
    shown = cluster(tmp_path, "up", "--nodes", "3")
    try:
        found = re.search(r"export KUBECONFIG=(\S+)", shown)
        assert found is not None
        kubectl = [str(control_plane.kubectl), "--kubeconfig", found[1]]
        names = [*kubectl, "get", "nodes", "-o", "name"]
        nodes = subprocess.run(names, capture_output=True, check=True)
        assert len(nodes.stdout.split()) == 3
        assert cluster(tmp_path, "up") == shown, "it is there: nothing is started again"
    finally:
        cluster(tmp_path, "down")
    assert not (Path(found[1]).parents[1] / "data").exists()
    assert "none is running" in cluster(tmp_path, "down")
