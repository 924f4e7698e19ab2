import pytest

from diptych.kubernetes.past import past_of


@pytest.mark.parametrize(
    "status",
    [
        None,
        [],
        {"conditions": "x", "trials": None, "versions": [7], "activeTime": []},
        {"conditions": [{"type": 1}, {}], "trials": {"committed": -3}, "startTime": "yesterday"},
        {"activeTime": {"seconds": "9", "since": 5}, "fromALaterOperator": {"a": 1}},
    ],
)
def test_a_status_that_nobody_understands_is_as_good_as_none(status: object) -> None:
    past = past_of(status)
    assert past.conditions == {}
    assert past.committed == 0
    assert past.active_seconds == 0
    assert past.start_time is None
    assert not past.is_finished


def test_trials_are_over_when_they_ended_or_their_time_did() -> None:
    def condition(status: str, reason: str) -> dict[str, object]:
        return {"conditions": [{"type": "TrialsComplete", "status": status, "reason": reason}]}

    assert past_of(condition("True", "AllPodsEnded")).is_trials_over
    assert past_of(condition("False", "DeadlineExceeded")).is_trials_over
    assert not past_of(condition("False", "Running")).is_trials_over
