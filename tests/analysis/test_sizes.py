"""Twin of sizes.py: how many seeds a metric asks for."""

from tests.analysis.test_estimate import BASE, estimated, shifted, words

from diptych_analysis import besides, sizes
from diptych_analysis.rows import metric_row
from diptych_analysis.verdicts import metric_verdict


def test_what_could_be_shown_is_what_the_corrected_test_would_show() -> None:
    alone = sizes.minimum_detectable(estimated(BASE, shifted(0.5), deciding=1), 0.05)
    assert alone == sizes.minimum_detectable(estimated(BASE, shifted(0.5), deciding=4), 0.2)
    screen = estimated(BASE, shifted(0.5), deciding=4, primary=False)
    assert sizes.minimum_detectable(screen, 0.05) == alone


def test_equal_differences_outside_the_margin_wait_for_their_p_and_for_nothing_else() -> None:
    five = estimated([0.5] * 5, [1.0] * 5, margin="0.005")
    told = words(five)
    assert "5 seeds with equal differences have no p below 0.0625, however large these" in told
    assert "a fresh comparison of 6 unused seeds can tell" in told
    assert sizes.seeds_needed(five, 0.05) == sizes.seeds_needed(five, 0.05, assured=False) == 6
    assert besides.holm_sentence(five, 0.0625, "Inconclusive", 0.05) is None
    six = estimated([0.5] * 6, [1.0] * 6, margin="0.005")
    assert metric_verdict(six, 0.03125, 0.05) == "Different"
    # Inside the margin the one-sided p decides.
    inside = estimated([0.5] * 3, [0.501] * 3, margin="0.005")
    assert sizes.seeds_needed(inside, 0.05) == 5


def test_seeds_needed_follow_the_test_that_is_asked_for() -> None:
    both = estimated(BASE, shifted(0.0), margin="0.0158")
    one = estimated(BASE, shifted(0.0), margin="0.0158", test="NonInferiority")
    estimated_sizes = [sizes.seeds_needed(row, 0.05, assured=False) for row in (both, one)]
    assert estimated_sizes == [11, 8]
    # The upper limit of five seeds' deviation is 1.56 times as large: its square in seeds.
    assert (sizes.seeds_needed(both, 0.05), sizes.seeds_needed(one, 0.05)) == (23, 17)
    row = metric_row(one, "Inconclusive", 0.05)
    assert (row.test, row.seeds_needed, row.seeds_estimated) == ("NonInferiority", 17, 8)


def test_a_difference_is_planned_to_be_seen_again() -> None:
    close = estimated(BASE, [b + 0.1 + k / 5 for k, b in enumerate(BASE)])
    clear = estimated(BASE, [b + 5 + k / 100 for k, b in enumerate(BASE)])
    again, same = (sizes.seeds_to_replicate(row, 0.05) for row in (close, clear))
    assert same == len(BASE)
    assert again is not None
    assert again > len(BASE)
    assert metric_row(close, "Different", 0.05).seeds_to_replicate == again
    assert metric_row(close, "Inconclusive", 0.05).seeds_to_replicate is None
    alike = estimated([0.5] * 6, [0.75] * 6)
    assert sizes.seeds_to_replicate(alike, 0.05) == 6
