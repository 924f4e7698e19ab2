"""Level 2: a control plane and one real node, in a network, mounts and processes of their own.

Pods run here as anywhere: kubelet, containerd, kube-proxy, CoreDNS. No packet leaves the machine.
It takes root on Linux, and the programs that `tools/cluster/install-node.sh` installs.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from tools.cluster import components, static_images
from tools.cluster.binaries import build
from tools.cluster.control_plane import API_SERVER, CONTROLLERS, ETCD, SCHEDULER, ControlPlane
from tools.cluster.errors import ClusterError, NotHere
from tools.cluster.modules import MODULES_OF_LEVEL
from tools.cluster.pki import Pki
from tools.cluster.processes import Processes, adopt_orphans, free_port
from tools.cluster.progress import Step, quiet

FILES = Path(__file__).parent / "node"
NODE = "diptych-node"
ADDRESS = "10.87.0.1"
#: Of the service `kubernetes`, by which pods reach the API server.
SERVICE_ADDRESS = "10.96.0.1"

#: In the order in which they start.
INIT, FORWARD, CONTAINERD, KUBELET, PROXY = "init", "forward", "containerd", "kubelet", "kube-proxy"
ORDER = (ETCD, API_SERVER, CONTROLLERS, SCHEDULER, CONTAINERD, KUBELET, PROXY)
PROGRAMS = (
    *("containerd", "ctr", "runc", "iptables", "conntrack", "ip", "nsenter", "unshare", "mount"),
)
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass
class RealCluster(ControlPlane):
    """A control plane with a node whose pods run."""

    store: Path
    cgroup: str

    #: Kubelet and the network plugins look for mount, iptables and more.
    variables: ClassVar[dict[str, str]] = {"PATH": PATH}

    def start_component(self, name: str) -> None:
        """Start a component and wait until it does its work."""
        if name == CONTAINERD:
            self.processes.start(name, self._command(name), **self.variables)
            self.processes.wait_for(name, self._containerd_answers)
        else:
            super().start_component(name)

    def lay_out(self) -> None:
        """Make the node's network, mounts and processes, and its API reachable from here."""
        script = [
            *("unshare", "--net", "--mount", "--pid", "--fork", "--mount-proc"),
            *("--kill-child=SIGKILL", "--propagation", "private", "--"),
            *(str(FILES / "init.sh"), str(self.folder / "data"), str(self.store), self.cgroup),
            *(f"{ADDRESS}/24", str(self.programs["pause"])),
        ]
        self.processes.start(INIT, script, **self.variables)
        self.processes.wait_for(INIT, (self.folder / "data" / "laid-out").exists)
        ports = [str(port) for port in (self.ports.api, self.ports.etcd)]
        self.processes.start(
            FORWARD, [sys.executable, "-I", str(FILES / "forward.py"), str(self.init_pid()), *ports]
        )

    def init_pid(self) -> int:
        """Return the process that is the node's first, as this machine counts."""
        parent = self.processes.pid(INIT)
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii")
        return int(children.split()[0])

    def on_node(self, *command: str) -> str:
        """Run a command inside the node and return what it printed."""
        ended = subprocess.run(
            [*self._enter(), *command],
            env={**os.environ, **self.variables},
            capture_output=True,
            text=True,
            check=False,
        )
        if ended.returncode != 0:
            raise ClusterError(f"{' '.join(command)}: {ended.stderr.strip()[-1500:]}")
        return ended.stdout

    def ctr(self, *arguments: str) -> str:
        """Run containerd's own client where kubelet's containers are."""
        return self.on_node("ctr", "--namespace", "k8s.io", *arguments)

    def load(self, archive: Path) -> None:
        """Bring an image's archive to the node, under the name that it carries."""
        self.ctr("images", "import", "--all-platforms", str(archive))

    def wait_until_ready(self) -> None:
        """Wait for the node, and for names to be resolved."""
        self.processes.wait_for(KUBELET, lambda: self.rest.answers(f"/api/v1/nodes/{NODE}"))
        self.run_kubectl("wait", "--for=condition=Ready", f"node/{NODE}", "--timeout=120s")
        self.run_kubectl("apply", "-f", str(FILES / "coredns.yaml"))
        self.run_kubectl(
            *("-n", "kube-system", "rollout", "status", "deployment/coredns", "--timeout=120s")
        )

    def _containerd_answers(self) -> bool:
        try:
            self.ctr("version")
        except ClusterError:
            return False
        return True

    def _enter(self) -> list[str]:
        return ["nsenter", f"--target={self.init_pid()}", "--net", "--mount", "--pid", "--"]

    def _commands(self) -> dict[str, list[str]]:
        plane = components.commands(self.folder, self.programs, self.ports, self.pki, ADDRESS)
        network = ["nsenter", f"--net=/proc/{self.init_pid()}/ns/net", "--"]
        return {
            **{name: [*network, *command] for name, command in plane.items()},
            CONTAINERD: [*self._enter(), "containerd", "--config", str(self._file(CONTAINERD))],
            KUBELET: [
                *(*self._enter(), str(self.programs[KUBELET])),
                f"--config={self._file(KUBELET)}",
                f"--kubeconfig={self.pki.folder / 'kubelet.kubeconfig'}",
                "--root-dir=/run/kubelet",
                f"--hostname-override={NODE}",
                f"--node-ip={ADDRESS}",
            ],
            PROXY: [
                *(*self._enter(), str(self.programs[PROXY])),
                f"--config={self._file(PROXY)}",
                f"--hostname-override={NODE}",
            ],
        }

    def _file(self, name: str) -> Path:
        return self.folder / _CONFIGURATION[name]


_CONFIGURATION = {
    CONTAINERD: "containerd.toml",
    KUBELET: "kubelet.yaml",
    PROXY: "kube-proxy.yaml",
    "cni": "cni/bridge.conflist",
}


def check_machine() -> None:
    """Raise NotHere, with what brings it, where a node cannot run."""
    if sys.platform != "linux" or os.geteuid() != 0:
        raise NotHere("a real node takes root on Linux")
    missing = [name for name in PROGRAMS if shutil.which(name, path=PATH) is None]
    if missing or not Path("/usr/lib/cni/bridge").exists():
        raise NotHere(
            f"a real node needs {', '.join(missing) or 'the network plugins'}: "
            "tools/cluster/install-node.sh installs them"
        )


@contextmanager
def real_cluster(folder: Path, store: Path, step: Step = quiet) -> Iterator[RealCluster]:
    """Run a cluster with a real node; its images stay in `store` for the next one."""
    check_machine()
    programs = build(MODULES_OF_LEVEL[2])
    with _alone(store):
        ports = components.Ports(*(free_port() for _ in range(4)))
        pki = Pki.make(
            folder / "pki",
            ["127.0.0.1", "localhost", "kubernetes.default.svc", ADDRESS, SERVICE_ADDRESS],
            {
                KUBELET: (f"system:node:{NODE}", "system:nodes"),
                PROXY: ("system:kube-proxy", "system:node-proxier"),
            },
        )
        cgroup = f"diptych-{ports.api}"
        adopt_orphans()
        processes = Processes(folder / "logs", folder / "data", cgroup)
        cluster = RealCluster(folder, programs, ports, pki, processes, store, cgroup)
        for name in pki.tokens:
            pki.kubeconfig(name, cluster.url)
        _configure(cluster)
        try:
            with step("making the node's network and mounts"):
                cluster.lay_out()
            for name in ORDER:
                with step(f"starting {name}"):
                    cluster.start_component(name)
                if name == CONTAINERD:
                    with step("loading the images of every cluster"):
                        _prepare_images(cluster)
            with step("waiting for the node and for CoreDNS"):
                cluster.wait_for_account("default")
                cluster.wait_until_ready()
            yield cluster
        finally:
            processes.stop_all()


@contextmanager
def _alone(store: Path) -> Iterator[None]:
    """Hold a store of images: two runtimes on one would break it.

    The folder itself is locked, so that nothing is left where it is removed.
    """
    store.mkdir(parents=True, exist_ok=True)
    lock = os.open(store, os.O_RDONLY)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ClusterError(
                f"{store}: a cluster of this checkout is running; `make cluster-down LEVEL=2` ends "
                "one that `make cluster-up` started"
            ) from error
        yield
    finally:
        os.close(lock)


def forget_images(store: Path) -> None:
    """Remove the images that clusters of a checkout ran, unless one runs."""
    if store.exists():
        with _alone(store):
            shutil.rmtree(store)


def _configure(cluster: RealCluster) -> None:
    """Write the node's configuration files, with this cluster's own folders in them."""
    values = {"pki": str(cluster.pki.folder), "folder": str(cluster.folder)}
    values["cgroup"] = cluster.cgroup
    for name in _CONFIGURATION.values():
        path = cluster.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = (FILES / path.name).read_text(encoding="utf-8")
        for key, value in values.items():
            text = text.replace(f"{{{key}}}", value)
        path.write_text(text, encoding="utf-8")


def _prepare_images(cluster: RealCluster) -> None:
    """Forget the containers of a cluster that was killed, and load what every cluster runs."""
    left = cluster.ctr("containers", "list", "--quiet").split()
    if left:
        cluster.ctr("containers", "remove", *left)
    for program in ("pause", "coredns"):
        archive = cluster.folder / f"{program}.tar"
        static_images.save(archive, f"diptych.dev/{program}:1", cluster.programs[program])
        cluster.load(archive)
        archive.unlink()
