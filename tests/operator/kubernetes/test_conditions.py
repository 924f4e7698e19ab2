from datetime import timedelta

from tests.operator.kubernetes.builders import START

from diptych.kubernetes.conditions import FALSE, TRUE, Now, rendered
from diptych.kubernetes.past import past_of

LATER = START + timedelta(hours=1)


def test_the_time_is_that_of_the_status_and_not_of_its_words() -> None:
    first = rendered({"Finished": Now(FALSE, "Starting", "a")}, past_of({}), 1, START)
    past = past_of({"conditions": first})
    (words,) = rendered({"Finished": Now(FALSE, "Running", "b")}, past, 2, LATER)
    assert words["lastTransitionTime"] == "2026-11-25T01:00:00Z"
    assert (words["reason"], words["observedGeneration"]) == ("Running", 2)
    (turned,) = rendered({"Finished": Now(TRUE, "Compared", "c")}, past, 2, LATER)
    assert turned["lastTransitionTime"] == "2026-11-25T02:00:00Z"


def test_what_is_too_long_for_the_schema_is_cut() -> None:
    (long,) = rendered({"Failed": Now(TRUE, "R" * 500, "m" * 99_999)}, past_of({}), 1, START)
    assert len(long["reason"]) == 128
    assert len(long["message"]) == 4096
    assert long["message"].endswith("…")
