"""What is read of the cluster, and for how long an Event counts."""

import asyncio
from datetime import timedelta
from typing import Any, cast

import pytest
from tests.operator.kubernetes.builders import (
    START,
    UID,
    Body,
    child_of,
    item,
    job,
    observed,
    uid_of,
)
from tests.operator.kubernetes.fake_api import FakeApi

from diptych.kubernetes import names, paths
from diptych.kubernetes.api import Api
from diptych.kubernetes.comparison import comparison_of
from diptych.kubernetes.jobs import children_of
from diptych.kubernetes.looks import FEW, MANY, Look, looks_at
from diptych.kubernetes.observe import jobs_of, look
from diptych.kubernetes.times import spelled


class Events:
    """Answers every list with one Event about a refused pod."""

    def __init__(self, **when: object) -> None:
        self.event = {"reason": "FailedCreate", "message": "webhook is away", **when}

    async def list(self, _path: str, **_: Any) -> list[dict[str, Any]]:  # noqa: ANN401
        return [self.event]


def told(**when: object) -> list[str]:
    """Return what a look tells of an Event of these times."""
    there = children_of([job(0)], UID).current(0)
    assert there is not None
    api = cast("Api", Events(**when))
    seen = asyncio.run(look(api, "team", [Look(there, None)], START))
    return [stall.message for stall in seen[there.uid].events]


def test_a_placed_pod_is_found_among_many_that_have_no_node() -> None:
    api = FakeApi()
    pods = paths.core("team", "pods")
    waiting = {"reason": "ErrImagePull", "message": "not found"}
    for number in range(9):
        spec: Body = {"nodeName": "n"} if number == 8 else {}
        states = [{"state": {"waiting": waiting}}] if spec else []
        status = {"phase": "Pending", "containerStatuses": states}
        metadata = {"name": f"p{number}", **child_of(uid_of(0))}
        api.put(f"{pods}/p{number}", {"metadata": metadata, "spec": spec, "status": status})
    there = observed(item(), job(0, active=9))
    looks = looks_at(
        there.comparison, there.accepted, there.children, may_identify=False, may_explain=True
    )
    seen = asyncio.run(look(cast("Api", api), "team", looks, START))[uid_of(0)]
    assert [pod.stall.reason for pod in seen.pods if pod.stall] == ["ErrImagePull"]
    assert len({pod.name for pod in seen.pods}) == len(seen.pods) <= 2 * FEW


def test_a_job_that_lost_its_label_is_found_by_its_name() -> None:
    api, written = FakeApi(), job(0, active=1)
    labelled, relabelled = job(1), written
    labelled["metadata"]["labels"] = {names.UID: UID}
    for each in (labelled, relabelled):
        api.put(f"{paths.jobs('team')}/{each['metadata']['name']}", each)
    versions = [
        {"name": name, "jobs": [each["metadata"]["name"]]}
        for name, each in (("2.1.0", relabelled), ("2.4.0", labelled))
    ]
    status = {"versions": versions, "analysisJobs": ["mlp-0f3a77c1-analysis-r1"]}
    items = asyncio.run(jobs_of(cast("Api", api), comparison_of(item(status))))
    assert [each["metadata"]["name"] for each in items] == [
        "mlp-0f3a77c1-v1-r1",
        "mlp-0f3a77c1-v0-r1",
    ]


def test_a_pod_that_only_has_the_label_of_a_job_is_not_believed() -> None:
    api = FakeApi()
    owned, labelled = child_of(uid_of(None)), {"labels": child_of(uid_of(None))["labels"]}
    for name, metadata in (("real", owned), ("forged", labelled)):
        path = f"{paths.core('team', 'pods')}/{name}"
        api.put(path, {"metadata": {"name": name, **metadata}, "status": {"phase": "Succeeded"}})
    analysis = children_of([job(None)], UID).analysis
    assert analysis is not None
    looks = [Look(analysis, "Succeeded")]
    seen = asyncio.run(look(cast("Api", api), "team", looks, START))[analysis.uid]
    assert [pod.name for pod in seen.pods] == ["real"]


@pytest.mark.parametrize(("code", "phases"), [(137, ["Failed", "Running"]), (143, ["Failed"])])
def test_after_a_pod_failed_those_that_run_are_looked_at_too(code: int, phases: list[str]) -> None:
    api = FakeApi()
    pods = paths.core("team", "pods")
    states: Body = {"Failed": {"terminated": {"exitCode": code}}, "Running": {}}
    for phase, state in states.items():
        status = {"phase": phase, "containerStatuses": [{"name": "trial", "state": state}]}
        metadata = {"name": phase, "uid": phase, **child_of(uid_of(0), 0)}
        api.put(f"{pods}/{phase}", {"metadata": metadata, "status": status})
    there = children_of([job(0, active=1)], UID).current(0)
    assert there is not None
    looks = [Look(there, "Failed", MANY, (0,))]
    seen = asyncio.run(look(cast("Api", api), "team", looks, START))[there.uid]
    assert [pod.phase for pod in seen.pods] == phases
    twice = asyncio.run(look(cast("Api", api), "team", looks * 2, START))[there.uid]
    assert [pod.phase for pod in twice.in_phase("Running")] == phases[1:], "asked for once"


@pytest.mark.parametrize("field", ["lastTimestamp", "eventTime"])
def test_an_event_counts_for_six_minutes(field: str) -> None:
    assert told(**{field: spelled(START - timedelta(minutes=5))}) == ["webhook is away"]
    assert told(**{field: spelled(START - timedelta(minutes=7))}) == []


def test_a_fresh_event_is_found_behind_many_old_ones() -> None:
    api = FakeApi()
    for number in range(41):
        when = START if number == 40 else START - timedelta(minutes=20)
        event: Body = {"reason": "FailedCreate", "message": f"told {number}"}
        event |= {"metadata": {"name": f"e{number:02}"}, "lastTimestamp": spelled(when)}
        api.put(f"{paths.core('team', 'events')}/e{number:02}", event)
    there = children_of([job(0)], UID).current(0)
    assert there is not None
    seen = asyncio.run(look(cast("Api", api), "team", [Look(there, None)], START))
    assert [stall.message for stall in seen[there.uid].events] == ["told 40"]


def test_an_event_that_goes_on_counts_from_its_last_time() -> None:
    series = {"lastObservedTime": spelled(START), "count": 9}
    assert told(lastTimestamp=spelled(START - timedelta(hours=1)), series=series) != []
    assert told() == []
