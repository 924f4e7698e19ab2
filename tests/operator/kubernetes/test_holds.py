import json
from datetime import timedelta
from typing import Any

import pytest
from tests.operator.kubernetes.builders import (
    START,
    Body,
    condition,
    decided,
    item,
    job,
    observed,
    uid_of,
)

from diptych.api.status import Status
from diptych.kubernetes import names
from diptych.kubernetes.holds import Hold, foremost, holds_of, told
from diptych.kubernetes.observed import Looked, Observed
from diptych.kubernetes.pods import Pod, Stall

ROOM = Stall(names.UNSCHEDULABLE, "0/2 nodes are available: 2 Insufficient nvidia.com/gpu.")
PULL = Stall(names.IMAGE_PULL, "manifest unknown")


def pending(stall: Stall | None) -> Pod:
    return Pod("p", "u", "Pending", stall)


def failed(code: int, message: str = "", *, after: int = 100, **more: Any) -> Pod:  # noqa: ANN401
    """Return a pod that ended so many seconds after the start, having run for a minute."""
    told = {"exit_code": code, "message": message, "ran": timedelta(minutes=1), **more}
    return Pod("p", "u", "Failed", ended=START + timedelta(seconds=after), **told)


def running(began: int, ran: int) -> Pod:
    begin, age = START + timedelta(seconds=began), timedelta(seconds=ran)
    return Pod("r", "r", "Running", began=begin, ran=age)


def seen(first: Body, *pods: Pod, events: tuple[Stall, ...] = ()) -> Observed:
    running = job(1, active=3, ready=3)
    return observed(item(), first, running, looked={uid_of(0): Looked(pods, events)})


def test_a_pod_that_waits_is_told_with_its_version() -> None:
    (hold,) = holds_of(seen(job(0, active=3), pending(PULL)))
    assert hold.sentence == (
        "version 2.1.0: manifest unknown; it is tried again by itself once the image is there"
    )


def test_a_defect_comes_before_a_lack_of_room() -> None:
    (hold,) = holds_of(seen(job(0, active=3), pending(ROOM), pending(PULL)))
    assert hold.stall == PULL
    # A pod that cannot start may be what keeps the room that others wait for.
    mount = Stall(names.FAILED_MOUNT, 'configmap "code" not found')
    (hold,) = holds_of(seen(job(0, active=3), pending(ROOM), events=(mount,)))
    assert hold.stall == mount
    holds = [Hold("a", ROOM, runs=False), Hold("b", PULL, runs=False)]
    shown = foremost(sorted(holds, key=lambda each: each.stall.reason in names.PASSING), runs=True)
    assert shown is not None
    assert shown.who == "b"


def test_a_lack_of_room_is_no_reason_while_something_runs() -> None:
    holds = [Hold("a", ROOM, runs=False)]
    assert foremost(holds, runs=True) is None
    assert foremost(holds, runs=False) is holds[0]


def test_events_tell_of_pods_that_are_not_made() -> None:
    quota = Stall(names.QUOTA_EXCEEDED, "exceeded quota: q")
    (hold,) = holds_of(seen(job(0, active=0), events=(quota,)))
    assert hold.stall == quota


def test_pods_that_all_run_hold_nothing_up_whatever_was_seen_before() -> None:
    assert holds_of(seen(job(0, active=3, ready=3), pending(PULL))) == []


def test_a_pod_that_does_not_go_is_told_where_pods_lack() -> None:
    stuck = Stall(names.POD_STUCK, "pod p should have ended", "delete the node")
    runs = Pod("p", "u", "Running", stuck)
    (hold,) = holds_of(seen(job(0, active=2, ready=2, terminating=1), runs))
    assert hold.sentence == "version 2.1.0: pod p should have ended; delete the node"
    assert holds_of(seen(job(0, active=3, ready=3), runs)) == []


def test_a_queue_that_holds_a_job_is_named() -> None:
    held = observed(item(queueName="team-a"), job(0, suspend=True))
    (hold,) = holds_of(held)
    assert (hold.stall.reason, hold.stall.message) == (
        names.QUEUED, "the queue team-a has no quota yet",
    )  # fmt: skip


def test_pods_that_fail_before_any_succeeds_tell_their_last_words() -> None:
    first = job(0, active=1, failed=2)
    (hold,) = holds_of(seen(first, failed(1, "ModuleNotFoundError: No module named 'numpy'")))
    assert hold.stall.reason == names.TRIALS_FAILING
    assert "pod p ended with exit code 1, saying: ModuleNotFoundError" in hold.stall.message
    assert holds_of(seen(job(0, active=1, ready=1, failed=2), failed(1))) == []
    assert holds_of(seen(job(0, active=1, ready=1, failed=3), failed(1))) != []
    assert holds_of(seen(job(0, active=2, succeeded=1, failed=9), failed(1))) == []


def test_of_its_last_words_the_progress_is_left_out() -> None:
    committed = '{"event": "trialCommitted", "outcome": "Failed", "trial": "trials/a/0"}\n'
    said = committed[30:] + committed + "version a: this image holds 1.2.1\n" + committed
    (hold,) = holds_of(seen(job(0, active=1, failed=2), failed(1, said)))
    assert hold.stall.message.endswith("exit code 1, saying: version a: this image holds 1.2.1")


KILLED = "version 2.1.0: pod p ended with exit code 137 (OOMKilled)"


def killed(index: int = 0, after: int = 100) -> Pod:
    return failed(137, after=after, index=index, ending="OOMKilled")


def told_before(first: Body, *pods: Pod, of: str = "mlp-0f3a77c1-v0-r1") -> Observed:
    """Return what is seen when the status says already that the pods of a Job fail."""
    # The words are of another matter: what stays is no matter of words.
    finished = {"type": "Finished", "reason": "TrialsFailing", "message": "…"}
    resource = item({"conditions": [finished], "failingJobs": [of]})
    jobs = [first, job(1, active=3, ready=3)]
    return observed(resource, *jobs, looked={uid_of(0): Looked(pods)})


def test_pods_that_are_killed_again_and_again_are_told_until_one_does_better() -> None:
    going = job(0, active=1, ready=1, failed=1)
    assert holds_of(seen(going, killed())) == [], "one that was killed may be no rule"
    (hold,) = holds_of(told_before(going, killed()))
    assert hold.words == KILLED
    # It ran for a minute.
    assert holds_of(told_before(going, killed(), running(110, 90))) == [hold]
    assert holds_of(told_before(going, killed(), running(110, 91))) == []
    assert holds_of(told_before(going, killed(), running(90, 900))) == [hold]
    often = job(0, active=1, ready=1, failed=9)
    assert holds_of(seen(often, killed(), running(110, 91))) == [], "or it would come and go"


@pytest.mark.parametrize("of", ["mlp-0f3a77c1-v1-r1", "mlp-0f3a77c1-v0-r2"])
def test_of_what_is_told_of_another_version_or_round_nothing_stays(of: str) -> None:
    assert holds_of(told_before(job(0, active=1, ready=1, failed=1), killed(), of=of)) == []


def test_the_jobs_that_fail_are_written_down_until_a_pod_does_better() -> None:
    waits, going = job(0, active=1, failed=1), job(0, active=1, ready=1, failed=1)
    status = decided(seen(waits, killed())).status
    assert status is not None
    assert status["failingJobs"] == ["mlp-0f3a77c1-v0-r1"]
    Status.model_validate_json(json.dumps(status))
    looked = {uid_of(0): Looked((killed(),))}
    again = decided(observed(item(status), going, looked=looked)).status
    assert condition(again, "Finished") == ("False", "TrialsFailing")
    looked = {uid_of(0): Looked((killed(), running(110, 91)))}
    better = decided(observed(item(again), going, looked=looked)).status
    assert better is not None
    assert "failingJobs" not in better
    # Neither where its Jobs are about to go.
    looked = {uid_of(0): Looked((killed(),))}
    asleep = decided(observed(item(status, suspend=True), waits, looked=looked)).status
    assert asleep is not None
    assert "failingJobs" not in asleep


def test_what_holds_up_another_version_too_takes_nothing_away() -> None:
    """Whatever stands in the sentence beside it, and whoever is named first."""
    looked = {uid_of(0): Looked((killed(),)), uid_of(1): Looked((pending(PULL),))}
    jobs = [job(0, active=1, ready=1, failed=1), job(1, active=3)]
    resource = item({"failingJobs": ["mlp-0f3a77c1-v0-r1"]})
    holds = holds_of(observed(resource, *jobs, looked=looked))
    assert [hold.stall.reason for hold in holds] == ["TrialsFailing", "ErrImagePull"]


def test_a_block_that_is_complete_after_pods_were_killed_is_no_success() -> None:
    """All of its trials are committed as failed, and the next block's pods may be killed too."""
    going = job(0, active=1, ready=1, failed=3, succeeded=1, completedIndexes="0")
    done = Pod("d", "d", "Succeeded", index=0, ended=START + timedelta(seconds=200))
    assert holds_of(told_before(going, killed(), done)) != []
    clean = Pod("c", "c", "Succeeded", index=1, ended=START + timedelta(seconds=200))
    assert holds_of(told_before(going, killed(), done, clean)) == []
    assert holds_of(seen(going, killed(), done)) == []


def test_a_store_that_is_away_and_a_stopped_pod_are_no_failures() -> None:
    (hold,) = holds_of(seen(job(0, active=1), failed(75, "s3://results: connection refused")))
    assert hold.stall.reason == names.STORE_UNREACHABLE
    assert holds_of(seen(job(0, active=1), failed(143))) == []


def evicted(index: int, after: int) -> Pod:
    words = 'Usage of EmptyDir volume "diptych-tmp" exceeds the limit "1Gi".'
    return failed(143, words, after=after, index=index, ending="Evicted")


def test_a_block_that_is_evicted_again_and_again_is_told_in_the_kubelet_s_words() -> None:
    going = job(0, active=2, ready=2, succeeded=1, completedIndexes="0")
    ends = [evicted(2, after) for after in (300, 100, 200)]
    (hold,) = holds_of(seen(going, *ends))
    assert hold.stall.reason == "Evicted"
    assert hold.sentence == (
        "version 2.1.0: pod p ended with exit code 143 (Evicted), saying: Usage of EmptyDir volume "
        '"diptych-tmp" exceeds the limit "1Gi"'
    )
    # A node that had no room for three blocks at once may have some again.
    assert holds_of(seen(going, *ends[1:], evicted(1, 300))) == []
    done = job(0, active=1, ready=1, succeeded=2, completedIndexes="0,2")
    assert holds_of(seen(done, *ends)) == []


AWAY = failed(75, "s3://results: connection refused", index=2)


def test_a_store_that_goes_away_after_a_first_success_is_told_at_once() -> None:
    going = job(0, active=2, ready=1, succeeded=1, completedIndexes="0")
    (hold,) = holds_of(seen(going, AWAY))
    assert hold.stall.reason == names.STORE_UNREACHABLE
    assert hold.sentence == (
        "version 2.1.0: pod p ended with exit code 75, saying: s3://results: connection refused; "
        "it is tried again by itself, after 10 minutes at the latest"
    )
    # All of its pods run again: the next one has not reached the store yet, either.
    runs = job(0, active=2, ready=2, succeeded=1, completedIndexes="0")
    assert holds_of(seen(runs, AWAY, running(110, 60))) != []


def test_of_a_block_that_is_complete_or_failed_by_now_it_tells_nothing() -> None:
    for status in ({"completedIndexes": "0,2", "succeeded": 2}, {"failedIndexes": "1-2"}):
        assert holds_of(seen(job(0, active=1, ready=1, **status), AWAY)) == []


@pytest.mark.parametrize(
    ("pod", "is_back"),
    [
        (running(110, 60), False),
        (running(110, 91), True),
        # It began before and may have had no need of the store since.
        (running(50, 900), False),
        (Pod("s", "s", "Succeeded", ended=START + timedelta(seconds=101)), True),
        (Pod("s", "s", "Succeeded", ended=START + timedelta(seconds=99)), False),
    ],
)
def test_the_store_is_back_when_a_later_pod_got_further(pod: Pod, *, is_back: bool) -> None:
    going = job(0, active=2, ready=1, succeeded=1, completedIndexes="0")
    assert (holds_of(seen(going, AWAY, pod)) == []) == is_back


def test_a_pod_that_was_cut_off_late_in_its_training_is_no_measure_for_long() -> None:
    going = job(0, active=2, ready=1)
    late = failed(75, ran=timedelta(hours=2))
    assert holds_of(seen(going, late, running(110, 299))) != []
    assert holds_of(seen(going, late, running(110, 301))) == []


def test_the_last_end_tells_whether_it_is_the_store_or_the_trial() -> None:
    going = job(0, active=1, failed=1)
    for later, reason in ((75, names.STORE_UNREACHABLE), (1, names.TRIALS_FAILING)):
        ends = [failed(later, after=200), failed(76 - later, after=100)]
        (hold,) = holds_of(seen(going, *ends))
        assert hold.stall.reason == reason


def test_an_analysis_without_the_store_is_told_too() -> None:
    condition = {"type": "TrialsComplete", "status": "True", "reason": "AllPodsEnded"}
    over = observed(
        item({"conditions": [condition]}),
        job(None, active=1, ready=1),
        looked={uid_of(None): Looked((failed(75, "s3://results: NoSuchBucket"),))},
    )
    (hold,) = holds_of(over)
    assert (hold.who, hold.stall.reason) == ("analysis", names.STORE_UNREACHABLE)


def test_what_several_have_in_common_is_said_once() -> None:
    words = told([Hold("version a", ROOM, runs=False), Hold("version b", ROOM, runs=False)])
    assert words.count("Insufficient") == 1
    assert words.startswith("versions a and b: ")
