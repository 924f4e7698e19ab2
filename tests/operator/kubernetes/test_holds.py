from tests.operator.kubernetes.builders import Body, item, job, observed, uid_of

from diptych.kubernetes import names
from diptych.kubernetes.holds import Hold, foremost, holds_of, told
from diptych.kubernetes.observed import Looked, Observed
from diptych.kubernetes.pods import Pod, Stall

ROOM = Stall(names.UNSCHEDULABLE, "0/2 nodes are available: 2 Insufficient nvidia.com/gpu.")
PULL = Stall(names.IMAGE_PULL, "manifest unknown")


def pending(stall: Stall | None) -> Pod:
    return Pod("p", "u", "Pending", stall)


def failed(code: int, message: str = "") -> Pod:
    return Pod("p", "u", "Failed", exit_code=code, message=message)


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


def test_a_queue_that_holds_a_job_is_named() -> None:
    held = observed(item(queueName="team-a"), job(0, suspend=True))
    (hold,) = holds_of(held)
    assert (hold.stall.reason, hold.stall.message) == (
        names.QUEUED, "waits for quota in the queue team-a",
    )  # fmt: skip


def test_pods_that_fail_before_any_succeeds_tell_their_last_words() -> None:
    first = job(0, active=1, failed=2)
    (hold,) = holds_of(seen(first, failed(1, "ModuleNotFoundError: No module named 'numpy'")))
    assert hold.stall.reason == names.TRIALS_FAILING
    assert "pod p ended with exit code 1, saying: ModuleNotFoundError" in hold.stall.message
    assert holds_of(seen(job(0, active=1, ready=1, failed=2), failed(1))) == []
    assert holds_of(seen(job(0, active=1, ready=1, failed=3), failed(1))) != []
    assert holds_of(seen(job(0, active=2, succeeded=1, failed=9), failed(1))) == []


def test_a_store_that_is_away_and_a_stopped_pod_are_no_failures() -> None:
    (hold,) = holds_of(seen(job(0, active=1), failed(75, "s3://results: connection refused")))
    assert hold.stall.reason == names.STORE_UNREACHABLE
    assert holds_of(seen(job(0, active=1), failed(143))) == []
    # The Job counts none of them, and the next pod runs for as long as it hopes.
    runs = job(0, active=1, ready=1)
    assert holds_of(seen(runs, *[failed(75)] * 2)) == []
    assert holds_of(seen(runs, *[failed(75)] * 3)) != []
    assert holds_of(seen(runs, *[failed(143)] * 3)) == []


def test_what_several_have_in_common_is_said_once() -> None:
    words = told([Hold("version a", ROOM, runs=False), Hold("version b", ROOM, runs=False)])
    assert words.count("Insufficient") == 1
    assert words.startswith("version a, version b: ")
