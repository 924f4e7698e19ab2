"""`make e2e-full`: the MLP of 2.1.0 against 2.4.0 with its ladder of controls, on the cluster."""

from pathlib import Path

import pytest
from tests.e2e.clusters import Cluster, example
from tests.e2e.records import assert_same_as_here
from tools.cluster import images


@pytest.mark.timeout(3600)
def test_the_mlp_with_its_ladder_is_the_local_engines(
    request: pytest.FixtureRequest, cluster: Cluster, tmp_path: Path, captures: Path
) -> None:
    if cluster.is_ours:
        images.provide(request.getfixturevalue("node"), ("2.1.0", "2.4.0"))
    resource = example("mnist-mlp-2.1.0-vs-2.4.0.yaml", parallelism=4, trialsPerPod=10)
    name = cluster.apply(resource)
    status = cluster.wait_finished(name, seconds=3000)
    (captures / "describe-full.txt").write_text(cluster.kubectl("describe", "vcmp", name))
    assert status["summary"]["candidates"][0]["cause"]
    assert_same_as_here(cluster, resource, tmp_path)
