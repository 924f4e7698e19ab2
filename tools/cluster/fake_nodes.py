"""Nodes and Stages for kwok, which plays the kubelet of nodes that do not exist."""

import itertools
from pathlib import Path

import yaml
from tools.cluster.errors import ClusterError
from tools.cluster.rest import Rest

STAGES = Path(__file__).parent / "stages"
_NUMBERS = itertools.count()


def add(rest: Rest, count: int, gpus: int, product: str) -> list[str]:
    """Add nodes with GPUs of one product, tainted as GPU nodes are, and return their names."""
    made = [node(f"fake-{next(_NUMBERS)}", gpus, product) for _ in range(count)]
    for each in made:
        rest.create("/api/v1/nodes", each)
    return [str(each["metadata"]["name"]) for each in made]  # type: ignore[index]


def node(name: str, gpus: int, product: str) -> dict[str, object]:
    """Return a node as its kubelet, a device plugin and GPU feature discovery would show it."""
    size = {"cpu": "64", "memory": "512Gi", "pods": "500"}
    labels = {"kubernetes.io/hostname": name, "kubernetes.io/os": "linux"}
    taints = []
    if gpus:
        size["nvidia.com/gpu"] = str(gpus)
        labels |= {"nvidia.com/gpu.product": product, "nvidia.com/gpu.count": str(gpus)}
        taints = [{"key": "nvidia.com/gpu", "value": "present", "effect": "NoSchedule"}]
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": name,
            "labels": labels,
            "annotations": {"kwok.x-k8s.io/node": "fake"},
        },
        "spec": {"taints": taints},
        "status": {"capacity": size, "allocatable": size},
    }


def default_stages(folder: Path) -> None:
    """Put the Stages that every cluster starts with into a folder, and nothing else."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.yaml"):
        old.unlink()
    for path in STAGES.glob("*.yaml"):
        save_stages(folder, path.read_text(encoding="utf-8"))


def save_stages(folder: Path, text: str) -> None:
    """Put each Stage of a text into a folder, under its own name."""
    for document in yaml.safe_load_all(text):
        if document.get("kind") != "Stage":
            raise ClusterError(f"a Stage was wanted, got kind {document.get('kind')!r}")
        path = folder / f"{document['metadata']['name']}.yaml"
        path.write_text(yaml.safe_dump(document), encoding="utf-8")
