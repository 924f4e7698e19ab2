"""The parts of the resource that no rule is about: seeds, envelope and status."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from diptych.api.load import Loaded, load_mapping
from diptych.api.seeds import Seeds
from diptych.api.status import Status

STATUS: dict[str, Any] = {
    "observedGeneration": 2,
    "phase": "Compared",
    "display": {"versions": "2.1.0 → 2.4.0", "trials": "20/20"},
    "conditions": [
        {
            "type": "Finished",
            "status": "True",
            "reason": "Compared",
            "message": "a verdict was reached",
            "lastTransitionTime": "2026-01-01T00:00:00Z",
            "observedGeneration": 2,
        }
    ],
    "trials": {"total": 20, "committed": 20, "succeeded": 20, "failed": 0, "active": 0},
    "versions": [
        {
            "name": "2.1.0",
            "image": "i:1",
            "imageID": "i@sha256:0",
            "otherImageIDs": ["i@sha256:1"],
            "committed": 10,
            "gaveWay": {
                "job": "tf-0b8b9b1c-v0-r1",
                "reason": "ErrImagePull",
                "message": "not found",
                "until": "2026-01-01T00:01:00Z",
            },
            "jobs": ["a-v0-r1"],
        }
    ],
    "analysisJobs": ["a-analysis-r1"],
    "failingJobs": ["mlp-0f3a77c1-v0-r1"],
    "activeTime": {"seconds": 30, "since": "2026-01-01T00:00:00Z"},
    "storeUnreachableSince": "2026-01-01T00:00:00Z",
    "summary": {
        "verdict": "Different",
        "reason": "test_loss differs",
        "sha256": "a" * 64,
        "trials": {
            "planned": 20,
            "committed": 18,
            "succeeded": 18,
            "diverged": 0,
            "failed": 0,
            "missing": [{"version": "2.4.0", "trials": 2}],
        },
        "candidates": [{"version": "2.4.0", "verdict": "Different", "reason": "", "cause": "init"}],
        "candidatesLeftOut": 0,
    },
    "report": {"uri": "s3://r/report.html", "sha256": "b" * 64},
    "startTime": "2026-01-01T00:00:00Z",
    "completionTime": "2026-01-01T01:00:00Z",
}


@pytest.mark.parametrize(
    ("seeds", "resolved"),
    [
        (Seeds(), list(range(1, 11))),
        (Seeds(count=3), [1, 2, 3]),
        (Seeds(first=7, count=2), [7, 8]),
        (Seeds(values=(14, 3)), [14, 3]),
    ],
)
def test_seeds_are_a_range_or_the_values_in_their_order(seeds: Seeds, resolved: list[int]) -> None:
    assert seeds.resolved == resolved


def test_a_status_is_written_as_it_is_read() -> None:
    status = Status.model_validate_json(
        Status.model_validate(STATUS, strict=False).model_dump_json()
    )
    assert status.model_dump(mode="json") == STATUS


def test_a_status_with_an_unknown_field_is_refused() -> None:
    with pytest.raises(ValidationError, match="verdict"):
        Status.model_validate({"verdict": "Equivalent"})


def test_what_the_api_server_adds_is_accepted(check: Callable[..., Loaded]) -> None:
    resource = check().resource
    assert resource is not None
    document = resource.model_dump(mode="json", exclude_none=True)
    document["metadata"] |= {
        "uid": "0b8b9b1c-6c1f-4a51-a8f0-000000000000",
        "generation": 1,
        "resourceVersion": "12",
        "creationTimestamp": "2026-01-01T00:00:00Z",
        "managedFields": [{"manager": "kubectl", "fieldsV1": {"f:spec": {}}}],
    }
    document["status"] = STATUS
    loaded = load_mapping(document, "api")
    assert loaded.problems == []
    assert loaded.resource is not None
    assert loaded.resource.metadata.uid == "0b8b9b1c-6c1f-4a51-a8f0-000000000000"
