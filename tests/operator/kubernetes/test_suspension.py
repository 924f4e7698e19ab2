"""Suspended is what has no pod any more; until then it is about to be."""

import dataclasses
from datetime import timedelta

import pytest
from tests.operator.kubernetes.builders import (
    Body,
    condition,
    decided,
    item,
    job,
    message,
    observed,
    uid_of,
)

from diptych.kubernetes import names
from diptych.kubernetes.looks import MANY, Look, looks_at
from diptych.kubernetes.observed import Looked
from diptych.kubernetes.pods import Pod, Stall

DONE = job(1, ended="Complete", succeeded=3)


def going(ordinal: int | None, **status: int) -> Body:
    """Return a Job that was deleted and is there until its pods are gone."""
    body = job(ordinal, **status)
    body["metadata"]["deletionTimestamp"] = "2026-11-25T01:00:10Z"
    return body


def test_it_is_suspended_once_its_last_pod_has_ended_and_told_then() -> None:
    begun = decided(observed(item(), job(0, active=3, ready=3), DONE)).status
    asked = decided(observed(item(begun, suspend=True), job(0, active=3, ready=3), DONE), 10)
    assert condition(asked.status, "Suspended") == ("False", "Suspending")
    assert message(asked.status, "Suspended") == "spec.suspend is true; 3 pods have yet to end"
    assert message(asked.status, "Finished").startswith("spec.suspend is true; 3 pods have yet")
    assert [each.reason for each in asked.notices] == ["DeletingJobs"]
    assert asked.urgent, "its pods keep their GPUs until the status is written"
    assert asked.look_again == timedelta(seconds=1)
    assert asked.status is not None
    assert asked.status["phase"] == "Suspending"
    ends = observed(item(asked.status, suspend=True), going(0, active=0, terminating=1), DONE)
    one = decided(ends, 11)
    assert message(one.status, "Suspended") == "spec.suspend is true; 1 pod has yet to end"
    assert (one.notices, one.delete, one.create) == ((), (), ())
    assert one.look_again == timedelta(seconds=1)
    last = decided(observed(item(one.status, suspend=True), going(0), DONE), 12).status
    assert message(last, "Suspended") == "spec.suspend is true; its Jobs are being deleted"
    gone = decided(observed(item(last, suspend=True), DONE), 13)
    assert condition(gone.status, "Suspended") == ("True", "Suspended")
    assert condition(gone.status, "Finished") == ("False", "Suspended")
    assert [each.reason for each in gone.notices] == ["Suspended"]


def test_a_pod_of_a_lost_node_is_named() -> None:
    stuck = Stall(names.POD_STUCK, "pod p should have ended", "delete the node")
    seen = observed(
        item(suspend=True),
        going(0, terminating=1),
        DONE,
        looked={uid_of(0): Looked((Pod("p", "u", "Running", stuck),))},
    )
    assert message(decided(seen).status, "Suspended") == (
        "spec.suspend is true; 1 pod has yet to end; pod p should have ended; delete the node"
    )
    looks = looks_at(
        seen.comparison, seen.accepted, seen.children, may_identify=False, may_explain=True
    )
    assert Look(seen.children.all[0], "Running", MANY) in looks


@pytest.mark.parametrize("left", [0, 2])
def test_pods_whose_job_somebody_deleted_run_too(left: int) -> None:
    begun = decided(observed(item(), job(0, active=3), DONE)).status
    seen = observed(item(begun, suspend=True), DONE)
    seen = dataclasses.replace(seen, leftovers={0: left} if left else {})
    suspended = condition(decided(seen, 10).status, "Suspended")
    assert suspended == (("False", "Suspending") if left else ("True", "Suspended"))


def test_an_analysis_that_ends_is_waited_for_too() -> None:
    ends = observed(item(suspend=True), going(None, terminating=1))
    assert condition(decided(ends).status, "Suspended") == ("False", "Suspending")


def test_resumed_before_that_it_says_so_as_ever() -> None:
    ends = going(0, terminating=1)
    asked = decided(observed(item(suspend=True), ends, DONE)).status
    resumed = decided(observed(item(asked), ends, DONE), 11)
    assert condition(resumed.status, "Suspended") == ("False", "Resuming")
    assert [each.reason for each in resumed.notices] == ["Resumed"]
    waits = decided(observed(item(resumed.status), ends, DONE), 12)
    assert (waits.notices, waits.status) == ((), None)
    # What the operator deleted itself is not told as missing, however late its next round is made.
    made = decided(observed(item(resumed.status), DONE), 13)
    assert condition(made.status, "Suspended") == ("False", "NotSuspended")
    assert [each.reason for each in made.notices] == ["JobsCreated"]
