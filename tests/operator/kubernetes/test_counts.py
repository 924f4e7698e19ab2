import pytest
from tests.operator.kubernetes.builders import item, job, observed

from diptych.kubernetes.counts import counts_of


@pytest.mark.parametrize(("blocks", "trials"), [(0, 0), (1, 1), (2, 5), (3, 9)])
def test_any_complete_block_may_be_the_short_one(blocks: int, trials: int) -> None:
    # 9 trials in blocks of 4, 4 and 1.
    counts = counts_of(observed(item(), job(0, succeeded=blocks)))
    assert counts.committed == (trials, 0)
    assert counts.total == 18


def test_of_several_rounds_the_best_counts_and_what_was_said_stays() -> None:
    status = {"versions": [{"name": "2.4.0", "committed": 8}]}
    jobs = [job(0, succeeded=3), job(0, number=2, succeeded=1, ready=2), job(1, ready=1)]
    counts = counts_of(observed(item(status), *jobs))
    assert counts.committed == (9, 8)
    assert counts.active == 3
    assert counts.committed_in_all == 17
    assert counts.at_least == "at least 17 of 18 trials are committed"


def test_what_the_analysis_read_is_no_lower_bound() -> None:
    counts = counts_of(observed(item(), job(0, succeeded=3)), read=13)
    assert counts.words == counts.at_least == "13 of 18 trials are committed"
