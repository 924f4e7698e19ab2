"""The control plane is a real one: GPUs are scheduled, quotas hold, stopped parts come back."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from tools.cluster import watchdog
from tools.cluster.control_plane import ControlPlane
from tools.cluster.control_plane import control_plane as start_control_plane
from tools.cluster.errors import ClusterError


def indexed_job(name: str, completions: int, parallelism: int, **annotations: str) -> str:
    pod = {
        "metadata": {"annotations": {k.replace("_", "-"): v for k, v in annotations.items()}},
        "spec": {
            "restartPolicy": "Never",
            "tolerations": [
                {"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"}
            ],
            "containers": [
                {"name": "trial", "image": "none", "resources": {"limits": {"nvidia.com/gpu": 1}}}
            ],
        },
    }
    return yaml.safe_dump(
        {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": {"name": name},
            "spec": {
                "completionMode": "Indexed",
                "completions": completions,
                "parallelism": parallelism,
                "template": pod,
            },
        }
    )


def get(plane: ControlPlane, namespace: str, *what: str) -> Any:  # noqa: ANN401 - JSON
    return json.loads(plane.run_kubectl("-n", namespace, "get", *what, "-o", "json"))


def until(is_so: Callable[[], object], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "not within the time"
        time.sleep(0.1)


def test_an_indexed_job_with_gpus_runs_to_completion(
    control_plane: ControlPlane, namespace: str
) -> None:
    (node,) = control_plane.add_nodes(1, gpus=2, product="Test-GPU")
    control_plane.run_kubectl(
        "-n", namespace, "apply", "-f", "-", text=indexed_job("trials", 5, parallelism=5)
    )
    control_plane.run_kubectl(
        "-n", namespace, "wait", "--for=condition=Complete", "--timeout=60s", "job/trials"
    )
    pods = get(control_plane, namespace, "pods")["items"]
    indices = [
        pod["metadata"]["annotations"]["batch.kubernetes.io/job-completion-index"] for pod in pods
    ]
    assert sorted(indices) == ["0", "1", "2", "3", "4"]
    assert {pod["status"]["phase"] for pod in pods} == {"Succeeded"}
    shown = get(control_plane, namespace, "node", node)
    assert shown["metadata"]["labels"]["nvidia.com/gpu.product"] == "Test-GPU"


def test_a_pod_without_a_free_gpu_waits_and_the_scheduler_says_why(
    control_plane: ControlPlane, namespace: str
) -> None:
    job = yaml.safe_load(indexed_job("big", 1, parallelism=1))
    container = job["spec"]["template"]["spec"]["containers"][0]
    container["resources"]["limits"]["nvidia.com/gpu"] = 999
    control_plane.run_kubectl("-n", namespace, "apply", "-f", "-", text=yaml.safe_dump(job))

    def sentence() -> str:
        events = get(control_plane, namespace, "events")["items"]
        return " ".join(e["message"] for e in events if e["reason"] == "FailedScheduling")

    until(lambda: "Insufficient nvidia.com/gpu" in sentence() or "no nodes" in sentence())


def test_a_quota_of_zero_holds_pods_back(control_plane: ControlPlane, namespace: str) -> None:
    control_plane.run_kubectl("-n", namespace, "create", "quota", "none", "--hard=pods=0")
    control_plane.run_kubectl(
        "-n", namespace, "apply", "-f", "-", text=indexed_job("held", 1, parallelism=1)
    )

    def refusals() -> list[str]:
        events = get(control_plane, namespace, "events")["items"]
        return [e["message"] for e in events if e["reason"] == "FailedCreate"]

    until(refusals)
    assert "exceeded quota: none" in refusals()[0]


def test_pod_security_refuses_what_its_label_forbids(
    control_plane: ControlPlane, namespace: str
) -> None:
    control_plane.run_kubectl(
        "label", "namespace", namespace, "pod-security.kubernetes.io/enforce=restricted"
    )
    with pytest.raises(ClusterError, match="violates PodSecurity"):
        control_plane.run_kubectl("-n", namespace, "run", "bare", "--image=none")


def test_the_audit_log_tells_each_write_twice(control_plane: ControlPlane, namespace: str) -> None:
    control_plane.run_kubectl("-n", namespace, "create", "configmap", "noted")
    lines = control_plane.audit_log.read_text(encoding="utf-8").splitlines()
    stages = [
        entry["stage"]
        for entry in map(json.loads, lines)
        if entry["verb"] == "create"
        and entry.get("objectRef", {}).get("resource") == "configmaps"
        and entry["objectRef"].get("namespace") == namespace
        and entry["user"]["username"] == "admin"
    ]
    assert stages == ["RequestReceived", "ResponseComplete"]


def test_a_stage_of_ones_own_decides_what_becomes_of_pods(
    control_plane: ControlPlane, namespace: str
) -> None:
    control_plane.add_nodes(1)
    control_plane.apply_stage(
        textwrap.dedent("""
            apiVersion: kwok.x-k8s.io/v1alpha1
            kind: Stage
            metadata: {name: pod-complete}
            spec:
              resourceRef: {apiGroup: v1, kind: Pod}
              selector:
                matchExpressions:
                  - {key: .status.phase, operator: In, values: [Running]}
              next:
                statusTemplate: |
                  containerStatuses:
                  - name: trial
                    image: none
                    imageID: none
                    ready: false
                    restartCount: 0
                    state: {terminated: {exitCode: 42, reason: Error, message: "from a Stage"}}
                  phase: Failed
        """)
    )
    try:
        job = yaml.safe_load(indexed_job("failing", 1, parallelism=1))
        job["spec"]["backoffLimit"] = 0
        control_plane.run_kubectl("-n", namespace, "apply", "-f", "-", text=yaml.safe_dump(job))
        # kwok was started anew for the Stage, and waits for the leases of the one before it.
        control_plane.run_kubectl(
            "-n", namespace, "wait", "--for=condition=Failed", "--timeout=30s", "job/failing"
        )
    finally:
        control_plane.reset_stages()
    (pod,) = get(control_plane, namespace, "pods")["items"]
    assert pod["status"]["containerStatuses"][0]["state"]["terminated"]["exitCode"] == 42
    assert pod["status"]["containerStatuses"][0]["state"]["terminated"]["message"] == "from a Stage"


def test_a_pod_runs_as_long_as_its_annotation_says(
    control_plane: ControlPlane, namespace: str
) -> None:
    control_plane.add_nodes(1)
    job = yaml.safe_load(indexed_job("long", 1, parallelism=1))
    job["spec"]["template"]["metadata"]["annotations"] = {"cluster.diptych.dev/runs-for": "1h"}
    control_plane.run_kubectl("-n", namespace, "apply", "-f", "-", text=yaml.safe_dump(job))
    until(lambda: get(control_plane, namespace, "job", "long")["status"].get("ready"))
    time.sleep(3)
    assert get(control_plane, namespace, "job", "long")["status"]["active"] == 1


def test_the_api_server_can_go_and_come_back(tmp_path: Path) -> None:
    """Of a cluster of its own: other tests' operators complain of a server that is away."""
    with start_control_plane(tmp_path) as plane:
        plane.run_kubectl("create", "configmap", "kept")
        plane.stop_component("kube-apiserver")
        with pytest.raises(ClusterError, match="refused"):
            plane.run_kubectl("get", "configmap", "kept")
        plane.start_component("kube-apiserver")
        assert get(plane, "default", "configmap", "kept")["metadata"]["name"] == "kept"


def test_a_component_that_is_not_there_is_named_with_those_that_are(
    control_plane: ControlPlane,
) -> None:
    with pytest.raises(ClusterError, match="kubelet: no such component; there are etcd, kube-api"):
        control_plane.stop_component("kubelet")


def test_nothing_outlives_a_killed_test_run(control_plane: ControlPlane, tmp_path: Path) -> None:
    """A second cluster starts beside the first, and ends with its owner, killed."""
    owner = subprocess.Popen(
        [
            *(sys.executable, "-c"),
            "import pathlib, sys, time\n"
            "from tools.cluster.control_plane import control_plane\n"
            f"with control_plane(pathlib.Path({str(tmp_path)!r})) as plane:\n"
            "    print(*plane.processes.pids(), flush=True)\n"
            "    time.sleep(600)\n",
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert owner.stdout is not None
    pids = [int(pid) for pid in owner.stdout.readline().split()]
    assert len(pids) == 5
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    owner.stdout.close()
    until(lambda: not any(watchdog.start_time(pid) for pid in pids), 30)
    until(lambda: not (tmp_path / "data").exists(), 30)
    assert (tmp_path / "logs" / "etcd.log").exists()
    assert control_plane.rest.answers("/readyz")
    assert os.getpid() not in pids
