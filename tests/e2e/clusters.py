"""A cluster as a person uses it: kubectl, and the object store through a forwarded port."""

import json
import re
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from tools.cluster.errors import ClusterError
from tools.deploy import NAMESPACE

from diptych_runner.stores.base import Store
from diptych_runner.stores.location import store_at

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "manifests" / "examples"
OPERATOR = ("--namespace", "diptych-system", "deployment/diptych-operator")
#: What manifests/components/minio/credentials.env says.
CREDENTIALS = {
    line.partition("=")[0]: line.partition("=")[2]
    for line in (ROOT / "manifests/components/minio/credentials.env").read_text().split()
}


@dataclass(frozen=True)
class Cluster:
    """One cluster with Diptych in it."""

    program: Path
    kubeconfig: Path
    #: Every request to the API server; None where the cluster is not ours.
    audit_log: Path | None = None

    @property
    def is_ours(self) -> bool:
        """Tell whether it was made for these tests."""
        return self.audit_log is not None

    @property
    def here(self) -> list[str]:
        """Return kubectl with what names this cluster."""
        return [str(self.program), "--kubeconfig", str(self.kubeconfig)]

    def kubectl(self, *arguments: str, text: str | None = None) -> str:
        """Run kubectl where comparisons live, unless the arguments name another namespace."""
        ended = subprocess.run(
            self.command(*arguments), input=text, capture_output=True, text=True, check=False
        )
        if ended.returncode != 0:
            raise ClusterError(f"kubectl {' '.join(arguments)}: {ended.stderr.strip()}")
        return ended.stdout

    def command(self, *arguments: str) -> list[str]:
        """Return a command line of kubectl."""
        elsewhere = {"-A", "-n", "--namespace"} & set(arguments)
        return [*self.here, *(() if elsewhere else ("--namespace", NAMESPACE)), *arguments]

    def get(self, *what: str) -> Any:  # noqa: ANN401 - JSON
        """Return what kubectl get says, as values."""
        return json.loads(self.kubectl("get", *what, "-o", "json"))

    def apply(self, resource: dict[str, Any]) -> str:
        """Apply a comparison and return its name."""
        self.kubectl("apply", "-f", "-", text=yaml.safe_dump(resource))
        name: str = resource["metadata"]["name"]
        return name

    def status(self, name: str) -> dict[str, Any]:
        """Return a comparison's status, empty before the operator has seen it."""
        status: dict[str, Any] = self.get("vcmp", name).get("status", {})
        return status

    def condition(self, name: str, kind: str) -> dict[str, Any]:
        """Return one of its conditions, empty before the operator has seen it."""
        found = self.status(name).get("conditions", [])
        return next((each for each in found if each["type"] == kind), {})

    def wait_finished(self, name: str, seconds: int = 420) -> dict[str, Any]:
        """Wait as a person would, and return the status."""
        try:
            self.kubectl(
                "wait", f"vcmp/{name}", "--for=condition=Finished", f"--timeout={seconds}s"
            )
        except ClusterError as error:
            raise AssertionError(f"{error}\n{self.kubectl('describe', 'vcmp', name)}") from error
        return self.status(name)

    def jobs(self, name: str, *more: str) -> list[dict[str, Any]]:
        """Return a comparison's Jobs."""
        found: list[dict[str, Any]] = self.get("jobs", *_of(name, *more))["items"]
        return found

    def pods(self, name: str, *more: str) -> list[dict[str, Any]]:
        """Return a comparison's pods."""
        found: list[dict[str, Any]] = self.get("pods", *_of(name, *more))["items"]
        return found

    def children(self, name: str) -> list[str]:
        """Return the names of all that the operator made for a comparison."""
        return self.kubectl("get", "jobs,pods,configmaps", "-o", "name", *_of(name)).split()

    def folder_of(self, name: str) -> str:
        """Return the comparison's folder in the store."""
        uid = self.get("vcmp", name)["metadata"]["uid"]
        return f"{name}-{uid[:8]}"

    @contextmanager
    def store(self, name: str) -> Iterator[Store]:
        """Reach a comparison's records in the cluster's own object store."""
        with (
            self._forwarded("minio", "service/minio", 9000) as port,
            pytest.MonkeyPatch.context() as patch,
        ):
            endpoint = {"DIPTYCH_S3_ENDPOINT": f"http://127.0.0.1:{port}"}
            for variable, value in {**CREDENTIALS, **endpoint, "AWS_REGION": "us-east-1"}.items():
                patch.setenv(variable, value)
            yield store_at(f"s3://results/{self.folder_of(name)}")

    def make_bucket(self, name: str) -> None:
        """Make a bucket in the cluster's own object store."""
        keys = {
            "aws_access_key_id": "AWS_ACCESS_KEY_ID",
            "aws_secret_access_key": "AWS_SECRET_ACCESS_KEY",
        }
        with self._forwarded("minio", "service/minio", 9000) as port:
            client = boto3.client(
                "s3",
                endpoint_url=f"http://127.0.0.1:{port}",
                region_name="us-east-1",
                **{argument: CREDENTIALS[key] for argument, key in keys.items()},
            )
            client.create_bucket(Bucket=name)

    @contextmanager
    def _forwarded(self, namespace: str, what: str, port: int) -> Iterator[int]:
        command = self.command("-n", namespace, "port-forward", what, f":{port}")
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                found = re.search(r"127\.0\.0\.1:(\d+)", process.stdout.readline())
                assert found is not None, "kubectl port-forward said nothing"
                yield int(found[1])
            finally:
                process.terminate()

    def operator_restarts(self) -> dict[str, int]:
        """Return how often the operator was started anew, by its pod."""
        selector = "app.kubernetes.io/component=operator"
        pods = self.get("pods", "--namespace", "diptych-system", "--selector", selector)["items"]
        return {
            pod["metadata"]["name"]: sum(
                each["restartCount"] for each in pod["status"].get("containerStatuses", [])
            )
            for pod in pods
        }

    def operator_log_before(self, pod: str) -> str:
        """Return what the operator said before it was started anew."""
        return self.kubectl("logs", "--namespace", "diptych-system", pod, "--previous")

    @contextmanager
    def without_operator(self) -> Iterator[None]:
        """Stop the operator for a while."""
        self.kubectl("scale", *OPERATOR, "--replicas=0")
        self.kubectl(
            *("wait", "pod", "-n", "diptych-system", "--for=delete", "--timeout=90s"),
            "--selector=app.kubernetes.io/component=operator",
        )
        try:
            yield
        finally:
            self.kubectl("scale", *OPERATOR, "--replicas=1")
            self.kubectl("rollout", "status", *OPERATOR, "--timeout=120s")


def _of(name: str, *more: str) -> list[str]:
    return ["--selector", ",".join([f"diptych.dev/comparison={name}", *more])]


def example(file: str, **spec: Any) -> dict[str, Any]:  # noqa: ANN401 - fields of the spec
    """Return an example with one GPU a pod, under a name of its own."""
    document: dict[str, Any] = yaml.safe_load((EXAMPLES / file).read_text())
    document["metadata"]["name"] = f"{file.partition('-')[0]}-{uuid.uuid4().hex[:6]}"
    # There are GPUs for the scheduler and none for the framework.
    gpu = {"gpus": 1, "accelerator": "Optional"}
    document["spec"]["resources"] = {**gpu, "cpu": "500m", "memory": "1Gi"}
    document["spec"] |= spec
    return document


def comparison(**spec: Any) -> dict[str, Any]:  # noqa: ANN401 - fields of the spec
    """Return the example of the two Adams: two short trials a seed, for there is no repeat."""
    short = {"parallelism": 4, "trialsPerPod": 2, "noiseFloor": {"repeats": 1}}
    return example("adam-1.2.1-vs-1.4.0.yaml", **{**short, **spec})


def until(is_so: Callable[[], object], seconds: float = 60.0, every: float = 0.5) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"not within {seconds:g} s"
        time.sleep(every)
