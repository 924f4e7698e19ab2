"""Ladders with a known cause, from records to the sentence: the short form of the table."""

import math

import pytest
from tools.calibration import ladders
from tools.calibration.ladders import TRUTHS, Tally, Truth, tally

from diptych_runner.contract import names

ALPHA, COMPARISONS = 0.05, 12
#: But for chance: 1 in 1,000.
AT_MOST = ALPHA * COMPARISONS + 3.1 * math.sqrt(ALPHA * (1 - ALPHA) * COMPARISONS) + 1
MASKS = {names.MASKS: 0.97}


@pytest.mark.parametrize(
    "truth", [Truth("arithmetic", 10), Truth("arithmetic, t(3)", 10, heavy=True)]
)
def test_a_control_that_takes_nothing_away_is_proved_in_at_most_alpha(truth: Truth) -> None:
    found = tally(truth, COMPARISONS)
    assert (found.comparisons, found.idle) == (COMPARISONS, COMPARISONS)
    assert found.idle_named <= AT_MOST
    assert found.intervals == 4 * COMPARISONS
    assert found.covered >= 0.85 * found.intervals


def test_a_cause_that_is_nearly_all_is_named_rightly() -> None:
    found = tally(Truth("masks", 12, MASKS), COMPARISONS)
    assert found.right == found.named >= 0.9 * COMPARISONS


def test_a_mean_that_goes_with_its_cause_is_said_to_stay_in_at_most_alpha() -> None:
    truth = Truth("masks", 12, MASKS, mean=2.0, takes="SharedMasks")
    found = tally(truth, COMPARISONS)
    assert found.right == found.means >= 0.9 * COMPARISONS
    assert found.wrong_means <= AT_MOST


def test_a_mean_that_stays_is_not_said_to_go() -> None:
    found = tally(Truth("masks", 20, MASKS, mean=0.7), COMPARISONS)
    assert found.means > 0
    assert found.wrong_means == 0


def test_what_a_truth_says_of_a_control() -> None:
    truth = Truth("a default", 5, {names.BATCH_ORDER: 0.5}, mean=2.0, takes="SharedParameters")
    assert [round(truth.distance(c), 12) for c in ("Native", "SharedInit", "SharedOrder")] == [
        *(6, 6),
        5,
    ]
    assert truth.distance("SharedParameters") == 1
    assert (truth.share("SharedInit"), truth.share("SharedParameters")) == (0, 1 - 1 / 6)
    assert truth.to_name == ["SharedParameters"]
    assert Truth("masks", 5, MASKS).to_name == ["SharedMasks", "SharedParameters"]
    assert Truth("nothing", 5).to_name == []


def test_a_table_has_a_row_for_each_truth_and_a_dash_for_what_cannot_be() -> None:
    found = [Tally(truth, 4, named=2, idle=4, idle_named=1) for truth in TRUTHS[:2]]
    lines = ladders.table(found)
    assert lines[2] == "| arithmetic alone | 5 | 4 | 25.0 % | 50.0 % | – | – | – | – |"
    assert len(lines) == 4
    assert len({line.count("|") for line in lines}) == 1
