"""How each component of a control plane is started, and why with these flags."""

import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tools.cluster.pki import Pki

AUDIT_POLICY = Path(__file__).parent / "audit-policy.yaml"
SERVICES = "10.96.0.0/16"


@dataclass(frozen=True)
class Ports:
    """The ports of one cluster."""

    api: int
    etcd: int
    etcd_peer: int
    kwok: int

    @property
    def etcd_url(self) -> str:
        """Where etcd answers."""
        return f"http://127.0.0.1:{self.etcd}"


def commands(
    folder: Path, programs: dict[str, Path], ports: Ports, pki: Pki, address: str | None = None
) -> dict[str, list[str]]:
    """Return each component's command line; pods reach the API server at `address`, if anywhere."""
    return {
        "etcd": etcd(programs["etcd"], folder / "data" / "etcd", ports),
        "kube-apiserver": [
            *api_server(programs["kube-apiserver"], folder, ports, pki),
            *_addresses(address, pki),
        ],
        "kube-controller-manager": controllers(programs["kube-controller-manager"], pki),
        "kube-scheduler": scheduler(programs["kube-scheduler"], pki),
    }


def _addresses(address: str | None, pki: Pki) -> list[str]:
    """Return the API server's flags for who reaches it, and how it reaches kubelets."""
    if address is None:
        # The service named kubernetes would lead to loopback, which an endpoint may not be.
        return ["--bind-address=127.0.0.1", "--endpoint-reconciler-type=none"]
    return [
        "--bind-address=0.0.0.0",
        f"--advertise-address={address}",
        "--kubelet-preferred-address-types=InternalIP",
        f"--kubelet-client-certificate={pki.folder / 'client.crt'}",
        f"--kubelet-client-key={pki.folder / 'client.key'}",
    ]


def etcd(program: Path, data: Path, ports: Ports) -> list[str]:
    """Return etcd's command line."""
    peer = f"http://127.0.0.1:{ports.etcd_peer}"
    return [
        str(program),
        f"--data-dir={data}",
        f"--listen-client-urls={ports.etcd_url}",
        f"--advertise-client-urls={ports.etcd_url}",
        f"--listen-peer-urls={peer}",
        f"--initial-advertise-peer-urls={peer}",
        f"--initial-cluster=default={peer}",
        "--unsafe-no-fsync",  # the data ends with the test; disks of CI machines are slow
        "--log-level=warn",
    ]


def api_server(program: Path, folder: Path, ports: Ports, pki: Pki) -> list[str]:
    """Return what every API server of ours is started with."""
    files = pki.folder
    return [
        str(program),
        f"--etcd-servers={ports.etcd_url}",
        f"--secure-port={ports.api}",
        f"--tls-cert-file={files / 'server.crt'}",
        f"--tls-private-key-file={files / 'server.key'}",
        f"--client-ca-file={files / 'ca.crt'}",
        f"--token-auth-file={files / 'tokens.csv'}",
        "--authorization-mode=Node,RBAC",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-signing-key-file={files / 'service-accounts.key'}",
        f"--service-account-key-file={files / 'service-accounts.key'}",
        f"--service-cluster-ip-range={SERVICES}",
        # On by default; named because tests rely on what they refuse.
        "--enable-admission-plugins=ServiceAccount,ResourceQuota,PodSecurity,LimitRanger",
        f"--audit-policy-file={AUDIT_POLICY}",
        f"--audit-log-path={folder / 'logs' / 'audit.log'}",
        "--audit-log-mode=blocking",  # a line is there before the answer is
    ]


def controllers(program: Path, pki: Pki) -> list[str]:
    """Return the controller manager's command line."""
    return [
        str(program),
        f"--kubeconfig={pki.folder / 'kube-controller-manager.kubeconfig'}",
        f"--service-account-private-key-file={pki.folder / 'service-accounts.key'}",
        f"--root-ca-file={pki.folder / 'ca.crt'}",
        "--use-service-account-credentials",  # each controller with its own permissions
        "--leader-elect=false",
        "--secure-port=0",
        # The default of 20 requests a second makes about 10 pods a second: that limit, and not
        # what is tested, would be what a load test measures.
        "--kube-api-qps=300",
        "--kube-api-burst=600",
    ]


def scheduler(program: Path, pki: Pki) -> list[str]:
    """Return the scheduler's command line."""
    return [
        str(program),
        f"--kubeconfig={pki.folder / 'kube-scheduler.kubeconfig'}",
        "--leader-elect=false",
        "--secure-port=0",
        "--kube-api-qps=300",
        "--kube-api-burst=600",
    ]


def kwok(program: Path, stages: Path, ports: Ports, pki: Pki) -> list[str]:
    """Return kwok's command line, with every Stage that lies in a folder now."""
    return [
        str(program),
        f"--kubeconfig={pki.folder / 'kwok.kubeconfig'}",
        "--manage-all-nodes=false",
        "--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake",
        f"--server-address=127.0.0.1:{ports.kwok}",
        # Without leases the controllers take every node for lost after two minutes. One that starts
        # anew plays no pod until those of the one before it are over.
        "--node-lease-duration-seconds=10",
        *(f"--config={path}" for path in sorted(stages.glob("*.yaml"))),
    ]


def etcd_is_ready(ports: Ports) -> Callable[[], bool]:
    """Return a question to etcd whether it has a leader."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def ask() -> bool:
        try:
            with opener.open(f"{ports.etcd_url}/health", timeout=2) as answer:
                return b'"true"' in answer.read()
        except OSError:
            return False

    return ask
