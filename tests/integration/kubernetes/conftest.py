"""A control plane with our CRD, GPU nodes, and an operator with the rights of its manifest."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from tests.integration.kubernetes.cluster import Namespace
from tests.integration.kubernetes.operators import (
    Operator,
    kubeconfig,
    started,
    wait_until_serving,
)
from tests.integration.kubernetes.proxy import Proxy, proxy_before
from tools import deploy
from tools.cluster.control_plane import ControlPlane

ROOT = Path(__file__).resolve().parents[3]
STAGES = Path(__file__).with_name("stages.yaml")
SYSTEM = "diptych-system"
#: Namespaces that tests take one by one, more than there are such tests.
SERVED = 60


@pytest.fixture(scope="session")
def plane(control_plane: ControlPlane) -> ControlPlane:
    """The control plane with the CRD, the operator's rights, and nodes with GPUs."""
    control_plane.run_kubectl("apply", "--server-side", "-k", str(ROOT / "crds"))
    control_plane.make_namespace(SYSTEM)
    rights = (ROOT / "manifests" / "base" / "rbac.yaml").read_text(encoding="utf-8")
    control_plane.run_kubectl("apply", "-f", "-", text=rights)
    kubectl = [str(control_plane.kubectl), "--kubeconfig", str(control_plane.kubeconfig)]
    deploy.wait_for_comparisons(kubectl)
    control_plane.add_nodes(2, gpus=200)
    return control_plane


@pytest.fixture(scope="session")
def token(plane: ControlPlane) -> str:
    """A token of the operator's service account."""
    made = plane.run_kubectl("-n", SYSTEM, "create", "token", "diptych-operator")
    return made.strip()


@pytest.fixture(autouse=True)
def stages(plane: ControlPlane) -> None:
    """Have kwok play pods as these tests need it, whatever other tests made of it."""
    wanted = {each["metadata"]["name"]: each for each in yaml.safe_load_all(STAGES.read_text())}
    files = {name: plane.folder / "stages" / f"{name}.yaml" for name in wanted}
    there = {n: yaml.safe_load(f.read_text()) for n, f in files.items() if f.exists()}
    if there != wanted:
        plane.apply_stage(STAGES.read_text())


@pytest.fixture
def proxy(plane: ControlPlane) -> Iterator[Proxy]:
    """A proxy for one operator."""
    with proxy_before(plane.url, plane.authority) as proxy:
        yield proxy


@pytest.fixture
def own(proxy: Proxy, space: Namespace, token: str, tmp_path: Path) -> Operator:
    """An operator of the test's namespace alone, not started yet, behind the test's proxy."""
    config = kubeconfig(tmp_path / "kubeconfig", proxy.url, token)
    return Operator(config, tmp_path / "operator.log", DIPTYCH_NAMESPACES=space.name)


@pytest.fixture
def operator(own: Operator) -> Iterator[Operator]:
    """An operator of the test's namespace that serves, to be watched through the proxy or hurt."""
    with started(own):
        wait_until_serving(own)
        yield own


@pytest.fixture(scope="session")
def served(
    plane: ControlPlane, token: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[str]]:
    """Namespaces that one operator serves for the session: starting one takes seconds."""
    names = [f"served-{number}" for number in range(SERVED)]
    bodies = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": n}} for n in names]
    plane.run_kubectl("apply", "-f", "-", text=yaml.safe_dump_all(bodies))
    folder = tmp_path_factory.mktemp("operator")
    with proxy_before(plane.url, plane.authority) as proxy:
        config = kubeconfig(folder / "kubeconfig", proxy.url, token)
        log = folder / "operator.log"
        with started(Operator(config, log, DIPTYCH_NAMESPACES=",".join(names))) as operator:
            wait_until_serving(operator)
            yield names


@pytest.fixture
def space(request: pytest.FixtureRequest, plane: ControlPlane) -> Namespace:
    """An empty namespace: the test's own operator's if it has one, else one that is served."""
    if {"own", "operator"} & set(request.fixturenames):
        return Namespace(plane, request.getfixturevalue("namespace"))
    name = request.getfixturevalue("served").pop()
    plane.wait_for_account(name)
    return Namespace(plane, name)
