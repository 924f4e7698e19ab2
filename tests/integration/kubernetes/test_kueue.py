"""Kueue's side of the contract, played by the test: hold a Job, admit it onto nodes it chooses.

Kueue's webhook suspends a Job that has the queue label as it is made; on admission Kueue puts the
flavor's node labels into the pod template and un-suspends. The proxy plays the webhook.
"""

import json

from tests.integration.kubernetes.cluster import Namespace, comparison, until
from tests.integration.kubernetes.operators import Operator
from tests.integration.kubernetes.proxy import Proxy, Request

QUEUE = "kueue.x-k8s.io/queue-name"


def webhook(request: Request) -> bytes:
    """Suspend a Job that is made with the label, as Kueue's webhook does."""
    if request.method == "POST" and "/jobs" in request.path:
        job = request.object
        assert "suspend" not in job["spec"], "Jobs are made plainly"
        if QUEUE in job["metadata"]["labels"]:
            job["spec"]["suspend"] = True
            return json.dumps(job).encode()
    return request.body


def admit(space: Namespace, job: str) -> None:
    """Admit a Job onto nodes of the flavor."""
    selector = {"kubernetes.io/os": "linux"}
    change = {"spec": {"suspend": False, "template": {"spec": {"nodeSelector": selector}}}}
    space.kubectl("patch", "job", job, "--type=merge", "-p", json.dumps(change))


def test_jobs_wait_for_admission_and_go_where_kueue_sends_them(
    space: Namespace, operator: Operator, proxy: Proxy
) -> None:
    proxy.change = webhook
    space.apply(comparison("queued", queueName="team-a", activeDeadlineSeconds=3600))
    until(lambda: space.reason("queued") == "Queued")
    assert space.condition("queued", "Suspended")["status"] == "False"
    assert "queue team-a" in space.condition("queued", "Finished")["message"]
    assert "Queued" in space.kubectl("get", "vcmp", "queued")
    assert space.pods() == []
    assert "since" not in space.status("queued")["activeTime"]
    for job in space.jobs():
        admit(space, job)
    until(lambda: len(space.pods()) == 6)
    assert all(pod["spec"]["nodeSelector"]["kubernetes.io/os"] == "linux" for pod in space.pods())
    until(lambda: [name for name in space.jobs() if "analysis" in name])
    # The operator never edits a Job: it did not fight the admission.
    assert not [each for each in proxy.writes if each.method != "POST" and "/jobs" in each.path]
    admit(space, next(name for name in space.jobs() if "analysis" in name))
    assert space.finish("queued")["phase"] == "Succeeded"
