"""Time counts in which trials were to run and nobody had suspended them."""

from datetime import datetime, timedelta

import pytest
from tests.operator.kubernetes.builders import (
    START,
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

from diptych.kubernetes import names
from diptych.kubernetes.deadline import ActiveTime, active_time, remaining
from diptych.kubernetes.observed import Looked
from diptych.kubernetes.pods import Pod, Stall
from diptych.kubernetes.times import spelled


def at(seconds: int) -> datetime:
    return START + timedelta(seconds=seconds)


def spent(status: Body, *jobs: Body, after: int, is_suspended: bool = False) -> ActiveTime:
    return active_time(observed(item(status, suspend=is_suspended), *jobs), at(after))


def written(time: ActiveTime) -> Body:
    since = {} if time.since is None else {"since": spelled(time.since)}
    return {"activeTime": {"seconds": time.seconds, **since}}


REFUSAL = Stall(names.QUOTA_EXCEEDED, "Job mlp-0f3a77c1-analysis-r1: exceeded quota: team")


def refused(status: Body | None, after: int, limit: int | None) -> Body:
    """Return the status after a look at which the server let no Job be made."""
    seen = observed(item(status, activeDeadlineSeconds=limit), refusals=(REFUSAL,))
    return decided(seen, after).status or status or {}


def test_a_span_begins_with_the_first_job_and_ends_with_the_trials() -> None:
    running = spent({}, job(0, active=1), after=30)
    assert running == ActiveTime(0, START)
    jobs = [job(place, ended="Complete", succeeded=3) for place in (0, 1)]
    status = decided(observed(item(written(running)), *jobs), after=40).status
    assert status is not None
    assert status["activeTime"] == {"seconds": 40}
    assert spent(status, *jobs, after=999) == ActiveTime(40, None)


def test_time_counts_in_which_a_quota_lets_no_job_be_made() -> None:
    first = refused(None, 0, limit=100)
    assert first["activeTime"] == {"seconds": 0, "since": "2026-11-25T01:00:00Z"}
    late = refused(first, 100, limit=100)
    assert condition(late, "TrialsComplete") == ("False", "DeadlineExceeded")
    assert late["activeTime"] == {"seconds": 100}
    words = message(late, "TrialsComplete")
    assert "(100) passed while the API server refused Jobs (Job mlp-0f3a77c1-analysis-r1:" in words
    after = decided(observed(item(late, activeDeadlineSeconds=100)), after=101)
    assert names_of(after) == ["mlp-0f3a77c1-analysis-r1"]


@pytest.mark.parametrize(("limit", "refused_for"), [(60, 3600), (7200, 7200)])
def test_an_analysis_that_is_refused_for_as_long_again_is_the_end(
    limit: int, refused_for: int
) -> None:
    # Nobody looked for a day: that is no refusal.
    late = refused(refused(None, 0, limit), limit + 86400, limit)
    first = refused(late, limit + 86430, limit)
    assert condition(first, "Finished") == ("False", "QuotaExceeded")
    before = refused(first, limit + 86430 + refused_for - 1, limit)
    assert before == first, "nothing is written while it waits"
    status = refused(first, limit + 86430 + refused_for, limit)
    assert condition(status, "Finished") == ("True", "DeadlineExceeded")
    assert condition(status, "Compared") == ("False", "DeadlineExceeded")
    words = {each["type"]: each["message"] for each in status["conditions"]}
    lasted = f"for {refused_for} s no analysis could run: API server: Job mlp-0f3a77c1"
    assert lasted in words["Finished"]
    assert words["TrialsComplete"].endswith("at least 0 of 18 trials are committed")
    assert "since" not in status["activeTime"]


def test_it_is_the_end_too_where_all_trials_were_done_in_time() -> None:
    jobs = [job(place, ended="Complete", succeeded=3) for place in (0, 1)]
    status: Body | None = None
    for after in (40, 70, 70 + 3600):
        resource = item(status, activeDeadlineSeconds=60)
        status = decided(observed(resource, *jobs, refusals=(REFUSAL,)), after).status
    assert condition(status, "TrialsComplete") == ("True", "AllPodsEnded")
    assert condition(status, "Finished") == ("True", "DeadlineExceeded")
    assert status is not None
    assert status["activeTime"] == {"seconds": 3600}


def test_an_analysis_that_was_refused_and_is_made_begins_anew() -> None:
    first = refused(refused(refused(None, 0, 60), 60, 60), 90, 60)
    made = decided(observed(item(first, activeDeadlineSeconds=60)), after=120).status
    assert made is not None
    assert made["activeTime"] == {"seconds": 90}
    again = refused(made, 9999, 60)
    assert condition(again, "Finished") == ("False", "QuotaExceeded")


def test_an_analysis_that_a_queue_holds_for_as_long_again_is_the_end() -> None:
    held, status = job(None, suspend=True), refused(refused(None, 0, 60), 60, 60)
    limit = {"activeDeadlineSeconds": 60}
    for after in (100, 100 + 3599):
        waits = decided(observed(item(status, **limit), held), after)
        status = waits.status or status
        assert (condition(status, "Finished"), waits.delete) == (("False", "Queued"), ())
    # Admitted for a while, it has all the time again; so has one without a deadline, or suspended.
    runs = decided(observed(item(status, **limit), job(None, active=1, ready=1)), 3700).status
    again = decided(observed(item(runs, **limit), held), 9999).status
    asleep = decided(observed(item(status, suspend=True, **limit), held), 9999).status
    for each in (again, asleep, decided(observed(item(status), held), 9999).status or status):
        assert condition(each, "Finished")[0] == "False"
    end = decided(observed(item(status, **limit), held), 3700)
    assert condition(end.status, "Finished") == ("True", "DeadlineExceeded")
    assert condition(end.status, "Compared") == ("False", "DeadlineExceeded")
    assert [each.part.ordinal for each in end.delete] == [None]
    assert end.status is not None
    words = message(end.status, "Finished")
    assert "for 3600 s no analysis could run: analysis: its Job is suspended; it is" in words


@pytest.mark.parametrize(
    ("pod", "end"),
    [
        (Pod("p", "u", "Pending", Stall(names.UNSCHEDULABLE, "0/2 nodes")), "DeadlineExceeded"),
        (Pod("p", "u", "Pending", Stall(names.IMAGE_PULL, "not found")), "DeadlineExceeded"),
        # Of what fails or lacks the store, other limits are the end.
        (Pod("p", "u", "Failed", exit_code=1, index=0, ended=START), None),
        (Pod("p", "u", "Failed", exit_code=75, index=0, ended=START), None),
        (Pod("p", "u", "Pending"), None),
    ],
)
def test_an_analysis_that_cannot_begin_for_as_long_again_is_the_end(
    pod: Pod, end: str | None
) -> None:
    status = refused(refused(None, 0, 60), 60, 60)
    analysis, looked = job(None, active=1), {uid_of(None): Looked((pod,))}
    for after in (100, 100 + 3599):
        seen = observed(item(status, activeDeadlineSeconds=60), analysis, looked=looked)
        status = decided(seen, after).status or status
        assert condition(status, "Finished")[0] == "False"
    # One look that sees no reason while nothing runs proves that nothing changed.
    seen = observed(item(status, activeDeadlineSeconds=60), analysis)
    status = decided(seen, 100 + 3599).status or status
    seen = observed(item(status, activeDeadlineSeconds=60), analysis, looked=looked)
    last = decided(seen, 100 + 3600)
    assert condition(last.status or status, "Finished")[0] == ("False" if end is None else "True")
    if end is not None:
        assert condition(last.status, "Finished")[1] == end
        assert [each.name for each in last.delete] == ["mlp-0f3a77c1-analysis-r1"]


def test_what_is_refused_beside_an_analysis_that_is_there_is_no_end() -> None:
    first = refused(refused(refused(None, 0, 60), 60, 60), 90, 60)
    resource = item(first, activeDeadlineSeconds=60)
    status = decided(observed(resource, job(None), refusals=(REFUSAL,)), after=99999).status
    assert condition(status, "Finished")[0] == "False"


def test_without_a_deadline_an_analysis_that_is_refused_is_waited_for() -> None:
    status = refused(refused(refused(None, 0, 60), 60, 60), 90, 60)
    assert condition(refused(status, 99999, None), "Finished") == ("False", "QuotaExceeded")


def test_suspended_time_does_not_count_though_jobs_are_still_there() -> None:
    running = spent({}, job(0, active=1), after=10)
    paused = spent(written(running), job(0, active=1), after=10, is_suspended=True)
    assert paused == ActiveTime(10, None)
    still = spent(written(paused), job(0, active=1), after=300, is_suspended=True)
    assert still == paused
    later = job(0, number=2, active=1, startTime="2026-11-25T01:10:00Z")
    resumed = spent(written(still), later, after=605)
    assert resumed.at(at(605)) == 15


def test_a_job_that_a_queue_holds_does_not_count() -> None:
    held = [job(0, suspend=True), job(1, suspend=True)]
    assert spent({}, *held, after=500) == ActiveTime(0, None)
    # Admitted a moment ago: it is not suspended any more, and its start is not written yet.
    admitted = job(0, startTime=None)
    assert spent({}, admitted, held[1], after=500) == ActiveTime(0, at(500))
    done = job(0, ended="Complete", succeeded=3)
    assert spent({}, done, held[1], after=500) == ActiveTime(0, None)
    # What nobody holds and cannot be made is to run.
    assert spent({}, held[0], after=500) == ActiveTime(0, at(500))


def test_what_remains_is_the_limit_without_what_was_spent() -> None:
    time = ActiveTime(20, at(50))
    assert remaining(100, time, at(60)) == timedelta(seconds=70)
    assert remaining(None, time, at(60)) is None
    assert remaining(100, time, at(999)) == timedelta(seconds=100 - 20 - 949)


def test_a_clock_that_went_back_takes_nothing_away() -> None:
    assert ActiveTime(20, at(50)).at(at(0)) == 20
