"""Each case: what is there, and what is done about it."""

import dataclasses
import json
from datetime import timedelta
from typing import Any

import pytest
from tests.operator.kubernetes.builders import (
    DIGEST,
    Body,
    condition,
    decided,
    item,
    job,
    message,
    names_of,
    observed,
    uid_of,
)

from diptych.api.status import Status
from diptych.kubernetes import names
from diptych.kubernetes.decide import decide
from diptych.kubernetes.observed import Looked, Observed
from diptych.kubernetes.pods import Pod, Stall

READ = Looked((Pod("pod", "p", "Succeeded", message=json.dumps(DIGEST)),))


def status_after(*jobs: Body, after: int = 0, **spec: Any) -> Body:  # noqa: ANN401
    """Return the status that a first look writes."""
    status = decided(observed(item(**spec), *jobs), after).status
    assert status is not None
    return status


def over(**more: Any) -> Body:  # noqa: ANN401
    """Return the status of a comparison whose trials are over."""
    ended = [job(0, ended="Complete", succeeded=3), job(1, ended="Complete", succeeded=3)]
    return status_after(*ended, **more)


def test_a_version_that_is_held_up_leaves_the_phase_to_those_that_run() -> None:
    pull = Stall(names.IMAGE_PULL, "not found")
    looked = {uid_of(0): Looked((Pod("p", "u", "Pending", pull, is_placed=True),))}
    for other, phase in (
        (job(1, active=1, ready=1), "Running"),
        (job(1, succeeded=1, active=1), "Running"),
        (job(1, active=1), "Pending"),
    ):
        status = decided(observed(item(), job(0, active=1), other, looked=looked)).status
        assert condition(status, "Finished") == ("False", "ErrImagePull")
        assert status is not None
        assert status["phase"] == phase


def test_at_first_sight_the_plan_comes_before_the_jobs_and_every_condition_is_there() -> None:
    decision = decided(observed(item()))
    assert [body["kind"] for body in decision.create] == ["ConfigMap", "Job", "Job"]
    assert names_of(decision) == ["mlp-0f3a77c1-v0-r1", "mlp-0f3a77c1-v1-r1"]
    assert decision.status is not None
    kinds = [each["type"] for each in decision.status["conditions"]]
    assert tuple(kinds) == names.CONDITIONS
    assert all(each["observedGeneration"] == 1 for each in decision.status["conditions"])
    assert condition(decision.status, "Accepted") == ("True", "Valid")
    assert condition(decision.status, "Finished") == ("False", "Starting")
    assert condition(decision.status, "Succeeded") == ("Unknown", "Starting")
    assert decision.status["display"] == {"versions": "2.1.0 → 2.4.0", "trials": "0/18"}
    assert decision.urgent
    Status.model_validate_json(json.dumps(decision.status))


def test_the_same_again_writes_nothing() -> None:
    first = decided(observed(item()))
    jobs = [job(0, active=3), job(1, active=3)]
    second = decided(observed(item(first.status), *jobs), after=60)
    assert (second.create, second.status, second.delete, second.notices) == ((), None, (), ())
    assert second.look_again is not None


def test_a_deleted_comparison_is_left_alone() -> None:
    resource = item()
    resource["metadata"]["deletionTimestamp"] = "2026-11-25T01:00:00Z"
    decision = decided(observed(resource))
    assert decision.create == ()
    assert decision.status is None


def test_progress_is_counted_by_complete_blocks_and_never_falls() -> None:
    jobs = [job(0, succeeded=3, ended="Complete"), job(1, active=2, ready=2, succeeded=1)]
    status = status_after(*jobs)
    # Three blocks of the first are all of its 9 trials; one block of the second has at least 1.
    assert status["trials"] == {"total": 18, "committed": 10, "active": 2}
    assert status["display"]["trials"] == "10/18"
    assert condition(status, "Finished") == ("False", "Running")
    lost = decided(observed(item(status), job(1, number=2, active=1)))
    assert lost.status is not None
    assert lost.status["trials"]["committed"] == 10


def test_a_job_that_somebody_deleted_becomes_the_next_round() -> None:
    status = status_after(job(0, active=3), job(1, active=3))
    decision = decided(observed(item(status), job(0, active=3)))
    assert names_of(decision) == ["mlp-0f3a77c1-v1-r2"]
    told = [(each.type, each.reason, each.message) for each in decision.notices]
    assert told[0] == (
        *("Warning", "JobMissing"),
        "mlp-0f3a77c1-v1-r1 is gone, and the operator did not delete it",
    )
    # Cut off before the status was written it is told anew, by the same name; else no more.
    both = [job(0, active=3), job(1, 2, active=3)]
    assert decided(observed(item(status), *both)).notices[0] == decision.notices[0]
    assert decided(observed(item(decision.status), *both)).notices == ()


def test_an_analysis_that_somebody_deleted_is_told_and_one_that_failed_is_not() -> None:
    gone = decided(observed(item(over())))
    assert [each.reason for each in gone.notices] == ["JobMissing", "JobsCreated"]
    failed = decided(observed(item(over()), job(None, ended="Failed")))
    assert names_of(failed) == ["mlp-0f3a77c1-analysis-r2"]
    assert "JobMissing" not in [each.reason for each in failed.notices]


def test_a_complete_version_needs_its_job_no_more() -> None:
    done = [job(place, ended="Complete", succeeded=3) for place in (0, 1)]
    status = status_after(done[0], job(1, active=3))
    # A policy of the cluster may clean Jobs away a minute after their end.
    alone = decided(observed(item(status), job(1, active=3)))
    assert names_of(alone) == []
    ended = decided(observed(item(status), done[1]))
    assert names_of(ended) == ["mlp-0f3a77c1-analysis-r1"]
    assert condition(ended.status, "TrialsComplete") == ("True", "AllPodsEnded")
    status = status_after(job(0, succeeded=3), job(1, succeeded=3))
    assert condition(status, "TrialsComplete")[0] == "False"
    both = decided(observed(item(status)))
    assert names_of(both) == ["mlp-0f3a77c1-analysis-r1"]


def going(ordinal: int) -> Body:
    """Return a Job that was deleted at the start and is there until its pods are gone."""
    body = job(ordinal, active=3, terminating=3)
    body["metadata"]["deletionTimestamp"] = "2026-11-25T01:00:00Z"
    return body


def test_the_next_round_waits_for_the_pods_of_the_last_but_not_for_those_of_a_lost_node() -> None:
    jobs = [job(0, active=3), going(1)]
    waits = decided(observed(item(), *jobs), after=119)
    assert names_of(waits) == []
    assert waits.look_again == timedelta(seconds=1)
    assert names_of(decided(observed(item(), *jobs), after=120)) == ["mlp-0f3a77c1-v1-r2"]
    again = decided(observed(item(waits.status), *jobs), after=120)
    assert [each.reason for each in again.notices] == ["JobMissing", "JobsCreated"]
    gone = observed(item(waits.status), jobs[0])
    assert names_of(decided(gone, after=5)) == ["mlp-0f3a77c1-v1-r2"]


def test_after_the_deadline_the_analysis_waits_for_pods_that_may_still_commit() -> None:
    status = status_after(job(0, active=3), job(1, active=3), activeDeadlineSeconds=100)
    jobs = [going(0), going(1)]
    late = observed(item(status, activeDeadlineSeconds=1), *jobs)
    waits = decided(late, after=119)
    assert condition(waits.status, "TrialsComplete") == ("False", "DeadlineExceeded")
    assert names_of(waits) == []
    assert waits.look_again == timedelta(seconds=1)
    again = observed(item(waits.status, activeDeadlineSeconds=1), *jobs)
    assert names_of(decided(again, after=120)) == ["mlp-0f3a77c1-analysis-r1"]
    gone = observed(item(waits.status, activeDeadlineSeconds=1))
    assert names_of(decided(gone, after=5)) == ["mlp-0f3a77c1-analysis-r1"]


def test_suspending_deletes_open_jobs_and_resuming_makes_the_next_round() -> None:
    status = status_after(job(0, active=3), job(1, ended="Complete", succeeded=3))
    jobs = [job(0, active=3), job(1, ended="Complete", succeeded=3)]
    paused = decided(observed(item(status, generation=2, suspend=True), *jobs), after=10)
    assert [each.name for each in paused.delete] == ["mlp-0f3a77c1-v0-r1"]
    assert condition(paused.status, "Finished") == ("False", "Suspending")
    assert [notice.reason for notice in paused.notices] == ["DeletingJobs"]
    resumed = decided(observed(item(paused.status, generation=3), jobs[1]), after=500)
    assert names_of(resumed) == ["mlp-0f3a77c1-v0-r2"]
    assert resumed.status is not None
    assert resumed.status["trials"]["committed"] == 9
    assert "Resumed" in [notice.reason for notice in resumed.notices]


def test_suspended_from_the_start_nothing_is_made() -> None:
    decision = decided(observed(item(suspend=True)))
    assert decision.create == ()
    assert condition(decision.status, "Suspended") == ("True", "Suspended")
    assert decision.status is not None
    assert "startTime" not in decision.status


@pytest.mark.parametrize("end", ["Complete", "Failed"])
def test_when_all_trials_have_ended_the_analysis_begins_however_they_ended(end: str) -> None:
    failed = {"failed": 3, "failedIndexes": "0-2"} if end == "Failed" else {"succeeded": 3}
    seen = observed(item(), job(0, ended="Complete", succeeded=3), job(1, ended=end, **failed))
    decision = decided(seen)
    assert names_of(decision) == ["mlp-0f3a77c1-analysis-r1"]
    assert condition(decision.status, "TrialsComplete")[0] == "True"
    assert condition(decision.status, "Finished") == ("False", "Analyzing")


def test_a_job_that_failed_as_a_whole_says_why() -> None:
    """A limit that somebody put on the Job ends it without any index having failed."""
    cut = job(0, ended="Failed", succeeded=1)
    status = status_after(cut, job(1, ended="Complete", succeeded=3))
    assert condition(status, "TrialsComplete") == ("True", "SomeJobsFailed")
    (over,) = [each for each in status["conditions"] if each["type"] == "TrialsComplete"]
    assert over["message"] == (
        "at least 10 of 18 trials are committed; Job mlp-0f3a77c1-v0-r1 failed: told"
    )


def test_trials_that_were_over_stay_over_when_their_jobs_are_gone() -> None:
    decision = decided(observed(item(over()), job(None, active=1, ready=1)))
    assert decision.create == ()
    assert condition(decision.status or over(), "TrialsComplete")[0] == "True"


def test_a_digest_is_the_end() -> None:
    seen = observed(
        item(over()),
        job(None, ended="Complete", succeeded=1),
        looked={uid_of(None): READ},
    )
    decision = decided(seen, after=100)
    status = decision.status
    assert condition(status, "Compared") == ("True", "Equivalent")
    assert condition(status, "Finished") == ("True", "Compared")
    assert condition(status, "Succeeded") == ("True", "Equivalent")
    assert condition(status, "Failed")[0] == "False"
    assert status is not None
    assert status["trials"] == {
        "total": 18, "committed": 18, "active": 0, "succeeded": 17, "failed": 1,
    }  # fmt: skip
    assert status["report"] == DIGEST["report"]
    told = {notice.reason: notice.message for notice in decision.notices}
    assert told["Compared"] == "within the margin"
    assert told["Finished"] == f"there is a verdict; its report is {DIGEST['report']['uri']}"
    assert status["completionTime"] == "2026-11-25T01:01:40Z"
    assert status["phase"] == "Succeeded"
    assert decision.urgent
    assert decision.look_again is None or decision.look_again > timedelta(0)
    Status.model_validate_json(json.dumps(status))


def test_suspended_too_late_it_ends_and_says_that() -> None:
    analysis = job(None, ended="Complete", succeeded=1)
    late = observed(item(over(), suspend=True), analysis, looked={uid_of(None): READ})
    status = decided(late, after=100).status
    assert status is not None
    assert message(status, "Suspended") == "spec.suspend has no effect: it has ended"
    # Asked for before, and cut off by the end: it was never resumed.
    conditions = [
        {**each, "reason": "Suspending"} if each["type"] == "Suspended" else each
        for each in over()["conditions"]
    ]
    asked = {**over(), "conditions": conditions}
    ended = decided(observed(item(asked, suspend=True), analysis, looked={uid_of(None): READ}))
    assert [notice.reason for notice in ended.notices] == ["Compared", "Finished"]


def test_an_invalid_verdict_is_compared_and_failed() -> None:
    digest = {**DIGEST, "summary": {**DIGEST["summary"], "verdict": "Invalid"}}
    read = Looked((Pod("pod", "p", "Succeeded", message=json.dumps(digest)),))
    analysis = job(None, ended="Complete", succeeded=1)
    decision = decided(observed(item(over()), analysis, looked={uid_of(None): read}))
    # Why is said in both conditions, and in one Event.
    assert [notice.reason for notice in decision.notices] == ["Finished"]
    status = decision.status
    assert condition(status, "Compared") == ("True", "Invalid")
    assert condition(status, "Failed") == ("True", "Invalid")
    assert condition(status, "Finished") == ("True", "Invalid")
    assert condition(status, "Succeeded") == ("False", "Invalid")


@pytest.mark.parametrize(
    ("left", "told"),
    [
        (18, "within the margin"),
        (17, "within the margin 1 trial that had been committed was in the store no more"),
        (0, "within the margin 18 trials that had been committed were in the store no more"),
    ],
)
def test_records_that_a_store_has_lost_are_told_and_counted_no_more(left: int, told: str) -> None:
    trials = {"planned": 18, "committed": left, "succeeded": left, "diverged": 0, "failed": 0}
    digest = {**DIGEST, "summary": {**DIGEST["summary"], "trials": trials}}
    read = Looked((Pod("pod", "p", "Succeeded", message=json.dumps(digest)),))
    analysis = job(None, ended="Complete", succeeded=1)
    status = decided(observed(item(over()), analysis, looked={uid_of(None): read})).status
    assert status is not None
    assert status["trials"]["committed"] == left
    assert status["display"]["trials"] == f"{left}/18"
    (message,) = (each["message"] for each in status["conditions"] if each["type"] == "Compared")
    assert message.startswith(told)


def test_at_the_end_the_trials_of_the_versions_are_those_of_all() -> None:
    """Blocks that failed have committed some of their trials, and no Job tells how many."""
    failed = job(1, ended="Failed", failed=3, failedIndexes="0-2")
    jobs = [job(0, ended="Complete", succeeded=3), failed]
    begun = status_after(*jobs)
    assert [each["committed"] for each in begun["versions"]] == [9, 0]
    for read, missing, committed in ((18, None, [9, 9]), (13, 5, [9, 4])):
        lacking = [{"version": "2.4.0", "trials": missing}] if missing else None
        trials = {**DIGEST["summary"]["trials"], "committed": read, "missing": lacking}
        digest = {**DIGEST, "summary": {**DIGEST["summary"], "trials": trials}}
        looked = {uid_of(None): Looked((Pod("p", "p", "Succeeded", message=json.dumps(digest)),))}
        ended = [*jobs, job(None, ended="Complete")]
        status = decided(observed(item(begun), *ended, looked=looked)).status
        assert status is not None
        assert [each["committed"] for each in status["versions"]] == committed
        assert status["trials"]["committed"] == read == sum(committed)
        assert message(begun, "TrialsComplete").startswith("at least 9 of 18 trials are committed;")
        over = message(status, "TrialsComplete")
        assert over.startswith(f"{read} of 18 trials are committed; 3 pods failed")
        Status.model_validate_json(json.dumps(status))


@pytest.mark.parametrize(
    ("pods", "why"),
    [
        ((), "its pod was deleted before it was read"),
        ((Pod("pod", "p", "Succeeded", message=""),), "it left no digest"),
        ((Pod("pod", "p", "Succeeded", message="oh"),), "it left no digest but: oh"),
    ],
)
def test_an_analysis_that_left_nothing_has_a_next_round(pods: tuple[Pod, ...], why: str) -> None:
    analysis = job(None, ended="Complete", succeeded=1)
    decision = decided(observed(item(over()), analysis, looked={uid_of(None): Looked(pods)}))
    assert names_of(decision) == ["mlp-0f3a77c1-analysis-r2"]
    assert decision.status is not None
    message = next(e["message"] for e in decision.status["conditions"] if e["type"] == "Finished")
    assert why in message


def test_the_analysis_is_given_up_after_its_last_round() -> None:
    jobs = [job(None, number, ended="Failed") for number in range(1, names.ANALYSIS_ROUNDS + 1)]
    last = Looked((Pod("a-pod", "p", "Failed", exit_code=1, message="MemoryError"),))
    looked = {uid_of(None, names.ANALYSIS_ROUNDS): last}
    decision = decided(observed(item(over()), *jobs, looked=looked))
    assert names_of(decision) == []
    assert condition(decision.status, "Finished") == ("True", "AnalysisFailed")
    assert condition(decision.status, "Failed") == ("True", "AnalysisFailed")
    assert "MemoryError" in json.dumps(decision.status)
    assert "; what is committed stays, and `diptych analyze s3://" in json.dumps(decision.status)


def test_an_analysis_that_took_too_long_has_a_next_round_and_the_job_says_why() -> None:
    stopped = Looked((Pod("a-pod", "p", "Failed", exit_code=143),))
    seen = observed(item(over()), job(None, ended="Failed"), looked={uid_of(None): stopped})
    decision = decided(seen)
    assert names_of(decision) == ["mlp-0f3a77c1-analysis-r2"]
    assert finished_message(decision.status).endswith("for mlp-0f3a77c1-analysis-r1: told")


def test_an_analysis_that_no_retry_helps_is_given_up_at_once() -> None:
    last = Looked((Pod("a-pod", "p", "Failed", exit_code=42, message="another's plan"),))
    seen = observed(item(over()), job(None, ended="Failed"), looked={uid_of(None): last})
    decision = decided(seen)
    assert names_of(decision) == []
    assert condition(decision.status, "Failed") == ("True", "AnalysisFailed")
    assert "another's plan" in json.dumps(decision.status)


def test_a_lack_of_room_between_two_pods_is_no_reason() -> None:
    room = Stall(names.UNSCHEDULABLE, "0/1 nodes are available: 1 Insufficient nvidia.com/gpu.")
    looked = {uid_of(0): Looked((Pod("p", "u", "Pending", room),))}
    jobs = [job(0, active=1, succeeded=1), job(1, ended="Complete", succeeded=3)]
    seen = dataclasses.replace(observed(item(), *jobs, looked=looked), idle=timedelta(seconds=9))
    status = decided(seen).status
    assert condition(status, "Finished") == ("False", "Running")
    assert status is not None
    assert finished_message(status).startswith(
        "10 of 18 trials are committed, no pod runs; version 2.1.0: 0/1 nodes"
    )
    later = dataclasses.replace(seen, idle=timedelta(seconds=31))
    assert condition(decided(later).status, "Finished") == ("False", "Unschedulable")
    held = [job(0, suspend=True, succeeded=1), jobs[1]]
    queued = dataclasses.replace(observed(item(), *held), idle=timedelta(seconds=9))
    assert condition(decided(queued).status, "Finished") == ("False", "Queued")
    # While a pod of another version is to come, that is no news.
    one = dataclasses.replace(
        observed(item(), held[0], job(1, active=1)), idle=timedelta(seconds=9)
    )
    assert condition(decided(one).status, "Finished") == ("False", "Running")


@pytest.mark.parametrize(
    ("running", "words"),
    [
        ((0, 0), "0 of 18 trials are committed, no pod runs"),
        ((1, 0), "0 of 18 trials are committed, 1 pod runs"),
        ((1, 2), "0 of 18 trials are committed, 3 pods run"),
    ],
)
def test_pods_that_run_are_counted_in_words(running: tuple[int, int], words: str) -> None:
    jobs = [job(place, active=3, ready=ready) for place, ready in enumerate(running)]
    assert finished_message(status_after(*jobs)) == words


def test_what_failed_for_good_is_told_while_others_run() -> None:
    jobs = [job(0, ended="Failed", failed=1, failedIndexes="0"), job(1, active=3, ready=3)]
    assert finished_message(status_after(*jobs)) == (
        "0 of 18 trials are committed, 3 pods run; 1 pod of version 2.1.0 failed for good "
        "(Job mlp-0f3a77c1-v0-r1)"
    )


def test_records_are_analysed_when_a_pod_does_it_and_not_before() -> None:
    words = "trials are over; their records are {}analysed"
    assert finished_message(over()) == words.format("to be ")
    analysis = job(None, active=1, ready=1)
    status = decided(observed(item(over()), analysis)).status
    assert finished_message(status) == words.format("")


def finished_message(status: Body | None) -> str:
    return message(status, "Finished")


def test_a_deadline_deletes_open_trials_and_then_analyses_what_is_there() -> None:
    status = status_after(job(0, active=3), job(1, active=3), activeDeadlineSeconds=100)
    jobs = [job(0, active=3, ready=1), job(1, ended="Complete", succeeded=3)]
    before = decided(observed(item(status, activeDeadlineSeconds=100), *jobs), after=99)
    assert before.delete == ()
    assert before.look_again is not None
    assert before.look_again <= timedelta(seconds=1)
    late = decided(observed(item(before.status, activeDeadlineSeconds=100), *jobs), after=100)
    assert [each.name for each in late.delete] == ["mlp-0f3a77c1-v0-r1"]
    # A trial that commits until its Job is gone must not come too late for the analysis.
    assert names_of(late) == []
    assert late.look_again == timedelta(seconds=1)
    assert condition(late.status, "TrialsComplete") == ("False", "DeadlineExceeded")
    gone = decided(observed(item(late.status, activeDeadlineSeconds=100), jobs[1]), after=101)
    assert names_of(gone) == ["mlp-0f3a77c1-analysis-r1"]
    # What was late stays late, though the limit is raised: the analysis has begun.
    analysis = job(None, active=1, ready=1)
    raised = item(late.status, activeDeadlineSeconds=9999)
    after = decided(observed(raised, jobs[1], analysis), after=110)
    assert after.create == ()
    assert condition(after.status or late.status, "TrialsComplete")[1] == "DeadlineExceeded"


def test_a_deadline_that_leaves_too_little_is_the_reason_of_the_failure() -> None:
    status = status_after(job(0, active=3), job(1, active=3), activeDeadlineSeconds=100)
    late = decided(
        observed(item(status, activeDeadlineSeconds=100), job(0, active=3), job(1, active=3)),
        after=100,
    )
    digest = {**DIGEST, "summary": {**DIGEST["summary"], "verdict": "Invalid"}}
    read = Looked((Pod("pod", "p", "Succeeded", message=json.dumps(digest)),))
    seen = observed(
        item(late.status, activeDeadlineSeconds=100),
        job(None, ended="Complete"),
        looked={uid_of(None): read},
    )
    end = decided(seen).status
    assert condition(end, "Failed") == ("True", "DeadlineExceeded")
    # What held it up is known from before the end, how much was committed only now.
    limit = "activeDeadlineSeconds (100) passed; {} 18 trials are committed"
    assert message(late.status, "TrialsComplete").startswith(limit.format("at least 0 of"))
    assert message(end, "TrialsComplete") == limit.format("18 of") + ", and those are analysed"
    assert finished_message(end).startswith(limit.format("18 of"))
    # Nothing was read where the analysis failed for good.
    why = Looked((Pod("pod", "p", "Failed", exit_code=42, message="no"),))
    failed = observed(
        item(late.status, activeDeadlineSeconds=100),
        job(None, ended="Failed"),
        looked={uid_of(None): why},
    )
    words = message(decided(failed).status, "TrialsComplete")
    assert words == limit.format("at least 0 of")


def test_what_the_api_server_refuses_is_said_and_tried_again() -> None:
    refusal = Stall(names.CHILD_REFUSED, 'Job mlp-0f3a77c1-v0-r1: admission webhook "x" denied')
    decision = decided(observed(item(), refusals=(refusal,)))
    assert decision.create == ()
    assert condition(decision.status, "Finished") == ("False", "ChildRefused")
    assert 'webhook "x" denied' in json.dumps(decision.status).replace('\\"', '"')
    assert decision.look_again == timedelta(seconds=30)


def test_what_is_refused_again_is_not_written_told_or_counted_as_made() -> None:
    refusal = Stall(names.QUOTA_EXCEEDED, "Job mlp-0f3a77c1-v0-r1: exceeded quota: team")
    first = decided(observed(item(), refusals=(refusal,)))
    assert first.status is not None
    assert all("jobs" not in version for version in first.status["versions"])
    assert "startTime" not in first.status
    assert "JobsCreated" not in [notice.reason for notice in first.notices]
    again = decided(observed(item(first.status), refusals=(refusal,)), after=30)
    assert (again.status, again.notices) == (None, ())
    admitted = decided(observed(item(first.status)), after=60)
    assert names_of(admitted) == ["mlp-0f3a77c1-v0-r1", "mlp-0f3a77c1-v1-r1"]


@pytest.mark.parametrize("ordinal", [0, None], ids=["trials", "analysis"])
def test_a_plan_that_somebody_deleted_is_made_again(ordinal: int | None) -> None:
    stall = Stall(names.FAILED_MOUNT, 'configmap "mlp-0f3a77c1-plan" not found')
    waits = Looked((Pod("pod", "p", "Pending", stall=stall),))
    status = status_after(job(0, active=3), job(1, active=3)) if ordinal == 0 else over()
    jobs = [job(0, active=3), job(1, active=3)] if ordinal == 0 else [job(None, active=1)]
    seen = observed(item(status), *jobs, looked={uid_of(ordinal): waits})
    assert [body["kind"] for body in decided(seen).create] == ["ConfigMap"]


def test_a_decision_depends_on_its_arguments_alone() -> None:
    seen = observed(item(), job(0, active=3))
    assert decided(seen) == decided(seen)
    assert isinstance(seen, Observed)
    assert decide.__kwdefaults__ is None
