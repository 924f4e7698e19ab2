"""Whatever write is cut off, before or after the server has it, the end is the same."""

import asyncio
import dataclasses
import json
from datetime import timedelta
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.operator.kubernetes.builders import (
    CONFIGURATION,
    DIGEST,
    START,
    UID,
    Body,
    child_of,
    condition,
    item,
)
from tests.operator.kubernetes.fake_api import FakeApi

from diptych.kubernetes import paths
from diptych.kubernetes.api import Answer
from diptych.kubernetes.errors import Foreseen
from diptych.kubernetes.freshness import Freshness
from diptych.kubernetes.keys import Key
from diptych.kubernetes.reconciler import Reconciler

KEY = Key("team", "mlp")
PLACE = paths.comparison("team", "mlp")
JOBS = paths.jobs("team")


class World:
    """A server, an operator and a clock; the operator may be started anew at any time."""

    def __init__(self, api: FakeApi) -> None:
        self.api = api
        self.configuration = CONFIGURATION
        self.seconds = 0.0
        self.crashed = False
        self.restart()

    def restart(self) -> None:
        self.freshness = Freshness(0, silence=70)
        self.reconciler = Reconciler(
            cast("Any", self.api),
            self.configuration,
            self.freshness,
            lambda: self.seconds,
            lambda: START + timedelta(seconds=self.seconds),
        )

    def look(self) -> float | None:
        """Look once; a cut is a crash, and a crash a restart."""
        self.seconds += 2
        self.crashed = False
        try:
            return asyncio.run(self.reconciler.look(KEY))
        except Foreseen:
            self.crashed = True
            self.restart()
            return 0.0

    @property
    def status(self) -> Body:
        return cast("Body", self.api.objects[PLACE].get("status", {}))

    def jobs(self) -> list[str]:
        return sorted(p.rpartition("/")[2] for p in self.api.objects if p.startswith(JOBS))

    def play(self) -> None:
        """Have the Job controller and the kubelet do their next step on every Job."""
        for path, job in list(self.api.objects.items()):
            if not path.startswith(JOBS):
                continue
            body = {**job, "status": dict(job.get("status", {}))}
            status, wanted = body["status"], job["spec"]["completions"]
            done = status.get("succeeded", 0)
            if done < wanted:
                status |= {"succeeded": done + 1, "ready": 1, "active": 1}
            elif not status.get("conditions"):
                status |= {"ready": 0, "active": 0}
                status["conditions"] = [{"type": "Complete", "status": "True"}]
                self.pod(job)
            self.api.put(path, body)

    def pod(self, job: Body) -> None:
        """Leave a pod with a digest behind."""
        ended = {"exitCode": 0, "message": json.dumps(DIGEST)}
        name = job["metadata"]["name"] + "-x"
        status = {
            "phase": "Succeeded",
            "containerStatuses": [
                {"name": "analysis", "imageID": "i@sha256:1", "state": {"terminated": ended}}
            ],
        }
        metadata = {"name": name, **child_of(job["metadata"]["uid"])}
        self.api.put(
            f"/api/v1/namespaces/team/pods/{name}", {"metadata": metadata, "status": status}
        )


def begun(api: FakeApi, **spec: object) -> World:
    api.put(PLACE, item(**cast("Any", spec)))
    return World(api)


def run(world: World, looks: int = 60) -> None:
    for _ in range(looks):
        world.look()
        world.play()
        if world.status.get("phase") in ("Succeeded", "Failed"):
            return


#: The Events of a comparison that nothing held up.
TOLD = ["Accepted", "JobsCreated", "TrialsComplete", "JobsCreated", "Compared", "Finished"]


def told(world: World) -> list[str]:
    """Return the reasons of all Events, in the order that kubectl shows them in."""
    events = sorted(path for path in world.api.objects if "/events/" in path)
    return [world.api.objects[path]["reason"] for path in events]


def jobs_told(world: World) -> list[str]:
    """Return the Jobs that Events say were made."""
    events = [body for path, body in world.api.objects.items() if "/events/" in path]
    made = [each["message"] for each in events if each["reason"] == "JobsCreated"]
    return [job for message in made for job in message.removeprefix("made ").split(", ")]


def test_a_comparison_s_life_takes_a_handful_of_writes() -> None:
    world = begun(FakeApi())
    run(world)
    assert condition(world.status, "Finished") == ("True", "Compared")
    assert world.jobs() == [
        "mlp-0f3a77c1-analysis-r1", "mlp-0f3a77c1-v0-r1", "mlp-0f3a77c1-v1-r1",
    ]  # fmt: skip
    assert len([write for write in world.api.writes if write == "patch status"]) <= 8
    assert told(world) == TOLD
    assert world.status["versions"][0]["imageID"] == "i@sha256:1"
    before = len(world.api.writes)
    world.restart()
    assert world.look() is None
    assert len(world.api.writes) == before


@settings(max_examples=25, deadline=None)
@given(fates=st.lists(st.sampled_from(["before", "after", None]), max_size=40))
def test_cut_off_anywhere_it_ends_the_same(fates: list[str | None]) -> None:
    turns = iter(fates)
    world = begun(FakeApi(lambda _what: next(turns, None)))
    run(world, 110)
    assert condition(world.status, "Finished") == ("True", "Compared")
    assert world.jobs() == [
        "mlp-0f3a77c1-analysis-r1", "mlp-0f3a77c1-v0-r1", "mlp-0f3a77c1-v1-r1",
    ]  # fmt: skip
    assert world.status["trials"]["committed"] == 18
    assert [len(version["jobs"]) for version in world.status["versions"]] == [1, 1]
    assert world.status["analysisJobs"] == ["mlp-0f3a77c1-analysis-r1"]
    # Each transition is told once, and each Job; several that fell into one pass, in one.
    events = [each for each in told(world) if each not in ("JobsCreated", "Unschedulable")]
    assert events == [each for each in TOLD if each != "JobsCreated"]
    assert sorted(jobs_told(world)) == world.jobs()


@settings(max_examples=20, deadline=None)
@given(
    edits=st.lists(st.tuples(st.integers(0, 30), st.booleans()), max_size=6),
    fates=st.lists(st.sampled_from(["before", "after", None, None]), max_size=30),
)
def test_suspended_and_resumed_at_any_time_it_ends_well(
    edits: list[tuple[int, bool]], fates: list[str | None]
) -> None:
    turns = iter(fates)
    world = begun(FakeApi(lambda _what: next(turns, None)))
    counted = 0
    for step in range(160):
        for moment, suspend in edits:
            if moment == step:
                edit(world, suspend=suspend)
        if step == 40:
            edit(world, suspend=False)
        world.look()
        if world.status.get("phase") == "Suspended" and not world.crashed:
            assert all(ended(world, name) for name in world.jobs())
        world.play()
        if world.status.get("phase") == "Succeeded":
            break
        committed = world.status.get("trials", {}).get("committed", 0)
        assert committed >= counted
        counted = committed
    assert condition(world.status, "Finished") == ("True", "Compared")
    assert "JobMissing" not in told(world)


def edit(world: World, *, suspend: bool) -> None:
    body = world.api.objects[PLACE]
    metadata = {**body["metadata"], "generation": body["metadata"]["generation"] + 1}
    world.api.put(
        PLACE, {**body, "metadata": metadata, "spec": {**body["spec"], "suspend": suspend}}
    )


def ended(world: World, name: str) -> bool:
    return bool(world.api.objects[f"{JOBS}/{name}"].get("status", {}).get("conditions"))


def test_progress_is_written_once_a_second_and_a_transition_at_once() -> None:
    world = begun(FakeApi())
    world.look()
    world.look()
    for _ in range(20):
        world.play()
        world.seconds -= 1.9
        world.look()
    patches = [write for write in world.api.writes if write == "patch status"]
    assert len(patches) <= 2 + 20 * 0.1 + 3


PLAN = "/api/v1/namespaces/team/configmaps/mlp-0f3a77c1-plan"
ELSEWHERE = dataclasses.replace(CONFIGURATION, store="s3://elsewhere")


def stores(world: World) -> dict[str, str]:
    """Return where each Job writes or reads, by what it is for."""
    found = {}
    for path, body in world.api.objects.items():
        if path.startswith(JOBS):
            (container,) = body["spec"]["template"]["spec"]["containers"]
            variables = {each["name"]: each.get("value") for each in container["env"]}
            found[path.removeprefix(f"{JOBS}/mlp-0f3a77c1-")] = variables["DIPTYCH_STORE"]
    return found


def test_all_jobs_have_the_store_that_the_comparison_began_with() -> None:
    world = begun(FakeApi())
    world.look()
    world.configuration = ELSEWHERE
    world.restart()
    run(world)
    assert stores(world) == dict.fromkeys(("v0-r1", "v1-r1", "analysis-r1"), "s3://results/all")
    accepted = next(c for c in world.status["conditions"] if c["type"] == "Accepted")
    assert "s3://results/all/mlp-0f3a77c1" in accepted["message"]


def test_a_plan_of_an_older_operator_leaves_the_store_to_the_environment() -> None:
    world = begun(FakeApi())
    world.look()
    del world.api.objects[PLAN]["data"]["storage.json"]
    world.configuration = ELSEWHERE
    world.restart()
    run(world)
    assert stores(world)["analysis-r1"] == "s3://elsewhere"


def test_another_operator_s_store_wins_if_it_was_first() -> None:
    world = begun(FakeApi())
    first = World(FakeApi())
    first.configuration = ELSEWHERE
    first.restart()
    first.api.put(PLACE, item())
    first.look()

    def meddle(what: str) -> None:
        if what.endswith("-plan") and PLAN not in world.api.objects:
            world.api.put(PLAN, first.api.objects[PLAN])

    world.api.cut = cast("Any", meddle)
    again = world.look()
    assert again is not None
    assert again < 1
    assert world.jobs() == []
    run(world)
    assert set(stores(world).values()) == {"s3://elsewhere"}


def test_one_of_the_same_name_that_came_after_it_begins_anew() -> None:
    world = begun(FakeApi())
    world.look()
    world.api.objects.clear()
    other = item()
    other["metadata"]["uid"] = "99999999-63b5-4a1e-9d0e-5a2b8c1d9e00"
    world.api.put(PLACE, other)
    world.reconciler._configuration = ELSEWHERE
    world.look()
    assert set(stores(world).values()) == {"s3://elsewhere"}


def cut_off(world: World, name: str) -> None:
    """Have a Job's pod end without the store, while the Job tries on."""
    path = f"{JOBS}/mlp-0f3a77c1-{name}"
    world.api.put(path, {**world.api.objects[path], "status": {"active": 1}})
    child = child_of(world.api.objects[path]["metadata"]["uid"], 0)
    ended = {"exitCode": 75, "message": "NoSuchBucket", "finishedAt": "2026-11-25T01:00:09Z"}
    status = {
        "phase": "Failed",
        "containerStatuses": [{"name": "trial", "state": {"terminated": ended}}],
    }
    metadata = {"name": f"{name}-0-x", **child}
    pod = {"metadata": metadata, "status": status}
    world.api.put(f"/api/v1/namespaces/team/pods/{name}-0-x", pod)


def held(world: World) -> World:
    """Return a world whose store is away, and whose operator says so."""
    world.look()
    cut_off(world, "v0-r1")
    for _ in range(20):
        world.look()
    assert condition(world.status, "Finished") == ("False", "StoreUnreachable")
    return world


def test_an_operator_that_is_started_anew_sees_at_once_what_holds_pods_up() -> None:
    world = held(begun(FakeApi()))
    since = world.status["storeUnreachableSince"]
    world.restart()
    world.look()
    assert condition(world.status, "Finished") == ("False", "StoreUnreachable")
    assert world.status["storeUnreachableSince"] == since


def second_round(world: World, image: str) -> None:
    """Have a pod of the first version's second round run an image."""
    path = f"{JOBS}/mlp-0f3a77c1-v0-r2"
    world.api.put(path, {**world.api.objects[path], "status": {"active": 1, "ready": 1}})
    child = child_of(world.api.objects[path]["metadata"]["uid"])
    status = {
        "phase": "Running",
        "containerStatuses": [{"name": "trial", "imageID": image, "state": {}}],
    }
    pod = {"metadata": {"name": "second", **child}, "status": status}
    world.api.put("/api/v1/namespaces/team/pods/second", pod)


def test_the_image_of_a_later_round_is_seen_though_its_first_write_fails() -> None:
    world = begun(FakeApi())
    world.look()
    path = f"{JOBS}/mlp-0f3a77c1-v0-r1"
    world.api.put(path, {**world.api.objects[path], "status": {"succeeded": 1}})
    world.pod(world.api.objects[path])
    world.look()
    assert world.status["versions"][0]["imageID"] == "i@sha256:1"
    del world.api.objects[path]
    world.look()
    second_round(world, "i@sha256:2")
    meddle(world.api)
    world.look()
    assert "otherImageIDs" not in world.status["versions"][0]
    world.api.cut = lambda _what: None
    world.look()
    assert world.status["versions"][0]["otherImageIDs"] == ["i@sha256:2"]
    assert told(world).count("ImageChanged") == 1


def refusing(world: World, monkeypatch: pytest.MonkeyPatch, name: str, answer: Answer) -> None:
    """Have the server refuse a child."""
    create = world.api.create

    async def refuse(path: str, body: Body) -> Answer:
        return answer if body["metadata"]["name"] == name else await create(path, body)

    monkeypatch.setattr(world.api, "create", refuse)


def test_a_refused_job_keeps_no_other_from_being_made(monkeypatch: pytest.MonkeyPatch) -> None:
    world = begun(FakeApi())
    refusing(world, monkeypatch, "mlp-0f3a77c1-v0-r1", Answer(403, {"message": "webhook: no"}))
    world.look()
    assert world.jobs() == ["mlp-0f3a77c1-v1-r1"]
    assert condition(world.status, "Finished") == ("False", "ChildRefused")
    world.look()
    assert world.status["versions"][1]["jobs"] == ["mlp-0f3a77c1-v1-r1"]
    assert jobs_told(world) == ["mlp-0f3a77c1-v1-r1"]


def invalid(job: str) -> Answer:
    words = f'Job.batch "{job}" is invalid: spec.template.spec.containers[0].image: Required value'
    return Answer(422, {"reason": "Invalid", "message": words})


def test_what_no_job_may_be_is_the_end_and_nothing_is_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = begun(FakeApi())
    refusing(world, monkeypatch, "mlp-0f3a77c1-v0-r1", invalid("mlp-0f3a77c1-v0-r1"))
    world.look()
    assert condition(world.status, "Finished") == ("True", "Invalid")
    assert "containers[0].image: Required value" in json.dumps(world.status)
    assert world.jobs() == []
    writes = list(world.api.writes)
    assert world.look() is None
    assert world.api.writes == writes


def test_one_that_has_begun_is_not_ended_by_what_its_job_may_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # By its other version, by what was made before in the same look.
    world = begun(FakeApi())
    refusing(world, monkeypatch, "mlp-0f3a77c1-v1-r1", invalid("mlp-0f3a77c1-v1-r1"))
    for _ in range(2):
        world.look()
        assert condition(world.status, "Finished") == ("False", "ChildInvalid")
    assert world.jobs() == ["mlp-0f3a77c1-v0-r1"]
    # By an earlier round.
    world = begun(FakeApi())
    world.look()
    for job in world.jobs():
        del world.api.objects[f"{JOBS}/{job}"]
    refusing(world, monkeypatch, "mlp-0f3a77c1-v0-r2", invalid("mlp-0f3a77c1-v0-r2"))
    world.look()
    assert world.jobs() == []
    assert condition(world.status, "Finished") == ("False", "ChildInvalid")


CONTENDED = Answer(409, {"message": "Operation cannot be fulfilled on resourcequotas: changed"})


def test_a_conflict_that_is_no_name_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    world = begun(FakeApi())
    create, turns = world.api.create, iter([CONTENDED, CONTENDED])

    async def contend(path: str, body: Body) -> Answer:
        busy = next(turns, None) if body["metadata"]["name"].endswith("v0-r1") else None
        return busy or await create(path, body)

    monkeypatch.setattr(world.api, "create", contend)
    world.look()
    assert world.jobs() == ["mlp-0f3a77c1-v0-r1", "mlp-0f3a77c1-v1-r1"]
    assert condition(world.status, "Finished") == ("False", "Starting")


def test_a_conflict_that_stays_does_not_count_as_made(monkeypatch: pytest.MonkeyPatch) -> None:
    world = begun(FakeApi())
    refusing(world, monkeypatch, "mlp-0f3a77c1-v0-r1", CONTENDED)
    world.look()
    assert condition(world.status, "Finished") == ("False", "ChildRefused")
    assert all("jobs" not in version for version in world.status["versions"])
    assert "cannot be fulfilled" in json.dumps(world.status)


def test_without_the_plan_no_job_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    world = begun(FakeApi())
    refusing(world, monkeypatch, "mlp-0f3a77c1-plan", Answer(403, {"message": "webhook: no"}))
    world.look()
    assert world.jobs() == []


@pytest.mark.parametrize("fate", [None, "before", "after"])
def test_a_store_that_stays_away_is_given_up_and_no_job_is_left(fate: str | None) -> None:
    world = held(begun(FakeApi()))
    world.seconds += 86_400
    world.api.cut = lambda what: fate if what.startswith("delete") else None
    world.look()
    assert condition(world.status, "Finished") == ("True", "StoreUnreachable")
    world.api.cut = lambda _what: None
    world.look()
    assert world.jobs() == []
    assert world.look() is None


@pytest.mark.parametrize("fate", [None, "before", "after"])
def test_an_analysis_that_a_queue_never_admits_is_given_up_and_not_left(fate: str | None) -> None:
    world, path = begun(FakeApi(), activeDeadlineSeconds=600), f"{JOBS}/mlp-0f3a77c1-analysis-r1"
    while path not in world.api.objects:
        world.look()
        world.play()
    spec = world.api.objects[path]["spec"]
    world.api.put(
        path, {**world.api.objects[path], "spec": {**spec, "suspend": True}, "status": {}}
    )
    world.look()
    world.seconds += 3600
    world.api.cut = lambda what: fate if what.startswith("delete") else None
    world.look()
    assert condition(world.status, "Finished") == ("True", "DeadlineExceeded")
    world.api.cut = lambda _what: None
    world.look()
    assert path not in world.api.objects


def test_the_store_is_back_as_soon_as_a_pod_got_through() -> None:
    world = held(begun(FakeApi()))
    path = f"{JOBS}/mlp-0f3a77c1-v0-r1"
    done = {"active": 2, "ready": 2, "succeeded": 1, "completedIndexes": "2"}
    world.api.put(path, {**world.api.objects[path], "status": done})
    moment = "2026-11-25T01:00:11Z"
    state = {"terminated": {"exitCode": 0, "finishedAt": moment}}
    child = child_of(world.api.objects[path]["metadata"]["uid"], 2)
    status = {"phase": "Succeeded", "containerStatuses": [{"name": "trial", "state": state}]}
    pod = {"metadata": {"name": "v0-r1-2-y", **child}, "status": status}
    world.api.put("/api/v1/namespaces/team/pods/v0-r1-2-y", pod)
    for _ in range(10):
        world.look()
    assert condition(world.status, "Finished") == ("False", "Running")
    assert "storeUnreachableSince" not in world.status


def test_a_comparison_that_is_gone_is_forgotten() -> None:
    world = World(FakeApi())
    assert world.look() is None


def meddle(api: FakeApi) -> None:
    """Let somebody else write the resource before each of our writes of its status."""

    def writes(what: str) -> None:
        if what == "patch status":
            api.put(PLACE, api.objects[PLACE])

    api.cut = cast("Any", writes)


def test_what_somebody_else_wrote_meanwhile_is_looked_at_again() -> None:
    world = begun(FakeApi())
    api = world.api
    meddle(api)
    again = world.look()
    assert again is not None
    assert again < 1
    assert "status" not in api.objects[PLACE]
    api.cut = lambda _what: None
    world.look()
    assert condition(world.status, "Accepted")[0] == "True"
    assert world.status["versions"][0]["jobs"] == ["mlp-0f3a77c1-v0-r1"]
    # They were posted before the conflict already, and are not told twice.
    assert told(world) == ["Accepted", "JobsCreated"]


def test_a_conflict_that_stays_is_looked_at_ever_more_rarely() -> None:
    world = begun(FakeApi())
    api = world.api
    meddle(api)
    waits = [world.look() or 0.0 for _ in range(12)]
    assert waits[:3] == [0.1, 0.2, 0.4]
    assert waits == sorted(waits)
    assert waits[-1] == 60.0
    api.cut = lambda _what: None
    world.look()
    meddle(api)
    api.put(PLACE, {**api.objects[PLACE], "spec": {**api.objects[PLACE]["spec"], "suspend": True}})
    assert world.look() == 0.1


def test_no_event_tells_of_a_status_that_an_edit_keeps_from_being_written() -> None:
    world = begun(FakeApi())
    api = world.api

    def resume(what: str) -> None:
        if what.startswith("create Job"):
            api.put(PLACE, api.objects[PLACE])

    api.cut = cast("Any", resume)
    again = world.look()
    assert again is not None
    assert again < 1
    assert told(world) == []
    api.cut = lambda _what: None
    world.look()
    assert told(world) == ["Accepted", "JobsCreated"]


def test_a_status_that_was_written_although_no_answer_came_ends_its_events() -> None:
    world = begun(FakeApi())
    reconciler = world.reconciler
    world.api.cut = lambda what: "after" if what == "patch status" else None
    world.look()
    assert world.crashed
    # The process lives on.
    world.reconciler = reconciler
    world.api.cut = lambda _what: None
    run(world)
    assert told(world) == TOLD


def test_an_event_that_the_server_does_not_take_holds_up_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = begun(FakeApi())
    create = world.api.create

    async def refuse(path: str, body: Body) -> Answer:
        return (
            Answer(500, {"message": "no"}) if body["kind"] == "Event" else await create(path, body)
        )

    monkeypatch.setattr(world.api, "create", refuse)
    run(world)
    assert condition(world.status, "Finished") == ("True", "Compared")
    assert told(world) == []


def test_the_watch_of_jobs_owes_nothing_of_a_comparison_that_has_ended() -> None:
    world = begun(FakeApi())
    run(world)
    # The watch of comparisons tells all; that of Jobs was told of none.
    world.freshness.told(KEY, UID, "999999")
    assert world.freshness.lag(world.seconds) > 0
    world.look()
    assert world.freshness.lag(world.seconds) == 0


def test_after_its_time_the_comparison_is_deleted() -> None:
    world = begun(FakeApi(), ttlSecondsAfterFinished=100)
    run(world, 30)
    assert condition(world.status, "Finished")[0] == "True"
    world.seconds += 100
    world.look()
    assert PLACE not in world.api.objects


def test_the_uid_is_in_every_child() -> None:
    world = begun(FakeApi())
    run(world, 20)
    children = [b for p, b in world.api.objects.items() if p != PLACE and "/pods/" not in p]
    owned = [b for b in children if b["kind"] != "Event"]
    assert {b["metadata"]["ownerReferences"][0]["uid"] for b in owned} == {UID}
