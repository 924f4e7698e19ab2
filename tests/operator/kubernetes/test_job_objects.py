"""One whole Job is written out; the others are told by what differs."""

import dataclasses
import json
from typing import Any

import yaml
from kubernetes_validate import validate  # type: ignore[import-untyped]
from tests.operator.kubernetes.builders import CONFIGURATION, Body, item

from diptych.kubernetes import job_objects
from diptych.kubernetes.comparison import Accepted, accept, comparison_of
from diptych.kubernetes.configuration import Configuration
from diptych.kubernetes.names import Part

GOLDEN = """
apiVersion: batch/v1
kind: Job
metadata:
  name: mlp-0f3a77c1-v1-r2
  namespace: team
  labels: &labels
    app.kubernetes.io/managed-by: diptych
    app.kubernetes.io/name: diptych
    app.kubernetes.io/component: trial
    diptych.dev/comparison: mlp
    diptych.dev/uid: 0f3a77c1-63b5-4a1e-9d0e-5a2b8c1d9e00
    diptych.dev/version: "1"
    diptych.dev/round: "2"
  ownerReferences:
    - apiVersion: diptych.dev/v1alpha1
      kind: VersionComparison
      name: mlp
      uid: 0f3a77c1-63b5-4a1e-9d0e-5a2b8c1d9e00
      controller: true
spec:
  completionMode: Indexed
  completions: 3
  parallelism: 3
  backoffLimitPerIndex: 12
  podReplacementPolicy: Failed
  podFailurePolicy:
    rules:
      - {action: Ignore, onPodConditions: [{type: DisruptionTarget, status: "True"}]}
      - {action: FailIndex, onExitCodes: {containerName: trial, operator: In, values: [42]}}
      - {action: Ignore, onExitCodes: {containerName: trial, operator: In, values: [75, 143]}}
  template:
    metadata: {labels: *labels}
    spec:
      restartPolicy: Never
      automountServiceAccountToken: false
      enableServiceLinks: false
      securityContext:
        runAsNonRoot: true
        runAsUser: 65532
        runAsGroup: 65532
        fsGroup: 65532
        fsGroupChangePolicy: OnRootMismatch
        seccompProfile: {type: RuntimeDefault}
      tolerations:
        - key: node.kubernetes.io/not-ready
          operator: Exists
          effect: NoExecute
          tolerationSeconds: 30
        - key: node.kubernetes.io/unreachable
          operator: Exists
          effect: NoExecute
          tolerationSeconds: 30
      containers:
        - name: trial
          image: registry/runner:tensorflow-2.4.0
          command: [python3, -m, diptych_runner]
          env:
            - {name: DIPTYCH_PLAN, value: /etc/diptych/plan.json}
            - {name: DIPTYCH_VERSION, value: 2.4.0}
            - {name: DIPTYCH_IMAGE, value: registry/runner:tensorflow-2.4.0}
            - {name: DIPTYCH_STORE, value: "s3://results/all"}
            - {name: HOME, value: /tmp}
          resources:
            requests: {cpu: "1", memory: 2Gi}
            limits: {cpu: "1", memory: 2Gi}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: {drop: [ALL]}
          terminationMessagePolicy: FallbackToLogsOnError
          volumeMounts:
            - {name: diptych-plan, mountPath: /etc/diptych, readOnly: true}
            - {name: diptych-tmp, mountPath: /tmp}
      volumes:
        - {name: diptych-plan, configMap: {name: mlp-0f3a77c1-plan}}
        - {name: diptych-tmp, emptyDir: {}}
"""


def made(part: Part, configuration: Configuration = CONFIGURATION, **spec: Any) -> Body:  # noqa: ANN401
    comparison = comparison_of(item(**spec))
    accepted = accept(comparison, configuration)
    assert isinstance(accepted, Accepted), accepted
    make = job_objects.analysis_job if part.ordinal is None else job_objects.trial_job
    job = make(comparison, accepted, configuration, part)
    validate(yaml.safe_load(yaml.safe_dump(plain(job))), "1.34", strict=True)
    return job


def plain(value: object) -> object:
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list | tuple) else value


def pod_of(job: Body) -> Body:
    pod: Body = job["spec"]["template"]["spec"]
    return pod


def container_of(job: Body) -> Body:
    container: Body = pod_of(job)["containers"][0]
    return container


def variables_of(job: Body) -> dict[str, object]:
    return {each["name"]: each.get("value", each) for each in container_of(job)["env"]}


def test_a_version_s_job_is_this() -> None:
    assert plain(made(Part(1, 2))) == yaml.safe_load(GOLDEN)


def test_gpus_are_asked_for_and_their_taint_is_tolerated() -> None:
    resources = {"gpus": 2, "gpuProduct": "A100", "cpu": "4", "memory": "16Gi"}
    job = made(Part(0, 1), resources=resources, workload={"builtin": "image-cnn"})
    limits = {"cpu": "4", "memory": "16Gi", "nvidia.com/gpu": "2"}
    assert container_of(job)["resources"] == {"requests": limits, "limits": limits}
    assert "A100" in str(pod_of(job)["affinity"])
    assert {"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"} in pod_of(job)[
        "tolerations"
    ]


def test_parallelism_is_shared_in_fixed_parts() -> None:
    spec: Body = {"parallelism": 5, "trialsPerPod": 1}
    assert made(Part(0, 1), **spec)["spec"]["parallelism"] == 3
    assert made(Part(1, 1), **spec)["spec"]["parallelism"] == 2
    assert made(Part(0, 1), trialsPerPod=9)["spec"]["parallelism"] == 1


def test_the_queue_is_a_label_of_the_job_and_no_job_is_made_suspended() -> None:
    for part in (Part(0, 1), Part(None, 1)):
        job = made(part, queueName="team-a")
        assert job["metadata"]["labels"]["kueue.x-k8s.io/queue-name"] == "team-a"
        assert "suspend" not in job["spec"]


def test_what_kueue_reads_from_a_job_is_taken_from_the_template() -> None:
    kueue = {
        "kueue.x-k8s.io/priority-class": "high",
        "kueue.x-k8s.io/max-exec-time-seconds": "3600",
    }
    for part in (Part(0, 1), Part(None, 1)):
        job = made(part, template={"metadata": {"labels": {**kueue, "team": "a"}}})
        labels = job["metadata"]["labels"]
        assert {name: labels[name] for name in labels if name.startswith("kueue")} == kueue
        assert "team" not in labels
        assert not any(n.startswith("kueue") for n in made(part)["metadata"]["labels"])


def test_what_the_template_allows_is_there_and_our_labels_win() -> None:
    template = {
        "metadata": {
            "labels": {"app.kubernetes.io/name": "x", "a": "b"},
            "annotations": {"c": "d"},
        },
        "spec": {
            "nodeSelector": {"disk": "ssd"},
            "runtimeClassName": "nvidia",
            "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}],
            "volumeMounts": [{"name": "data", "mountPath": "/data", "readOnly": True}],
        },
    }
    job = made(Part(0, 1), template=template)
    metadata = job["spec"]["template"]["metadata"]
    assert metadata["labels"]["app.kubernetes.io/name"] == "diptych"
    assert metadata["labels"]["a"] == "b"
    assert metadata["annotations"] == {"c": "d"}
    assert pod_of(job)["runtimeClassName"] == "nvidia"
    mounts = [each["mountPath"] for each in container_of(job)["volumeMounts"]]
    assert mounts == ["/etc/diptych", "/tmp", "/data"]  # noqa: S108 - in a pod
    # The analysis goes where trials go, without what only trials use.
    analysis = made(Part(None, 1), template=template)
    assert pod_of(analysis)["nodeSelector"] == {"disk": "ssd"}
    assert "runtimeClassName" not in pod_of(analysis)
    assert len(container_of(analysis)["volumeMounts"]) == 2


def test_the_analysis_is_one_pod_without_a_gpu() -> None:
    job = made(Part(None, 3), resources={"gpus": 1})
    assert job["metadata"]["name"] == "mlp-0f3a77c1-analysis-r3"
    assert container_of(job)["command"] == ["python", "-m", "diptych_analysis"]
    assert container_of(job)["args"] == [
        "--plan", "/etc/diptych/plan.json", "--resource", "/etc/diptych/resource.yaml",
    ]  # fmt: skip
    assert "nvidia.com/gpu" not in container_of(job)["resources"]["limits"]
    assert job["spec"]["backoffLimit"] == 2
    actions = [rule["action"] for rule in job["spec"]["podFailurePolicy"]["rules"]]
    assert actions == ["Ignore", "FailJob", "Ignore"]


def test_an_analysis_that_hangs_ends_and_a_long_one_is_not_cut() -> None:
    day = 86_400
    assert made(Part(None, 1))["spec"]["activeDeadlineSeconds"] == 2 * day
    # Nor one that waits for the store as long as it may.
    patient = dataclasses.replace(CONFIGURATION, store_patience=10 * day)
    assert made(Part(None, 1), patient)["spec"]["activeDeadlineSeconds"] == 11 * day
    # Trials have the comparison's deadline, which does not count suspended time.
    assert "activeDeadlineSeconds" not in made(Part(0, 1))["spec"]


def test_what_the_analysis_asks_for_is_the_operator_s_setting() -> None:
    assert container_of(made(Part(None, 1)))["resources"]["requests"]["cpu"] == "1"
    small = dataclasses.replace(CONFIGURATION, analysis_cpu="250m", analysis_memory="512Mi")
    asked = container_of(made(Part(None, 1), small))["resources"]
    assert asked["requests"] == asked["limits"] == {"cpu": "250m", "memory": "512Mi"}


def test_the_store_is_reached_by_variables_and_keys_come_from_the_secret() -> None:
    storage = {
        "uri": "s3://results/team/",
        "endpoint": "https://minio:9000",
        "region": "eu-west-1",
        "addressingStyle": "path",
        "credentialsSecretRef": {"name": "s3"},
        "caBundleConfigMap": "ca",
    }
    job = made(Part(0, 1), storage=storage)
    found = variables_of(job)
    assert found["DIPTYCH_STORE"] == "s3://results/team"
    assert found["DIPTYCH_S3_ENDPOINT"] == "https://minio:9000"
    assert found["DIPTYCH_S3_REGION"] == "eu-west-1"
    assert found["DIPTYCH_S3_ADDRESSING_STYLE"] == "path"
    assert found["DIPTYCH_S3_CA_BUNDLE"] == "/etc/diptych-ca/ca.crt"
    reference = {"name": "s3", "key": "AWS_SESSION_TOKEN", "optional": True}
    assert found["AWS_SESSION_TOKEN"]["valueFrom"]["secretKeyRef"] == reference  # type: ignore[index]
    assert {"name": "diptych-ca", "configMap": {"name": "ca"}} in pod_of(job)["volumes"]


def test_a_service_account_is_used_without_its_token() -> None:
    configuration = dataclasses.replace(CONFIGURATION, service_accounts=frozenset({"writer"}))
    job = made(Part(0, 1), configuration, storage={"serviceAccountName": "writer"})
    assert pod_of(job)["serviceAccountName"] == "writer"
    assert pod_of(job)["automountServiceAccountToken"] is False
    assert "AWS_ACCESS_KEY_ID" not in variables_of(job)


def test_code_of_the_user_s_own_is_mounted_into_trials_alone() -> None:
    module = {"configMap": "my-code", "entrypoint": "train:main"}
    metric = {"name": "loss", "direction": "LowerIsBetter", "evaluator": "meanSquaredError"}
    spec: Body = {"workload": {"module": module}, "analysis": {"metrics": [metric]}}
    job = made(Part(0, 1), **spec)
    assert variables_of(job)["DIPTYCH_MODULE"] == "/etc/diptych-module"
    assert {"name": "diptych-module", "configMap": {"name": "my-code"}} in pod_of(job)["volumes"]
    assert "DIPTYCH_MODULE" not in variables_of(made(Part(None, 1), **spec))


def test_the_longest_name_leaves_a_pod_a_host_name() -> None:
    comparison = comparison_of(item())
    comparison = dataclasses.replace(comparison, name="n" * 40)
    accepted = accept(comparison, CONFIGURATION)
    assert isinstance(accepted, Accepted)
    job = job_objects.trial_job(comparison, accepted, CONFIGURATION, Part(1, 9999))
    assert len(f"{job['metadata']['name']}-99999") <= 63


def test_the_plan_s_configmap_is_immutable_and_keeps_the_resource_and_the_store() -> None:
    comparison = comparison_of(item())
    accepted = accept(comparison, CONFIGURATION)
    assert isinstance(accepted, Accepted)
    body = job_objects.plan_map(comparison, accepted)
    validate(body, "1.34", strict=True)
    assert body["immutable"] is True
    assert set(body["data"]) == {"plan.json", "resource.yaml", "storage.json"}
    assert json.loads(body["data"]["storage.json"]) == {"uri": "s3://results/all"}
