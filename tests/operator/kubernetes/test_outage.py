"""The store may be away for a day; what is given up then is told with the store's own words."""

import dataclasses
import json
from datetime import timedelta

import pytest
from tests.operator.kubernetes.builders import (
    CONFIGURATION,
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
from diptych.kubernetes.decide import decide
from diptych.kubernetes.decision import Decision
from diptych.kubernetes.observed import Looked
from diptych.kubernetes.pods import Pod

DAY = 86_400
WORDS = "s3://nope/mlp: GetObject failed with HTTP 404 NoSuchBucket: there is no such bucket"
AWAY = Looked((Pod("pod", "p", "Failed", exit_code=75, message=WORDS, ended=START),))


def look(
    status: Body | None, after: int, ordinal: int | None = 0, *, away: bool = True
) -> Decision:
    # A pod of another block still runs.
    jobs = [job(0, active=2, ready=1), job(1, ended="Complete", succeeded=3)]
    if ordinal is None:
        jobs = [job(None, active=1)]
    looked = {uid_of(ordinal): AWAY} if away else {}
    return decided(observed(item(status), *jobs, looked=looked), after)


def first(ordinal: int | None = 0) -> Body:
    status = None
    if ordinal is None:
        ends = [job(place, ended="Complete", succeeded=3) for place in (0, 1)]
        status = decided(observed(item(), *ends)).status
    found = look(status, 10, ordinal).status
    assert found is not None
    return found


@pytest.mark.parametrize("ordinal", [0, None], ids=["trials", "analysis"])
def test_it_is_waited_for_and_given_up_after_a_day(ordinal: int | None) -> None:
    status = first(ordinal)
    assert condition(status, "Finished") == ("False", "StoreUnreachable")
    assert status["storeUnreachableSince"] == "2026-11-25T01:00:10Z"
    waits = look(status, 9 + DAY, ordinal)
    assert (waits.delete, condition(waits.status or status, "Finished")[0]) == ((), "False")
    assert waits.look_again is not None
    end = look(status, 10 + DAY, ordinal)
    assert condition(end.status, "Finished") == ("True", "StoreUnreachable")
    assert condition(end.status, "Failed") == ("True", "StoreUnreachable")
    assert condition(end.status, "Compared") == ("False", "StoreUnreachable")
    assert [each.part.ordinal for each in end.delete] == [ordinal]
    assert end.status is not None
    assert end.status["trials"]["active"] == 0
    assert "since" not in end.status["activeTime"]
    assert end.create == ()
    assert end.look_again is None
    told = {notice.reason: notice.message for notice in end.notices}
    assert WORDS in told["Finished"]
    assert "diptych analyze s3://results/all/mlp-0f3a77c1" in told["Finished"]
    assert "tried again by itself" not in told["Finished"]
    assert "DeletingJobs" in told
    Status.model_validate_json(json.dumps(end.status))


def test_a_store_that_is_back_has_all_the_time_again() -> None:
    back = look(first(), 500, away=False).status
    assert back is not None
    assert "storeUnreachableSince" not in back
    again = look(back, DAY + 400).status
    assert condition(again, "Finished") == ("False", "StoreUnreachable")


def test_one_that_is_suspended_is_not_given_up() -> None:
    jobs = [job(0, active=1), job(1, ended="Complete", succeeded=3)]
    asleep = item(first(), generation=2, suspend=True)
    decision = decided(observed(asleep, *jobs, looked={uid_of(0): AWAY}), DAY + 20)
    assert condition(decision.status, "Finished") == ("False", "Suspending")


def test_how_long_is_the_operator_s_setting() -> None:
    seen = observed(item(first()), job(0, active=1), looked={uid_of(0): AWAY})
    hurried = dataclasses.replace(CONFIGURATION, store_patience=60)
    decision = decide(seen, hurried, START + timedelta(seconds=70))
    assert condition(decision.status, "Finished") == ("True", names.STORE_UNREACHABLE)
