"""A node made here has a network of its own, and goes with whoever made it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.e2e.clusters import until
from tools.cluster import watchdog
from tools.cluster.real_cluster import NODE, RealCluster

HOLD = """
import pathlib, sys, time
from tools.cluster.real_cluster import real_cluster
with real_cluster(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])) as cluster:
    print(cluster.cgroup, *cluster.processes.pids(), flush=True)
    time.sleep(600)
"""


def test_no_packet_finds_a_way_out(node: RealCluster) -> None:
    links = node.on_node("ip", "-brief", "link").split("\n")
    names = {line.split()[0].split("@")[0] for line in links if line}
    assert {"lo", "node0"} <= names
    assert all(name in {"lo", "node0", "cni0"} or name.startswith("veth") for name in names)


def test_the_machines_own_settings_stay_as_they_are(node: RealCluster) -> None:
    name = "/proc/sys/vm/overcommit_memory"
    assert node.on_node("cat", name).strip() == "1", "kubelet wants it so, and finds it so"
    assert node.folder.joinpath("data", "vm-overcommit_memory").read_text().strip() == "1"


def test_a_second_one_runs_beside_it_and_nothing_of_it_outlives_its_owner(
    node: RealCluster, tmp_path: Path
) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path), str(tmp_path / "store")],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert owner.stdout is not None
    cgroup, *pids = owner.stdout.readline().split()
    assert Path(f"/proc/{pids[0]}").exists()
    assert cgroups(cgroup)

    owner.send_signal(signal.SIGKILL)
    owner.wait()
    owner.stdout.close()
    until(lambda: not any(watchdog.start_time(int(pid)) for pid in pids), 40)
    until(lambda: not (tmp_path / "data").exists() and not cgroups(cgroup), 40)
    mounts = Path("/proc/self/mounts").read_text()
    assert str(tmp_path) not in mounts
    assert f"node/{NODE}" in node.run_kubectl("get", "nodes", "-o", "name")
    assert os.getpid() not in map(int, pids)


def cgroups(name: str) -> list[Path]:
    places = [Path("/sys/fs/cgroup"), *Path("/sys/fs/cgroup").iterdir()]
    return [place / name for place in places if (place / name).is_dir()]
