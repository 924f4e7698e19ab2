"""Only time counts in which a trial Job was there and not suspended."""

from datetime import datetime, timedelta

from tests.operator.kubernetes.builders import START, UID, Body, job

from diptych.kubernetes.deadline import ActiveTime, active_time, remaining
from diptych.kubernetes.jobs import children_of
from diptych.kubernetes.past import past_of
from diptych.kubernetes.times import spelled


def at(seconds: int) -> datetime:
    return START + timedelta(seconds=seconds)


def spent(status: Body, *jobs: Body, after: int, is_suspended: bool = False) -> ActiveTime:
    children = children_of(jobs, UID)
    return active_time(past_of(status), children, at(after), is_suspended=is_suspended)


def written(time: ActiveTime) -> Body:
    since = {} if time.since is None else {"since": spelled(time.since)}
    return {"activeTime": {"seconds": time.seconds, **since}}


def test_a_span_begins_with_the_first_job_and_ends_with_the_last() -> None:
    running = spent({}, job(0, active=1), after=30)
    assert running == ActiveTime(0, START)
    over = spent(written(running), job(0, ended="Complete"), after=40)
    assert over == ActiveTime(40, None)
    assert spent(written(over), job(0, ended="Complete"), after=999) == over


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
    held = job(0, suspend=True)
    assert spent({}, held, after=500) == ActiveTime(0, None)
    # Admitted a moment ago: it is not suspended any more, and its start is not written yet.
    admitted = job(0, startTime=None)
    assert spent({}, admitted, after=500) == ActiveTime(0, at(500))


def test_what_remains_is_the_limit_without_what_was_spent() -> None:
    time = ActiveTime(20, at(50))
    assert remaining(100, time, at(60)) == timedelta(seconds=70)
    assert remaining(None, time, at(60)) is None
    assert remaining(100, time, at(999)) == timedelta(seconds=100 - 20 - 949)


def test_a_clock_that_went_back_takes_nothing_away() -> None:
    assert ActiveTime(20, at(50)).at(at(0)) == 20
