"""The manifests on a real API server: admitted without a warning, and rights that are exact."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from tools import deploy, manifests
from tools.cluster.control_plane import ControlPlane

OPERATOR = "system:serviceaccount:diptych-system:diptych-operator"
EXAMPLES = sorted((manifests.ROOT / "manifests" / "examples").rglob("*.yaml"))


@pytest.fixture(scope="module")
def command(plane: ControlPlane) -> list[str]:
    """Return kubectl with the cluster's name."""
    return [str(plane.kubectl), "--kubeconfig", str(plane.kubeconfig)]


@pytest.fixture(scope="module")
def applied(command: list[str]) -> Iterator[str]:
    """Apply the overlay of the test cluster; give what kubectl said, warnings and all."""
    arguments = ["apply", "--server-side", "-k", str(manifests.KIND)]
    made = subprocess.run([*command, *arguments], capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    yield made.stdout + made.stderr
    # The CRD, the rights and their namespace stay: other tests of the session use them too.
    deploy.run(command, "delete", "namespaces", "--wait=false", "comparisons", "minio")
    deploy.run(command, "delete", "deployment", "--namespace=diptych-system", "diptych-operator")


def allowed(command: list[str], *question: str) -> bool:
    """Ask whether the operator may do something in another namespace."""
    asked = subprocess.run(
        [*command, "auth", "can-i", *question, f"--as={OPERATOR}", "--namespace=default"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.stdout.strip() in ("yes", "no"), asked.stderr
    return asked.stdout.strip() == "yes"


def test_everything_is_admitted_and_nothing_is_warned_of(
    applied: str, control_plane: ControlPlane
) -> None:
    # A pod that is not restricted is warned of: the namespaces ask for it.
    assert not re.search("warning", applied, re.IGNORECASE), applied
    text = manifests.rendered(manifests.KIND, control_plane.kubectl)
    assert len(applied.strip().splitlines()) == len(list(yaml.safe_load_all(text)))


@pytest.mark.parametrize(
    "question",
    [
        ("watch", "versioncomparisons.diptych.dev"),
        ("patch", "versioncomparisons.diptych.dev", "--subresource=status"),
        ("delete", "versioncomparisons.diptych.dev"),
        ("create", "jobs.batch"),
        ("watch", "jobs.batch"),
        ("create", "configmaps"),
        ("list", "pods"),
        ("create", "events"),
    ],
    ids=" ".join,
)
def test_the_operator_may(applied: str, command: list[str], question: tuple[str, ...]) -> None:
    assert allowed(command, *question)


@pytest.mark.parametrize(
    "question",
    [
        ("get", "secrets"),
        ("list", "secrets"),
        ("watch", "pods"),
        ("delete", "pods"),
        ("create", "pods"),
        ("create", "pods", "--subresource=exec"),
        ("get", "pods", "--subresource=log"),
        ("patch", "jobs.batch"),
        ("update", "jobs.batch"),
        ("update", "configmaps"),
        ("delete", "configmaps"),
        ("create", "versioncomparisons.diptych.dev"),
        ("update", "versioncomparisons.diptych.dev"),
        ("list", "nodes"),
        ("list", "namespaces"),
        ("list", "customresourcedefinitions"),
        ("impersonate", "serviceaccounts"),
        ("bind", "clusterroles"),
    ],
    ids=" ".join,
)
def test_the_operator_may_not(applied: str, command: list[str], question: tuple[str, ...]) -> None:
    assert not allowed(command, *question)


@pytest.mark.parametrize(("role", "may"), [("view", "no"), ("edit", "yes"), ("admin", "yes")])
def test_who_may_edit_a_namespace_may_compare_in_it(
    applied: str, command: list[str], namespace: str, role: str, may: str
) -> None:
    deploy.run(
        *(command, "create", "rolebinding", role, f"--clusterrole={role}", f"--user={role}"),
        f"--namespace={namespace}",
    )
    for verb, answer in (("list", "yes"), ("create", may)):
        asked = subprocess.run(
            [*command, "auth", "can-i", verb, "vcmp", f"--as={role}", f"--namespace={namespace}"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert asked.stdout.strip() == answer


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_admitted_where_comparisons_live(
    applied: str, command: list[str], path: Path
) -> None:
    said = deploy.run(
        *(command, "apply", "--dry-run=server", "-f", str(path)),
        f"--namespace={deploy.NAMESPACE}",
    )
    assert "versioncomparison.diptych.dev/" in said
    assert all(line.endswith("created (server dry run)") for line in said.strip().splitlines())


def test_nodes_get_gpus_that_the_scheduler_counts(
    control_plane: ControlPlane, command: list[str]
) -> None:
    (node,) = control_plane.add_nodes(1, gpus=0)
    deploy.give_gpus(command, 3, [f"node/{node}"])
    path = r"{.status.allocatable.nvidia\.com/gpu}"
    assert deploy.run(command, "get", "node", node, "-o", f"jsonpath={path}") == "3"
    deploy.run(command, "delete", "node", node)
