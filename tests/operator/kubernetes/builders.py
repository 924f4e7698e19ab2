"""Objects as the API server answers with them, from the few facts that a test is about."""

import copy
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from diptych.api.base import API_VERSION, KIND
from diptych.kubernetes import names
from diptych.kubernetes.comparison import Accepted, accept, comparison_of
from diptych.kubernetes.configuration import Configuration
from diptych.kubernetes.decide import decide
from diptych.kubernetes.decision import Decision
from diptych.kubernetes.jobs import children_of
from diptych.kubernetes.names import Part, job_name
from diptych.kubernetes.observed import Looked, Observed
from diptych.kubernetes.pods import Stall
from diptych.kubernetes.times import spelled

Body = dict[str, Any]

UID = "0f3a77c1-63b5-4a1e-9d0e-5a2b8c1d9e00"
NAME = "mlp"
START = datetime(2026, 11, 25, 1, 0, 0, tzinfo=UTC)
CONFIGURATION = Configuration(
    runner_image="registry/runner:{framework}-{version}",
    analysis_image="registry/analysis:1",
    store="s3://results/all",
)
VERSIONS = ("2.1.0", "2.4.0")
#: 6 seeds and 3 repeats of a version: 9 trials in 3 blocks.
SPEC: Body = {
    "versions": [{"name": name} for name in VERSIONS],
    "workload": {"builtin": "mnist-mlp"},
    "seeds": {"first": 1, "count": 6},
}
DIGEST: Body = {
    "summary": {
        "verdict": "Equivalent",
        "reason": "within the margin",
        "sha256": "0" * 64,
        "trials": {"planned": 18, "committed": 18, "succeeded": 17, "diverged": 0, "failed": 1},
        "candidates": [{"version": "2.4.0", "verdict": "Equivalent", "reason": "within"}],
    },
    "report": {"uri": "s3://results/all/mlp-0f3a77c1/report.html", "sha256": "1" * 64},
}


def item(status: Body | None = None, generation: int = 1, **spec: object) -> Body:
    """Return the resource as it was answered."""
    return {
        "apiVersion": API_VERSION,
        "kind": KIND,
        "metadata": {
            "name": NAME,
            "namespace": "team",
            "uid": UID,
            "generation": generation,
            "resourceVersion": "7",
            "creationTimestamp": "2026-11-25T00:59:59Z",
            "annotations": {"someone.example/else": "{not: [json"},
        },
        "spec": {**copy.deepcopy(SPEC), **spec},
        **({"status": status} if status is not None else {}),
    }


def job(ordinal: int | None, number: int = 1, **status: object) -> Body:
    """Return a Job of ours.

    `ended` is Complete or Failed, `since` seconds after START; `suspend` is what its spec says.
    """
    ended, suspend = status.pop("ended", None), status.pop("suspend", False)
    since = spelled(START + timedelta(seconds=cast("int", status.pop("since", -3600))))
    name = job_name(NAME, UID, Part(ordinal, number))
    end = {"type": ended, "status": "True", "message": "told", "lastTransitionTime": since}
    conditions = [end] if ended else []
    return {
        "metadata": {
            "name": name,
            "namespace": "team",
            "uid": f"uid-of-{name}",
            "resourceVersion": "9",
            "creationTimestamp": "2026-11-25T01:00:00Z",
            "ownerReferences": [{"uid": UID, "kind": KIND, "name": NAME, "controller": True}],
        },
        "spec": {
            "completions": 1 if ordinal is None else 3,
            "parallelism": 1 if ordinal is None else 3,
            "suspend": suspend,
        },
        "status": {"startTime": "2026-11-25T01:00:00Z", "conditions": conditions, **status},
    }


def uid_of(ordinal: int | None, number: int = 1) -> str:
    """Return the uid that `job` gives."""
    return f"uid-of-{job_name(NAME, UID, Part(ordinal, number))}"


def observed(
    resource: Body,
    *jobs: Body,
    looked: dict[str, Looked] | None = None,
    refusals: tuple[Stall, ...] = (),
    configuration: Configuration = CONFIGURATION,
) -> Observed:
    """Return what a look at these objects saw."""
    comparison = comparison_of(resource)
    children = children_of(jobs, UID)
    accepted = accept(comparison, configuration, children=children)
    assert isinstance(accepted, Accepted), accepted
    return Observed(comparison, accepted, children, looked or {}, refusals)


def decided(seen: Observed, after: int = 0) -> Decision:
    """Return the decision so many seconds after the start."""
    return decide(seen, CONFIGURATION, START + timedelta(seconds=after))


def names_of(decision: Decision) -> list[str]:
    """Return the names of the Jobs that a decision makes."""
    return [body["metadata"]["name"] for body in decision.create if body["kind"] == "Job"]


def message(status: Body | None, kind: str) -> str:
    """Return the message of a condition."""
    assert status is not None
    return str(next(each["message"] for each in status["conditions"] if each["type"] == kind))


def condition(status: Body | None, kind: str) -> tuple[str, str]:
    """Return a condition's status and reason."""
    assert status is not None, "nothing to write"
    found = next(each for each in status["conditions"] if each["type"] == kind)
    return found["status"], found["reason"]


def child_of(job_uid: str, index: int | None = None) -> Body:
    """Return what the metadata of a Job's pod says of the Job."""
    labels = {names.CONTROLLER_UID: job_uid}
    if index is not None:
        labels[names.INDEX] = str(index)
    owner = {"kind": "Job", "uid": job_uid, "controller": True}
    return {"labels": labels, "ownerReferences": [owner]}
