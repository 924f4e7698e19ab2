"""The operator may do what it does, and nothing else."""

import json
from typing import Any

import pytest
from tests.e2e.clusters import Cluster, comparison
from tools.cluster.errors import ClusterError

WHO = "--as=system:serviceaccount:diptych-system:diptych-operator"
MAY = {
    "versioncomparisons.diptych.dev": {"get", "list", "watch", "patch", "delete"},
    "jobs.batch": {"get", "list", "watch", "create", "delete"},
    "configmaps": {"get", "create"},
    "pods": {"get", "list"},
    "events": {"list", "create"},
}
VERBS = ("get", "list", "watch", "create", "update", "patch", "delete", "deletecollection")
NEVER = ("secrets", "nodes", "namespaces", "serviceaccounts", "roles.rbac.authorization.k8s.io")
WAYS_IN = ("exec", "attach", "log", "portforward", "ephemeralcontainers")


def may(cluster: Cluster, verb: str, resource: str, *more: str) -> bool:
    try:
        return cluster.kubectl("auth", "can-i", verb, resource, *more).strip() == "yes"
    except ClusterError:  # kubectl ends with 1 for no
        return False


@pytest.mark.parametrize("resource", MAY)
def test_each_verb_that_it_needs_and_no_other(cluster: Cluster, resource: str) -> None:
    assert {verb for verb in VERBS if may(cluster, verb, resource, WHO)} == MAY[resource]


def test_it_writes_the_status_of_comparisons_alone(cluster: Cluster) -> None:
    status = ("versioncomparisons.diptych.dev", "--subresource=status", WHO)
    assert may(cluster, "patch", *status)
    assert not may(cluster, "patch", "jobs.batch", "--subresource=status", WHO)


@pytest.mark.parametrize("resource", NEVER)
def test_nothing_else_at_all(cluster: Cluster, resource: str) -> None:
    assert not [verb for verb in VERBS if may(cluster, verb, resource, WHO)]


@pytest.mark.parametrize("way", WAYS_IN)
def test_no_way_into_a_pod(cluster: Cluster, way: str) -> None:
    pods = ("pods", f"--subresource={way}", WHO)
    assert not [verb for verb in VERBS if may(cluster, verb, *pods)]


def test_pods_of_trials_and_analysis_carry_no_token(cluster: Cluster) -> None:
    name = cluster.apply(comparison(seeds={"first": 1, "count": 1}))
    cluster.wait_finished(name)
    pods = cluster.pods(name)
    assert {component(pod) for pod in pods} == {"trial", "analysis"}
    for pod in pods:
        # Admission puts the token's volume into every pod that does not refuse it.
        assert "kube-api-access" not in json.dumps(pod["spec"])
        assert "serviceaccount" not in json.dumps(pod["spec"]["containers"])
    assert not may(cluster, "get", "pods", "--as=system:serviceaccount:comparisons:default")


def component(pod: dict[str, Any]) -> str:
    return str(pod["metadata"]["labels"]["app.kubernetes.io/component"])
