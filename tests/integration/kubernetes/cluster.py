"""Comparisons on the test cluster: made, looked at and waited for, as a user does with kubectl."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import yaml
from tools.cluster.control_plane import ControlPlane
from tools.cluster.errors import ClusterError

from diptych.api.base import API_VERSION, KIND
from diptych.kubernetes.times import spelled

Body = dict[str, Any]

DIGEST: Body = {
    "summary": {
        "verdict": "Equivalent",
        "reason": "test_accuracy of 2.4.0 is within 0.01 of 2.1.0.",
        "sha256": "0" * 64,
        "trials": {"planned": 18, "committed": 18, "succeeded": 18, "diverged": 0, "failed": 0},
        "candidates": [{"version": "2.4.0", "verdict": "Equivalent", "reason": "within 0.01"}],
    },
    "report": {"uri": "s3://results/test/report.html", "sha256": "1" * 64},
}


def comparison(
    name: str,
    *,
    digest: Body | None = DIGEST,
    runs_for: str = "",
    stops_in: str = "",
    **spec: Any,  # noqa: ANN401
) -> Body:
    """Return a comparison of 18 trials in 6 pods of a GPU each, with what is changed."""
    annotations = {"test.diptych.dev/digest": json.dumps(digest) if digest else ""}
    if runs_for:
        annotations["cluster.diptych.dev/runs-for"] = runs_for
    if stops_in:
        annotations["test.diptych.dev/stops-in"] = stops_in
    return {
        "apiVersion": API_VERSION,
        "kind": KIND,
        "metadata": {"name": name},
        "spec": {
            "versions": [{"name": "2.1.0"}, {"name": "2.4.0"}],
            "workload": {"builtin": "mnist-mlp"},
            "seeds": {"first": 1, "count": 6},
            "resources": {"gpus": 1},
            "template": {"metadata": {"annotations": annotations}},
            **spec,
        },
    }


class Namespace:
    """A namespace of the test cluster."""

    def __init__(self, plane: ControlPlane, name: str) -> None:
        self.plane = plane
        self.name = name

    def kubectl(self, *arguments: str, text: str | None = None) -> str:
        """Run kubectl in the namespace; return what it printed."""
        return self.plane.run_kubectl("-n", self.name, *arguments, text=text)

    def apply(self, *documents: Body) -> None:
        """Apply objects as a user does."""
        self.kubectl("apply", "-f", "-", text=yaml.safe_dump_all(documents))

    def refusal(self, *documents: Body) -> str:
        """Apply objects that the API server refuses; return its words."""
        try:
            self.apply(*documents)
        except ClusterError as error:
            return str(error)
        raise AssertionError("it was taken")

    def patch(self, name: str, **spec: object) -> None:
        """Change fields of a comparison's spec."""
        text = json.dumps({"spec": spec})
        self.kubectl("patch", "vcmp", name, "--type=merge", "-p", text)

    def get(self, *what: str) -> Any:  # noqa: ANN401 - JSON
        """Return an object or a list."""
        return json.loads(self.kubectl("get", *what, "-o", "json"))

    def status(self, name: str) -> Body:
        """Return a comparison's status; empty before the first."""
        found: Body = self.get("vcmp", name).get("status", {})
        return found

    def condition(self, name: str, kind: str) -> Body:
        """Return a condition of a comparison; empty before the first status."""
        conditions = self.status(name).get("conditions", [])
        return next((each for each in conditions if each["type"] == kind), {})

    def reason(self, name: str) -> str:
        """Return why it is finished, or why not yet."""
        return str(self.condition(name, "Finished").get("reason", ""))

    def finish(self, name: str, seconds: int = 120) -> Body:
        """Wait as a user does for the end of a comparison; return its status."""
        wait = ("wait", f"vcmp/{name}", "--for=condition=Finished", f"--timeout={seconds}s")
        try:
            self.kubectl(*wait)
        except ClusterError as error:
            raise AssertionError(f"{error}\n{self.kubectl('describe', 'vcmp', name)}") from error
        return self.status(name)

    def jobs(self) -> list[str]:
        """Return the names of the Jobs, sorted."""
        return sorted(job["metadata"]["name"] for job in self.get("jobs")["items"])

    def pods(self, selector: str = "") -> list[Body]:
        """Return the pods that have labels."""
        found: list[Body] = self.get("pods", "-l", selector)["items"]
        return found

    def events(self, name: str) -> list[str]:
        """Return the reasons of the Events about a comparison, the oldest first."""
        items = self.get("events", "--field-selector", f"involvedObject.name={name}")["items"]
        items.sort(key=lambda item: item["metadata"]["name"])
        return [item["reason"] for item in items if item["involvedObject"]["kind"] == KIND]

    def end_pod(self, pod: str, code: int, message: str = "", *, now: bool = False) -> None:
        """Have a pod's container end, as a kubelet would report it.

        Unless it is now it was long ago, and the Job controller makes the next pod at once.
        """
        moment = spelled(datetime.now(UTC)) if now else "2026-01-01T00:00:00Z"
        state = {"exitCode": code, "message": message, "startedAt": moment, "finishedAt": moment}
        status = self.get("pod", pod)["status"]["containerStatuses"][0]
        ended = {**status, "ready": False, "started": False, "state": {"terminated": state}}
        phase = "Succeeded" if code == 0 else "Failed"
        change = json.dumps({"status": {"phase": phase, "containerStatuses": [ended]}})
        self.kubectl("patch", "pod", pod, "--subresource=status", "--type=merge", "-p", change)


def until(is_so: Callable[[], object], seconds: float = 90.0, why: Callable[[], str] = str) -> None:
    """Wait until something is so; a busy machine gets its time."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, why()
        time.sleep(0.1)
