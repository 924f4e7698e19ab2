"""Level 1: etcd, API server, controller manager and scheduler, and nodes that kwok plays.

Everything listens on loopback alone, at ports chosen for this run. Nothing here needs root.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from tools.cluster import components, fake_nodes
from tools.cluster.binaries import build
from tools.cluster.errors import ClusterError
from tools.cluster.modules import CONTROL_PLANE
from tools.cluster.pki import Pki
from tools.cluster.processes import Processes, free_port
from tools.cluster.progress import Step, quiet
from tools.cluster.rest import Rest

#: In the order in which they start; they stop the other way round.
ETCD, API_SERVER, CONTROLLERS, SCHEDULER, KWOK = (
    "etcd",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kwok",
)


@dataclass
class ControlPlane:
    """A control plane that runs."""

    folder: Path
    programs: dict[str, Path]
    ports: components.Ports
    pki: Pki
    processes: Processes

    #: What components find in their environment beside what the tests have.
    variables: ClassVar[dict[str, str]] = {}

    @property
    def url(self) -> str:
        """Where the API server answers."""
        return f"https://127.0.0.1:{self.ports.api}"

    @property
    def token(self) -> str:
        """The token of a cluster administrator."""
        return self.pki.tokens["admin"]

    @property
    def kubeconfig(self) -> Path:
        """The kubeconfig of a cluster administrator."""
        return self.pki.folder / "admin.kubeconfig"

    @property
    def kubectl(self) -> Path:
        """The kubectl of the same version."""
        return self.programs["kubectl"]

    @property
    def authority(self) -> Path:
        """The certificate authority of the API server."""
        return self.pki.folder / "ca.crt"

    @property
    def audit_log(self) -> Path:
        """Every request at arrival and when answered, one JSON object a line."""
        return self.folder / "logs" / "audit.log"

    @property
    def rest(self) -> Rest:
        """The API, asked as an administrator."""
        return Rest(self.url, self.authority, self.token)

    def start_component(self, name: str) -> None:
        """Start a component and wait until it does its work."""
        self.processes.start(name, self._command(name), **self.variables)
        if name == ETCD:
            self.processes.wait_for(name, components.etcd_is_ready(self.ports))
        elif name == API_SERVER:
            self.processes.wait_for(name, lambda: self.rest.answers("/readyz"))

    def stop_component(self, name: str) -> None:
        """Stop a component; the others go on without it."""
        self._command(name)
        # The API server waits for its watchers, who do not leave: it is killed soon.
        self.processes.stop(name, wait=3.0)

    def add_nodes(
        self, count: int, gpus: int = 8, product: str = "Tesla-V100-SXM2-16GB"
    ) -> list[str]:
        """Add nodes that kwok plays, with GPUs that nobody has; return their names."""
        return fake_nodes.add(self.rest, count, gpus, product)

    def make_namespace(self, name: str) -> None:
        """Make a namespace and wait until pods can be made in it."""
        body = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
        self.rest.create("/api/v1/namespaces", body)
        self.wait_for_account(name)

    def apply_stage(self, text: str) -> None:
        """Give kwok a Stage; one of the same name is replaced. kwok starts anew with it."""
        fake_nodes.save_stages(self.folder / "stages", text)
        self._restart_kwok()

    def reset_stages(self) -> None:
        """Go back to the Stages that every cluster starts with."""
        fake_nodes.default_stages(self.folder / "stages")
        self._restart_kwok()

    def run_kubectl(self, *arguments: str, text: str | None = None) -> str:
        """Run kubectl as an administrator and return what it printed."""
        ended = subprocess.run(
            [str(self.kubectl), "--kubeconfig", str(self.kubeconfig), *arguments],
            input=text,
            capture_output=True,
            text=True,
            check=False,
        )
        if ended.returncode != 0:
            raise ClusterError(f"kubectl {' '.join(arguments)}: {ended.stderr.strip()}")
        return ended.stdout

    def _restart_kwok(self) -> None:
        if self.processes.is_running(KWOK):
            self.stop_component(KWOK)
        self.start_component(KWOK)

    def wait_for_account(self, namespace: str) -> None:
        """Wait for a namespace's service account, without which the API server refuses pods."""
        path = f"/api/v1/namespaces/{namespace}/serviceaccounts/default"
        self.processes.wait_for(CONTROLLERS, lambda: self.rest.answers(path))

    def _command(self, name: str) -> list[str]:
        commands = self._commands()
        if name not in commands:
            raise ClusterError(f"{name}: no such component; there are {', '.join(commands)}")
        return commands[name]

    def _commands(self) -> dict[str, list[str]]:
        """Return each component's command line as it would be now."""
        kwok = components.kwok(self.programs["kwok"], self.folder / "stages", self.ports, self.pki)
        return {
            **components.commands(self.folder, self.programs, self.ports, self.pki),
            KWOK: kwok,
        }


@contextmanager
def control_plane(folder: Path, step: Step = quiet) -> Iterator[ControlPlane]:
    """Run a control plane, its files in a folder; logs stay there, data goes."""
    programs = build(CONTROL_PLANE)
    ports = components.Ports(*(free_port() for _ in range(4)))
    pki = Pki.make(folder / "pki", ["127.0.0.1", "localhost"])
    plane = ControlPlane(folder, programs, ports, pki, Processes(folder / "logs", folder / "data"))
    for name in pki.tokens:
        pki.kubeconfig(name, plane.url)
    fake_nodes.default_stages(folder / "stages")
    try:
        for name in (ETCD, API_SERVER, CONTROLLERS, SCHEDULER, KWOK):
            with step(f"starting {name}"):
                plane.start_component(name)
        with step("waiting for the service account of pods"):
            plane.wait_for_account("default")
        yield plane
    finally:
        plane.processes.stop_all()
