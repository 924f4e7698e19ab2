from datetime import timedelta

import pytest
from tests.operator.kubernetes.builders import START, UID, Body, condition, item, job

from diptych.kubernetes.comparison import Refused, comparison_of
from diptych.kubernetes.conditions import Now, rendered
from diptych.kubernetes.endings import after_end, refuse
from diptych.kubernetes.jobs import children_of
from diptych.kubernetes.past import past_of

NONE = children_of([], UID)


def finished(generation: int = 1) -> Body:
    status = refuse(comparison_of(item()), Refused(("spec: no",)), children_of([], UID), START)
    assert status.status is not None
    return {**status.status, "observedGeneration": generation}


def test_a_refusal_starts_nothing_and_says_everything() -> None:
    problems = ("spec.baseline: wrong", "spec.seeds: wrong too")
    decision = refuse(comparison_of(item()), Refused(problems), children_of([], UID), START)
    assert decision.create == ()
    assert condition(decision.status, "Accepted") == ("False", "Invalid")
    assert condition(decision.status, "Finished") == ("True", "Invalid")
    assert condition(decision.status, "Failed") == ("True", "Invalid")
    assert all(problem in str(decision.status) for problem in problems)
    assert decision.status is not None
    assert decision.status["display"] == {"versions": "2.1.0 → 2.4.0"}
    # Where people look for it, and not in every condition.
    said = {c["type"] for c in decision.status["conditions"] if problems[0] in c["message"]}
    assert said == {"Accepted", "Finished", "Failed"}
    assert [(n.type, n.reason) for n in decision.notices] == [("Warning", "Invalid")]


@pytest.mark.parametrize("versions", [None, [], [{"name": "2.1.0"}], "2.1.0", [{"name": 2.1}, 7]])
def test_versions_that_cannot_be_read_are_not_shown(versions: object) -> None:
    why = Refused(("spec.versions: wrong",))
    decision = refuse(comparison_of(item(versions=versions)), why, NONE, START)
    assert decision.status is not None
    assert "display" not in decision.status


def test_what_an_older_operator_started_is_stopped() -> None:
    children = children_of([job(0, active=1), job(1, ended="Complete")], UID)
    decision = refuse(comparison_of(item()), Refused(("no",)), children, START)
    assert [each.name for each in decision.delete] == ["mlp-0f3a77c1-v0-r1"]
    assert decision.status is None, "the end is written when nothing runs: then nobody looks"
    stopped = children_of([job(1, ended="Complete")], UID)
    decision = refuse(comparison_of(item()), Refused(("no",)), stopped, START)
    assert condition(decision.status, "Finished") == ("True", "Invalid")


def test_a_refusal_of_what_ran_already_leaves_nothing_under_way() -> None:
    ran = {
        "trials": {"total": 18, "committed": 6, "active": 3},
        "activeTime": {"seconds": 10, "since": "2026-11-25T01:00:00Z"},
    }
    now = START + timedelta(seconds=60)
    status = refuse(comparison_of(item(ran)), Refused(("no",)), NONE, now).status
    assert status is not None
    assert status["trials"] == {"total": 18, "committed": 6, "active": 0}
    assert status["activeTime"] == {"seconds": 70}


def test_at_the_end_nothing_is_left_to_do() -> None:
    decision = after_end(comparison_of(item(finished())), NONE, START + timedelta(days=9))
    assert (decision.status, decision.look_again, decision.delete_comparison) == (None, None, False)


def test_jobs_that_are_left_at_the_end_are_deleted() -> None:
    left = children_of([job(0, active=1), job(1, ended="Complete")], UID)
    decision = after_end(comparison_of(item(finished())), left, START)
    assert [each.name for each in decision.delete] == ["mlp-0f3a77c1-v0-r1"]


def test_an_edit_at_the_end_is_seen_and_changes_nothing_else() -> None:
    status = finished()
    decision = after_end(comparison_of(item(status, generation=2)), NONE, START)
    assert decision.status is not None
    assert decision.status["observedGeneration"] == 2
    assert {each["observedGeneration"] for each in decision.status["conditions"]} == {2}
    assert decision.status["completionTime"] == status["completionTime"]
    assert condition(decision.status, "Finished") == condition(status, "Finished")


def test_suspended_after_the_end_it_says_that_this_does_nothing() -> None:
    told = Now("False", "NotSuspended", "spec.suspend is false")
    ended = {**finished(), "conditions": rendered({"Suspended": told}, past_of({}), 1, START)}
    for generation, suspend, message in (
        (2, True, "spec.suspend has no effect: it has ended"),
        (3, False, "spec.suspend is false"),
    ):
        edited = item(ended, generation=generation, suspend=suspend)
        status = after_end(comparison_of(edited), NONE, START).status
        assert status is not None
        ended = status
        assert [c["message"] for c in ended["conditions"]] == [message]


def test_it_goes_when_its_time_after_the_end_has_passed() -> None:
    resource = item(finished(), ttlSecondsAfterFinished=60)
    before = after_end(comparison_of(resource), NONE, START + timedelta(seconds=59))
    assert before.look_again == timedelta(seconds=1)
    assert not before.delete_comparison
    assert after_end(comparison_of(resource), NONE, START + timedelta(seconds=60)).delete_comparison
    never = item(finished(), ttlSecondsAfterFinished=-5)
    assert not after_end(comparison_of(never), NONE, START + timedelta(days=9)).delete_comparison
