"""What the API server itself refuses, and what only the operator can: in words that help."""

from typing import Any

import pytest
from tests.integration.kubernetes.cluster import Namespace, comparison, until
from tools.cluster.errors import ClusterError


def test_the_run_defining_part_cannot_be_edited(space: Namespace) -> None:
    made = comparison("fixed", suspend=True)
    space.apply(made)
    made["spec"]["seeds"] = {"first": 1, "count": 7}
    words = space.refusal(made)
    assert "spec.seeds: Invalid value" in words
    assert "immutable: make a new comparison" in words
    assert "only suspend, ttlSecondsAfterFinished, activeDeadlineSeconds may change" in words
    made = comparison("fixed", suspend=True)
    made["spec"]["versions"].reverse()
    assert "spec.versions" in space.refusal(made)
    made = comparison("fixed", suspend=True, attribution={"controls": ["SharedInit"]})
    assert "immutable: what was left out cannot be added" in space.refusal(made)
    for change in ({"activeDeadlineSeconds": 9}, {"ttlSecondsAfterFinished": 9}):
        space.patch("fixed", **change)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"versions": [{"name": "2.1.0"}]}, "spec.versions: Invalid value"),
        ({"versions": [{"name": "a"}, {"name": "a"}]}, "spec.versions[1]: Duplicate value"),
        ({"parallelism": 5000}, "spec.parallelism: Invalid value: 5000"),
        ({"parallelism": 2, "versions": [{"name": n} for n in "abc"]},
         "parallelism must be at least the number of versions"),
        ({"baseline": "9.9"}, "baseline must be the name of one of the versions"),
        ({"repeat": 3}, 'unknown field "spec.repeat"'),
        ({"resources": {"gpus": 0, "accelerator": "Required"}},
         "accelerator Required needs gpus of at least 1"),
        ({"template": {"spec": {"hostNetwork": True}}}, "hostNetwork"),
        ({"resources": {"gpus": 1, "gpuResource": "gpu"}},
         "must be a resource's name with its domain, like nvidia.com/gpu; got gpu"),
        ({"resources": {"gpus": 1, "gpuResource": "requests.nvidia.com/gpu"}},
         "as only quotas name it: leave that away; got requests.nvidia.com/gpu"),
        ({"template": {"metadata": {"labels": {"job-name": "mine"}}}},
         "spec.template.metadata.labels: Invalid value"),
        ({"template": {"metadata": {"labels": {"batch.kubernetes.io/x": "mine"}}}},
         "are set by Kubernetes or by Diptych"),
        ({"template": {"spec": {"tolerations": [
            {"key": "gpu", "operator": "Exists", "value": "yes"}]}}},
         "value must be left out with operator Exists, which takes any; or take Equal; got yes"),
        ({"template": {"spec": {"tolerations": [{"operator": "Equal", "value": "yes"}]}}},
         "spec.template.spec.tolerations[0].operator: Invalid value"),
        ({"template": {"spec": {"tolerations": [
            {"key": "gpu", "operator": "Exists", "tolerationSeconds": 9}]}}},
         "tolerationSeconds needs effect NoExecute"),
        ({"versions": [{"name": "2 1"}, {"name": "2.4.0"}]},
         "must be letters, digits, dots, dashes and underscores, a letter or digit first; got 2 1"),
        ({"analysis": {"confidence": "95"}},
         'must be a number between 0.5 and 1 as a string, like "0.95"; got 95'),
        ({"storage": {"uri": "s3://results", "endpoint": "http://me:secret@minio"}},
         "must be http:// or https:// with a host, like http://minio.minio.svc:9000"),
    ],
)  # fmt: skip
def test_a_mistake_is_refused_at_once(space: Namespace, change: dict[str, Any], words: str) -> None:
    refusal = space.refusal(comparison("wrong", **change))
    assert words in refusal
    assert "secret" not in refusal


@pytest.mark.parametrize("name", ["a" * 41, "with.dot"])
def test_a_name_that_no_job_could_have_is_refused(space: Namespace, name: str) -> None:
    refusal = space.refusal(comparison(name))
    assert "metadata.name: Invalid value" in refusal
    assert "child Jobs are named after it" in refusal


def test_what_only_the_operator_can_refuse_is_finished_at_once(space: Namespace) -> None:
    wrong = comparison(
        "wrong",
        workload={"builtin": "mnist-mpl"},
        storage={"uri": "s3://results/x", "serviceAccountName": "cluster-admin"},
    )
    space.apply(wrong)
    space.kubectl("wait", "vcmp/wrong", "--for=condition=Failed", "--timeout=30s")
    accepted = space.condition("wrong", "Accepted")
    assert (accepted["status"], accepted["reason"]) == ("False", "Invalid")
    assert "spec.workload.builtin" in accepted["message"]
    assert "mnist-mlp" in accepted["message"]
    assert space.condition("wrong", "Finished")["status"] == "True"
    assert "Invalid" in space.kubectl("get", "vcmp", "wrong")
    assert space.jobs() == []
    assert space.events("wrong") == ["Invalid"]
    unknown = comparison("unknown", versions=[{"name": "1.4.0"}, {"name": "1.4.99"}])
    space.apply(unknown)
    space.finish("unknown")
    told = space.condition("unknown", "Failed")["message"]
    assert "spec.versions[1].image: must be given" in told
    assert "take 1.4.0" in told
    account = comparison(
        "account", storage={"uri": "s3://results/x", "serviceAccountName": "cluster-admin"}
    )
    space.apply(account)
    space.finish("account")
    told = space.condition("account", "Failed")["message"]
    assert '"cluster-admin" is not on the operator\'s list (allowed: allowed)' in told


def test_every_field_is_explained(space: Namespace) -> None:
    told = space.kubectl("explain", "versioncomparisons.spec.activeDeadlineSeconds")
    assert "without the time suspended" in " ".join(told.split())
    for field in ("spec", "spec.versions", "status", "status.conditions", "status.trials"):
        assert "<empty>" not in space.kubectl("explain", f"versioncomparisons.{field}")


def test_what_no_job_may_have_is_finished_at_once(space: Namespace) -> None:
    key = {"key": "kubernetes.io/arch", "operator": "Exists", "values": ["amd64"]}
    terms = {"nodeSelectorTerms": [{"matchExpressions": [key]}]}
    node = {"requiredDuringSchedulingIgnoredDuringExecution": terms}
    space.apply(comparison("never", template={"spec": {"affinity": {"nodeAffinity": node}}}))
    space.finish("never", 30)
    told = space.condition("never", "Failed")
    assert told["reason"] == "Invalid"
    assert "matchExpressions[0].values: Forbidden: may not be specified when" in told["message"]
    assert space.jobs() == []
    assert space.events("never") == ["Invalid"]


POLICY = """\
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: %(name)s}
spec:
  matchConstraints:
    resourceRules:
      - {apiGroups: [batch], apiVersions: [v1], operations: [CREATE], resources: [jobs]}
  validations: [{expression: "false", message: not today}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: %(name)s}
spec:
  policyName: %(name)s
  validationActions: [Deny]
  matchResources:
    namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %(name)s}}
"""


def test_what_a_policy_refuses_is_tried_again(space: Namespace) -> None:
    policy = POLICY % {"name": space.name}
    space.plane.run_kubectl("apply", "-f", "-", text=policy)
    try:
        until(lambda: "not today" in _tried(space))
        space.apply(comparison("later"))
        until(lambda: space.reason("later") == "ChildRefused")
        assert "not today" in space.condition("later", "Finished")["message"]
    finally:
        space.plane.run_kubectl("delete", "-f", "-", text=policy)
    assert space.finish("later")["phase"] == "Succeeded"


def _tried(space: Namespace) -> str:
    """Return what is said against a Job, without making it."""
    try:
        return space.kubectl("create", "job", "x", "--image=x", "--dry-run=server")
    except ClusterError as error:
        return str(error)
