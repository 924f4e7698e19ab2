"""Rounds of an analysis whose pods are deleted, or fail, before a digest was read."""

from datetime import timedelta

import pytest
from tests.operator.kubernetes.builders import (
    START,
    condition,
    decided,
    item,
    job,
    names_of,
    observed,
)
from tests.operator.kubernetes.test_decide import finished_message, over

from diptych.kubernetes import names
from diptych.kubernetes.results import result_of


@pytest.mark.parametrize(("rounds", "seconds"), [(1, 10), (2, 20), (5, 160)])
def test_each_round_waits_twice_as_long_as_the_one_before(rounds: int, seconds: int) -> None:
    jobs = [job(None, number, ended="Complete", since=0) for number in range(1, rounds + 1)]
    seen = observed(item(over()), *jobs)
    early, due = decided(seen, after=seconds - 1), decided(seen, after=seconds)
    assert names_of(early) == []
    assert early.look_again == timedelta(seconds=1)
    assert f"analysed again, for mlp-0f3a77c1-analysis-r{rounds}: its pod was deleted" in (
        finished_message(early.status)
    )
    assert names_of(due) == [f"mlp-0f3a77c1-analysis-r{rounds + 1}"]


def test_of_rounds_that_were_deleted_and_one_that_failed_another_follows() -> None:
    ends = ("Complete", "Complete", "Failed")
    jobs = [job(None, number, ended=end) for number, end in enumerate(ends, 1)]
    assert names_of(decided(observed(item(over()), *jobs))) == ["mlp-0f3a77c1-analysis-r4"]


@pytest.mark.parametrize(
    ("end", "most"),
    [("Failed", names.ANALYSIS_ROUNDS), ("Complete", names.ANALYSIS_ROUNDS_IN_ALL)],
)
def test_a_pod_that_was_deleted_before_it_was_read_is_no_failure(end: str, most: int) -> None:
    jobs = [job(None, number, ended=end, since=0) for number in range(1, most + 1)]
    before = result_of(observed(item(over()), *jobs[:-1]))
    assert before is not None
    assert before.again_at is not None
    assert before.again_at > START
    decision = decided(observed(item(over()), *jobs), after=86_400)
    assert names_of(decision) == []
    assert condition(decision.status, "Finished") == ("True", "AnalysisFailed")
    told = finished_message(decision.status)
    assert f"mlp-0f3a77c1-analysis-r{most}, the last of {most} rounds: " in told
    assert "what is committed stays, and `diptych analyze s3://" in told
