"""A version without its image keeps no room that others wait for, and is tried again."""

import dataclasses
import json
from datetime import timedelta
from typing import Any

import pytest
from tests.operator.kubernetes.builders import (
    DIGEST,
    START,
    Body,
    condition,
    decided,
    item,
    job,
    names_of,
    observed,
    uid_of,
)

from diptych.api.status import Status
from diptych.kubernetes import names
from diptych.kubernetes.comparison import comparison_of
from diptych.kubernetes.decision import Decision
from diptych.kubernetes.observed import Looked
from diptych.kubernetes.pods import Pod, Stall

FIRST, SECOND = "mlp-0f3a77c1-v0-r1", "mlp-0f3a77c1-v0-r2"
NO_IMAGE = Stall(names.IMAGE_PULL, "registry/gone:1: not found")
ROOM = Stall(names.UNSCHEDULABLE, "0/1 nodes are available: 1 Insufficient nvidia.com/gpu.")


def pending(stall: Stall, *, is_placed: bool = False) -> Looked:
    return Looked((Pod("p", "u", "Pending", stall, is_placed=is_placed),))


PLACED = pending(NO_IMAGE, is_placed=True)
#: The other version waits for the room that the first one's pods keep.
WAITS = job(1, active=3)


def look(
    status: Body | None,
    *jobs: Body,
    after: int = 0,
    number: int = 1,
    **spec: Any,  # noqa: ANN401
) -> Decision:
    """Decide, with the first version's pods placed and without their image."""
    looked = {uid_of(0, number): PLACED, uid_of(1): pending(ROOM)}
    return decided(observed(item(status, **spec), *jobs, looked=looked), after)


def ways(status: Body | None) -> list[Body]:
    assert status is not None
    return [each["gaveWay"] for each in status["versions"] if "gaveWay" in each]


def gave_way() -> Body:
    """Return the status of a comparison whose first version gives way."""
    begun = decided(observed(item())).status
    status = look(begun, job(0, active=3), WAITS, after=20).status
    assert status is not None
    return status


def test_its_job_is_deleted_where_another_version_waits_for_room() -> None:
    begun = decided(observed(item())).status
    decision = look(begun, job(0, active=3), WAITS, after=20)
    assert [each.name for each in decision.delete] == [FIRST]
    assert names_of(decision) == []
    (way,) = ways(decision.status)
    assert way == {
        "job": FIRST,
        "reason": "ErrImagePull",
        "message": "registry/gone:1: not found",
        "until": "2026-11-25T01:01:20Z",
    }
    assert condition(decision.status, "Finished") == ("False", "ErrImagePull")
    assert [each.reason for each in decision.notices] == ["DeletingJobs", "ErrImagePull"]
    Status.model_validate_json(json.dumps(decision.status))


def test_pods_that_were_seen_a_while_ago_are_seen_again_before_their_job_is_deleted() -> None:
    begun = decided(observed(item())).status
    looked = {uid_of(0): PLACED, uid_of(1): pending(ROOM)}
    seen = observed(item(begun), job(0, active=3), WAITS, looked=looked)
    before = decided(dataclasses.replace(seen, is_explained=False), after=20)
    assert (before.delete, ways(before.status)) == ((), [])
    assert before.look_again == timedelta(seconds=15)
    now = decided(seen, after=20)
    assert [each.name for each in now.delete] == [FIRST]
    # It is written now, or the next look would have to see the pods once more.
    told = condition(before.status, "Finished")
    assert told == ("False", "ErrImagePull")
    again = decided(dataclasses.replace(seen, comparison=comparison_of(item(before.status))), 21)
    assert again.urgent


def test_what_was_cut_off_before_the_deletion_is_made_good_and_told_once() -> None:
    again = look(gave_way(), job(0, active=3), WAITS, after=21)
    assert [each.name for each in again.delete] == [FIRST]
    assert (again.notices, ways(again.status or gave_way())) == ((), ways(gave_way()))


def test_until_its_time_it_has_no_job_and_the_reason_stays() -> None:
    gone = look(gave_way(), WAITS, after=30)
    assert (names_of(gone), gone.delete, gone.notices) == ([], (), ())
    assert condition(gone.status, "Finished") == ("False", "ErrImagePull")
    told = json.dumps(gone.status)
    assert "registry/gone:1: not found" in told
    assert f"{FIRST} was deleted, for others wait for the room of its pods" in told
    assert "the next is made at 2026-11-25T01:01:20Z" in told
    still = look(gone.status, WAITS, after=79)
    assert (names_of(still), still.status, still.notices) == ([], None, ())
    assert still.look_again == timedelta(seconds=1)


def test_then_the_next_round_is_made_and_the_reason_stays_until_it_runs() -> None:
    made = look(gave_way(), WAITS, after=80)
    assert names_of(made) == [SECOND]
    assert [each.reason for each in made.notices] == ["JobsCreated"]
    # Its pods have no node yet: nothing is known of the image.
    waits = decided(observed(item(made.status), job(0, 2, active=3), WAITS), after=82)
    assert (waits.delete, waits.notices) == ((), ())
    assert condition(waits.status, "Finished") == ("False", "ErrImagePull")
    runs = decided(observed(item(waits.status), job(0, 2, active=3, ready=1), WAITS), after=84)
    assert ways(runs.status) == []
    assert condition(runs.status, "Finished") == ("False", "Running")


@pytest.mark.parametrize(("kept", "until"), [(4, "01:02:40"), (30, "01:03:40"), (99, "01:06:40")])
def test_it_waits_by_how_long_its_pods_kept_their_room(kept: int, until: str) -> None:
    made = look(gave_way(), WAITS, after=80).status
    taken = START + timedelta(seconds=100 - kept)
    pods = Looked((Pod("p", "u", "Pending", NO_IMAGE, is_placed=True, taken=taken),))
    looked = {uid_of(0, 2): pods, uid_of(1): pending(ROOM)}
    again = decided(observed(item(made), job(0, 2, active=3), WAITS, looked=looked), after=100)
    assert [each.name for each in again.delete] == [SECOND]
    assert [way["until"] for way in ways(again.status)] == [f"2026-11-25T{until}Z"]
    assert [each.reason for each in again.notices] == ["DeletingJobs"]


def test_a_new_round_is_looked_at_often_for_its_first_minute() -> None:
    made = look(gave_way(), WAITS, after=80).status
    begun = job(0, 2, active=3, startTime="2026-11-25T01:01:20Z")
    for after, seconds in ((81, 2), (139, 2), (140, 15)):
        seen = decided(observed(item(made), begun, WAITS), after)
        assert seen.look_again == timedelta(seconds=seconds), after
    first = decided(observed(item(), job(0, active=3), WAITS), after=1)
    assert first.look_again == timedelta(seconds=15)
    # Kueue may hold it for days, and it has no start until then.
    queued = job(0, 2, suspend=True, startTime=None)
    held = decided(observed(item(made), queued, WAITS), after=9999)
    assert held.look_again == timedelta(seconds=15)


def test_it_is_tried_at_once_when_the_others_are_done() -> None:
    done = job(1, ended="Complete", succeeded=3)
    assert names_of(look(gave_way(), done, after=30)) == [SECOND]


def test_two_of_them_give_way_in_turn_and_not_for_ever() -> None:
    both = [job(0, 2, active=3), WAITS]
    status = gave_way()
    status["versions"][1]["gaveWay"] = {**ways(status)[0], "job": "mlp-0f3a77c1-v1-r0"}
    # Each was made although it is too soon, for no other had anything to run: they stay.
    stays = decided(observed(item(status), *both), after=30)
    assert (stays.delete, names_of(stays)) == ((), [])
    turn = look(status, *both, after=45, number=2)
    assert [each.name for each in turn.delete] == [SECOND]


@pytest.mark.parametrize(
    ("first", "second", "pods"),
    [
        # Nobody waits for room.
        (job(0, active=3), job(1, active=3, ready=3), PLACED),
        (job(0, active=3), job(1, ended="Complete", succeeded=3), PLACED),
        # It keeps no room itself.
        (job(0, active=3), WAITS, pending(NO_IMAGE)),
        (job(0, suspend=True), WAITS, PLACED),
        # It waits for something else, or runs where the image is.
        (
            job(0, active=3),
            WAITS,
            pending(Stall("CreateContainerConfigError", "s"), is_placed=True),
        ),
        (job(0, active=3, ready=1), WAITS, PLACED),
        (job(0, active=2, succeeded=1), WAITS, PLACED),
        (job(0, active=3), WAITS, PLACED.also(Looked((Pod("q", "v", "Failed", exit_code=1),)))),
    ],
)
def test_else_it_stays(first: Body, second: Body, pods: Looked) -> None:
    looked = {uid_of(0): pods, uid_of(1): pending(ROOM)}
    decision = decided(observed(item(), first, second, looked=looked))
    assert (decision.delete, ways(decision.status)) == ((), [])


def test_one_that_ran_already_keeps_its_job() -> None:
    begun = decided(observed(item())).status
    assert begun is not None
    begun["versions"][0]["imageID"] = "registry/gone@sha256:1"
    assert look(begun, job(0, active=3), WAITS, after=20).delete == ()


def test_pausing_forgets_it_so_that_going_on_tries_at_once() -> None:
    paused = look(gave_way(), WAITS, after=30, suspend=True)
    assert ways(paused.status) == []
    assert names_of(look(paused.status, after=40)) == [SECOND, "mlp-0f3a77c1-v1-r2"]


def test_at_the_deadline_it_is_still_told_which_version_never_had_its_image() -> None:
    status = look(gave_way(), WAITS, after=100, activeDeadlineSeconds=50).status
    assert condition(status, "TrialsComplete") == ("False", "DeadlineExceeded")
    assert ways(status) == ways(gave_way())
    digest = {**DIGEST, "summary": {**DIGEST["summary"], "verdict": "Invalid"}}
    read = Looked((Pod("pod", "p", "Succeeded", message=json.dumps(digest)),))
    ended = observed(
        item(status, activeDeadlineSeconds=50),
        job(None, ended="Complete"),
        looked={uid_of(None): read},
    )
    last = decided(ended, after=120).status
    assert condition(last, "Failed") == ("True", "DeadlineExceeded")
    assert ways(last) == ways(gave_way())
    assert last is not None
    told = next(each for each in last["conditions"] if each["type"] == "Finished")["message"]
    assert told.startswith(
        "activeDeadlineSeconds (50) passed while this held up version 2.1.0: registry/gone:1: not "
        "found | version 2.4.0: 0/1 nodes are available: 1 Insufficient nvidia.com/gpu; 18 of 18 "
        "trials are committed, and those are analysed. "
    )
