"""Which program comes from which Go module in `go/`, and how it is stamped with its version."""

from dataclasses import dataclass
from pathlib import Path

KUBERNETES_VERSION = "v1.34.4"
#: Newest that any module asks for: MinIO's.
GO_AT_LEAST = (1, 25)
FOLDER = Path(__file__).parent / "go"

_MAJOR, _MINOR, _ = KUBERNETES_VERSION.removeprefix("v").split(".")
#: Without these a server calls itself v0.0.0, and clients that ask for a version refuse it.
_KUBERNETES_STAMP = " ".join(
    f"-X {package}.{name}={value}"
    for package in ("k8s.io/component-base/version", "k8s.io/client-go/pkg/version")
    for name, value in {
        "gitVersion": KUBERNETES_VERSION,
        "gitMajor": _MAJOR,
        "gitMinor": _MINOR,
        "gitTreeState": "clean",
    }.items()
)


@dataclass(frozen=True)
class Module:
    """A folder with a go.mod: their dependencies disagree, so each tool has its own."""

    name: str
    packages: dict[str, str]
    #: Measured with nothing cached on two cores, to say what to wait for.
    minutes: float
    stamp: str = ""

    @property
    def folder(self) -> Path:
        """Where its go.mod is."""
        return FOLDER / self.name


def _kubernetes(*programs: str, minutes: float) -> Module:
    packages = {program: f"k8s.io/kubernetes/cmd/{program}" for program in programs}
    return Module("kubernetes", packages, minutes, _KUBERNETES_STAMP)


CONTROL_PLANE = (
    Module("etcd", {"etcd": "."}, 1),
    _kubernetes(
        "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl", minutes=5
    ),
    Module("kwok", {"kwok": "sigs.k8s.io/kwok/cmd/kwok"}, 2),
)
NODE = (
    _kubernetes("kubelet", "kube-proxy", minutes=1),
    Module("coredns", {"coredns": "."}, 1),
    Module("minio", {"minio": "github.com/minio/minio"}, 2.5),
    Module("pause", {"pause": "."}, 0.1),
)
MODULES_OF_LEVEL = {1: CONTROL_PLANE, 2: (*CONTROL_PLANE, *NODE)}


def module_of(program: str) -> Module:
    """Return the module that a program is built from."""
    return next(module for module in MODULES_OF_LEVEL[2] if program in module.packages)
