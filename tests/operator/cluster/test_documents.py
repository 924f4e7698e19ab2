"""Twin of cluster/documents.py."""

from typing import Any

import pytest

from diptych.api.load import load_text
from diptych.api.storage import Storage
from diptych.cluster.documents import Published, published, submitted
from diptych.cluster.errors import NotThere

TEXT = """
apiVersion: diptych.dev/v1alpha1
kind: VersionComparison
metadata: {name: small, labels: {team: a}}
spec:
  versions: [{name: "2.4.0"}, {name: "2.13.1", env: [{name: A, value: "1"}]}]
  workload: {builtin: adam-linear-regression, parameters: {steps: 20}}
  seeds: {values: [3, 5]}
"""


def test_what_is_submitted_is_what_was_written() -> None:
    resource = load_text(TEXT, "t").resource
    assert resource is not None
    assert submitted(resource, "team-a") == {
        "apiVersion": "diptych.dev/v1alpha1",
        "kind": "VersionComparison",
        "metadata": {"name": "small", "namespace": "team-a", "labels": {"team": "a"}},
        "spec": {
            "versions": [
                {"name": "2.4.0"},
                {"name": "2.13.1", "env": [{"name": "A", "value": "1"}]},
            ],
            "workload": {"builtin": "adam-linear-regression", "parameters": {"steps": 20}},
            "seeds": {"values": [3, 5]},
        },
    }


def document(**status: object) -> dict[str, Any]:
    return {"metadata": {"name": "small"}, **({"status": status} if status else {})}


def test_a_finished_comparison_tells_where_its_report_is() -> None:
    report = {"uri": "s3://results/small-1/report.html", "sha256": "a"}
    found = published(document(report=report, summary={"reason": "Identical: all"}))
    assert found == Published("Identical: all", report["uri"], "a", Storage())


def test_how_the_store_is_reached_is_the_comparisons_to_say() -> None:
    made = document(report={"uri": "s3://results/small-1/report.html"})
    storage = {"uri": "s3://results", "endpoint": "http://minio:9000", "laterField": 1}
    found = published({**made, "spec": {"storage": storage}})
    assert found.storage == Storage(endpoint="http://minio:9000")


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ({}, "no operator has looked at it"),
        (
            {
                "display": {"trials": "3/20"},
                "conditions": [
                    {"type": "Finished", "reason": "Unschedulable", "message": "no GPU"}
                ],
            },
            "small has no report yet: 3/20 trials done, Unschedulable: no GPU",
        ),
        (
            {"conditions": [{"type": "Finished", "reason": "Invalid", "message": "spec.x: no"}]},
            "small has no report yet: Invalid: spec.x: no",
        ),
    ],
)
def test_one_without_a_report_tells_how_far_it_is(status: dict[str, Any], told: str) -> None:
    with pytest.raises(NotThere, match=told):
        published(document(**status))
