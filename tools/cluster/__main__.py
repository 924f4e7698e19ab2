"""The command line: `build` the programs, `up` to hold a cluster, `down` to let it go."""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.cluster import disk, images
from tools.cluster.binaries import build
from tools.cluster.checkouts import clear, forget_deleted, holder_of, images_of, names, state
from tools.cluster.control_plane import ControlPlane, control_plane
from tools.cluster.errors import ClusterError
from tools.cluster.modules import MODULES_OF_LEVEL
from tools.cluster.progress import step
from tools.cluster.real_cluster import check_machine, forget_images, real_cluster
from tools.cluster.watchdog import start_time
from tools.deploy import deploy

#: Of the frameworks: the smallest images there are.
VERSIONS = ("1.2.1", "1.4.0")
GPUS = 2
#: Building images takes minutes where none is there.
_START = 1800.0


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says; return 1 with a reason when it cannot be done."""
    parser = argparse.ArgumentParser(prog="python -m tools.cluster", description=__doc__)
    parser.add_argument("verb", choices=["build", "up", "down", "hold"])
    parser.add_argument("--level", type=int, choices=sorted(MODULES_OF_LEVEL), default=1)
    parser.add_argument("--nodes", type=int, default=2, help="nodes that kwok plays (level 1)")
    options = parser.parse_args(arguments)
    try:
        if options.verb == "build":
            make_all(options.level)
        elif options.verb == "up":
            up(options.level, options.nodes)
        elif options.verb == "down":
            down(options.level)
        else:
            hold(options.level, options.nodes)
    except ClusterError as error:
        print(f"cluster: {error}", file=sys.stderr)
        return 1
    return 0


def make_all(level: int) -> None:
    """Build what a cluster runs: programs, and for a real node images."""
    forget_deleted()
    if level == 2:
        check_machine()
        _check_room()
    build(MODULES_OF_LEVEL[level])
    if level == 2:
        for image in images.wanted(VERSIONS):
            images.ensure(image)
        images.forget_others(names())


def _check_room() -> None:
    """Refuse to begin what a disk has no room for: less where the images are there already."""
    node = images_of(state(2))
    if holder_of(state(2)) is None:
        built = disk.CONTAINERS / "storage" / "overlay-images"
        disk.check_room(
            {
                disk.CONTAINERS: 0 if built.exists() else disk.TO_BUILD,
                node: disk.TO_RUN,
            }
        )


def up(level: int, nodes: int) -> None:
    """Start a cluster that stays until `down`, and say how to reach it."""
    make_all(level)
    folder = state(level)
    if holder_of(folder) is None:
        (folder / "ready").unlink(missing_ok=True)
        with (folder / "holder.log").open("wb") as log:
            process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "tools.cluster", "hold"),
                    *("--level", str(level), "--nodes", str(nodes)),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        (folder / "holder").write_text(f"{process.pid} {start_time(process.pid)}")
        _show_until_ready(folder, process)
    elif level == 2 and (old := _old(folder)):
        print(
            f"cluster: it runs, with an older state of {', '.join(old)}; for the present one: "
            "make cluster-down LEVEL=2 && make cluster-up LEVEL=2",
            file=sys.stderr,
        )
    print(f"cluster: logs, with the API server's audit log: {folder / 'logs'}", file=sys.stderr)
    print((folder / "ready").read_text(), end="")


def _old(folder: Path) -> list[str]:
    """Return what a cluster runs in another state than this checkout has now."""
    contents = folder / "contents"
    runs = json.loads(contents.read_text(encoding="utf-8")) if contents.exists() else {}
    return [
        name for name, content in images.contents(VERSIONS).items() if runs.get(name) != content
    ]


def _show_until_ready(folder: Path, process: "subprocess.Popen[bytes]") -> None:
    """Pass on what the holder says while it builds and starts."""
    deadline = time.monotonic() + _START
    with (folder / "holder.log").open(errors="replace") as log:
        is_ready = is_over = False
        while not is_ready:
            # Asked before reading: what it said last is passed on too.
            is_ready = (folder / "ready").exists()
            is_over = process.poll() is not None or time.monotonic() > deadline
            print(log.read(), end="", file=sys.stderr, flush=True)
            if is_over and not is_ready:
                raise ClusterError(f"could not be started; logs: {folder / 'logs'}")
            time.sleep(0.1)


def hold(level: int, nodes: int) -> None:
    """Run a cluster until a signal says to end."""
    folder = state(level)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    with _with_diptych(folder) if level == 2 else _with_nodes(folder, nodes) as plane:
        ready = folder / "ready.new"
        ready.write_text(
            f'export KUBECONFIG={plane.kubeconfig}\nexport PATH={plane.kubectl.parent}:"$PATH"\n'
        )
        ready.rename(folder / "ready")
        try:
            while True:
                time.sleep(3600)
        finally:
            (folder / "ready").unlink()


@contextmanager
def _with_nodes(folder: Path, nodes: int) -> Iterator[ControlPlane]:
    """Run a control plane with GPU nodes that kwok plays."""
    with control_plane(folder, step) as plane:
        with step(f"adding {nodes} nodes"):
            plane.add_nodes(nodes)
        yield plane


@contextmanager
def _with_diptych(folder: Path) -> Iterator[ControlPlane]:
    """Run a cluster with a real node, and Diptych in it as users install it."""
    contents = json.dumps(images.contents(VERSIONS))
    with real_cluster(folder, images_of(folder), step) as cluster:
        images.provide(cluster, VERSIONS)
        deploy([str(cluster.kubectl), "--kubeconfig", str(cluster.kubeconfig)], GPUS, step=step)
        (folder / "contents").write_text(contents, encoding="utf-8")
        yield cluster


def down(level: int) -> None:
    """End this checkout's cluster and remove its files; that there is none is no error."""
    folder = state(level)
    holder = holder_of(folder)
    if holder is None:
        print("cluster: none is running for this checkout")
    else:
        with step("ending the cluster's processes and removing its data"):
            _end(folder, holder)
    if level == 2 and images_of(folder).exists():
        with step("removing the node's images"):
            forget_images(images_of(folder))
    clear(folder)


def _end(folder: Path, holder: int) -> None:
    os.kill(holder, signal.SIGTERM)
    deadline = time.monotonic() + _START
    while holder_of(folder) is not None:
        if time.monotonic() > deadline:
            raise ClusterError(f"process {holder} does not end")
        time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main())
