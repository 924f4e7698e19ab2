"""Diptych in a whole cluster: a test cluster of this machine, or one that somebody names.

With DIPTYCH_E2E_KUBECONFIG (`make e2e KUBECONFIG=...`) the tests go to that cluster, which has the
images already (`make kind-up` brings them). Else a cluster is made here, which takes root.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.e2e.clusters import OPERATOR, Cluster
from tests.requirements import left_out_where_missing
from tools.cluster import images
from tools.cluster.__main__ import GPUS, VERSIONS
from tools.cluster.checkouts import images_of, state
from tools.cluster.real_cluster import RealCluster, real_cluster
from tools.deploy import deploy
from tools.manifests import kubectl


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealCluster]:
    """A cluster with one real node, made here."""
    if os.environ.get("DIPTYCH_E2E_KUBECONFIG"):
        pytest.skip("this test breaks a cluster, and the one in use is somebody's own")
    folder = tmp_path_factory.mktemp("cluster")
    with left_out_where_missing(), real_cluster(folder, images_of(state(2))) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def cluster(request: pytest.FixtureRequest) -> Cluster:
    """The cluster with Diptych in it, by the manifests that users apply."""
    given = os.environ.get("DIPTYCH_E2E_KUBECONFIG")
    if given:
        found = Cluster(kubectl(), Path(given))
    else:
        node: RealCluster = request.getfixturevalue("node")
        images.provide(node, VERSIONS)
        found = Cluster(node.kubectl, node.kubeconfig, node.audit_log)
    deploy(found.here, GPUS)
    if there := found.kubectl("get", "vcmp", "--output=name").split():
        pytest.fail(
            f"these tests delete all comparisons of their namespace, and {len(there)} are there "
            f"that they did not make: {', '.join(there[:3])}; delete those first"
        )
    return found


@pytest.fixture(autouse=True)
def nothing_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Give each test a cluster without comparisons, and hold that the operator's log is clean."""
    if "cluster" not in request.fixturenames:
        yield
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    began = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    restarts = cluster.operator_restarts()
    yield
    cluster.kubectl("delete", "vcmp", "--all")
    log = cluster.kubectl("logs", *OPERATOR, f"--since-time={began}")
    for fault in ("Traceback", "inconsistencies", "is forbidden: User"):
        assert fault not in log
    # The log of a container that ended is not in the one that follows it.
    for pod, count in cluster.operator_restarts().items():
        assert count == restarts.get(pod, 0), cluster.operator_log_before(pod)


@pytest.fixture(scope="session")
def captures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what a person would have seen, to be read by one."""
    folder = Path(os.environ.get("DIPTYCH_CAPTURES") or tmp_path_factory.mktemp("captures"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
