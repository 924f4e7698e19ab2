import asyncio
from typing import Any, cast

import pytest
from tests.operator.kubernetes.builders import START, UID, item, job
from tests.operator.kubernetes.fake_api import FakeApi

from diptych.kubernetes import paths
from diptych.kubernetes.api import Answer
from diptych.kubernetes.apply import delete_rest, event_of, merge_patch, reason_of
from diptych.kubernetes.comparison import comparison_of
from diptych.kubernetes.decision import Decision, Notice
from diptych.kubernetes.jobs import children_of


def test_a_patch_has_what_changed_and_null_for_what_is_gone() -> None:
    old = {"a": 1, "b": {"x": 1, "y": 2}, "c": [1, 2], "d": "gone"}
    new = {"a": 1, "b": {"x": 1, "z": 3}, "c": [2], "e": {"f": {}}}
    assert merge_patch(old, new) == {
        "b": {"y": None, "z": 3}, "c": [2], "d": None, "e": {"f": {}},
    }  # fmt: skip
    assert merge_patch(new, new) == {}
    assert merge_patch("garbage", new) == new


def test_an_event_s_name_follows_from_what_it_tells_and_sorts_by_it() -> None:
    comparison = comparison_of(item())
    reasons = ("Accepted", "JobsCreated", "ErrImagePull", "Unschedulable")
    names = [
        event_of(comparison, Notice("Normal", reason, "b"), "7", START)["metadata"]["name"]
        for reason in reasons
    ]
    assert names == sorted(set(names))
    # Whatever else is told with it this time, and in whichever words.
    again = event_of(comparison, Notice("Warning", "JobsCreated", "c"), "7", START)
    assert again["metadata"]["name"] == names[1] == "mlp.00000000000706jobscreated"
    odd = event_of(comparison, Notice("Warning", "Odd:" + "x" * 200, "c"), "7", START)
    assert len(odd["metadata"]["name"]) <= 253
    assert ":" not in odd["metadata"]["name"]
    jobs = ["a" * 38 + f"-0f3a77c1-v{place}-r1" for place in (1, 10, 11)]
    about = [Notice("Normal", "DeletingJobs", "gone", job) for job in jobs]
    told = {event_of(comparison, each, "7", START)["metadata"]["name"] for each in about}
    assert len(told) == 3


def test_a_job_goes_after_its_pods_and_a_comparison_before_its_jobs() -> None:
    api, mine, comparison = FakeApi(), job(0), comparison_of(item())
    api.put(f"{paths.jobs('team')}/{mine['metadata']['name']}", mine)
    api.put(paths.comparison("team", "mlp"), item())
    for decision in (
        Decision(delete=children_of([mine], UID).all),
        Decision(delete_comparison=True),
    ):
        stored = api.objects.get(paths.comparison("team", "mlp"), item())
        stored["metadata"]["resourceVersion"] = comparison.resource_version
        asyncio.run(delete_rest(cast("Any", api), comparison, decision))
    assert api.objects == {}
    assert api.propagations == ["Foreground", "Background"]


INVALID = 'Job.batch "mlp" is invalid: spec.template.spec.tolerations[0].operator: Invalid value'


@pytest.mark.parametrize(
    ("code", "reason", "message", "found"),
    [
        (422, "Invalid", INVALID, "ChildInvalid"),
        (422, "Invalid", 'ConfigMap "mlp" is invalid: []: Too long', "ChildRefused"),
        (422, "Invalid", f'admission webhook "x.y" denied the request: {INVALID}', "ChildRefused"),
        (422, "Invalid", "ValidatingAdmissionPolicy 'p' with binding 'b' denied", "ChildRefused"),
        (403, "Forbidden", INVALID, "ChildRefused"),
        (409, "AlreadyExists", INVALID, "ChildRefused"),
        (429, "TooManyRequests", INVALID, "ChildRefused"),
        (403, "Forbidden", 'jobs.batch "mlp" is forbidden: exceeded quota: q', "QuotaExceeded"),
    ],
)
def test_only_the_server_s_own_rules_make_a_child_invalid(
    code: int, reason: str, message: str, found: str
) -> None:
    answer = Answer(code, {"reason": reason, "message": message})
    assert reason_of(answer, {"kind": "Job", "metadata": {"name": "mlp"}}) == found
