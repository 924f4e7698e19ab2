"""Twin of estimate.py, verdicts.py, rows.py, sentences.py, besides.py: numbers to words."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import pytest
from tests.analysis.builder import A, B, metric

from diptych_analysis import besides, sentences, sizes
from diptych_analysis.diverging import Diverging
from diptych_analysis.estimate import Estimate, Pairing, Terms, estimate
from diptych_analysis.records.outcome import Committed
from diptych_analysis.rows import metric_row
from diptych_analysis.statistics.inference import Evidence
from diptych_analysis.summary import Verdict
from diptych_analysis.verdicts import PRECEDENCE, metric_verdict, worst
from diptych_runner.contract import names
from diptych_runner.contract.trials import Trial

Values = Sequence[float]


def records(version: str, values: Values, first: int = 1) -> list[Committed]:
    """Return Succeeded records with these metric values; only what an estimate looks at."""
    return [
        Committed(
            trial=Trial(version, "Native", 0, seed, 0),
            outcome=names.SUCCEEDED,
            attempt="a1",
            commit_sha256="",
            manifest_sha256="",
            steps=1,
            error=None,
            setup=None,
            timing=None,
            metrics_sha256=None,
            losses_sha256=None,
            non_finite_step=None,
            contents={},
            shapes={},
            metrics={"test_loss": value},
            reported={},
        )
        for seed, value in enumerate(values, start=first)
    ]


def pairing_of(baseline: Values, candidate: Values, *, exact: bool = False) -> Pairing:
    """Return versions A and B of which every seed succeeded with these values."""
    return Pairing(
        version=B,
        control="Native",
        setting=0,
        baseline=records(A, baseline),
        candidate=records(B, candidate),
        identical=False,
        exact=exact,
        diverging=Diverging(0, len(baseline), frozenset(), frozenset(), exact=False),
        problem=None,
    )


def estimated(
    baseline: Values,
    candidate: Values,
    *,
    exact: bool = False,
    deciding: int = 1,
    **changes: object,
) -> Estimate:
    seeds = range(1, 1 + max(len(baseline), len(candidate)))
    terms = Terms(seeds, 0.05, "0" * 64, deciding, 1)
    return estimate(pairing_of(baseline, candidate, exact=exact), metric(**changes), terms)


def verdict_of(row: Estimate) -> Verdict:
    return metric_verdict(row, p_of(row.difference), 0.05)


def p_of(tested: Evidence | None) -> float | None:
    return None if tested is None else tested.decisive


def words(row: Estimate) -> str:
    return sentences.metric_sentence(row, verdict_of(row), (A, B), 0.05)


BASE = [1.00, 1.10, 0.90, 1.05, 0.95]
NOISE = np.array([0.01, -0.01, 0.02, -0.02, 0.0])


def shifted(by: float) -> list[float]:
    return [float(value) for value in np.array(BASE) + NOISE + by]


@pytest.mark.parametrize(
    ("shift", "changes", "expected"),
    [
        (0.5, {}, "Different"),
        (0.5, {"margin": "0.1"}, "Different"),
        (0.05, {"margin": "0.1"}, "Equivalent"),  # detectable and inside the margin
        (0.0, {"margin": "0.1"}, "Equivalent"),
        (0.0, {"margin": "0.001"}, "Inconclusive"),
        (0.0, {}, "Inconclusive"),
        (0.0, {"margin": "0"}, "Inconclusive"),
        (0.0, {"relativeMargin": "10%"}, "Equivalent"),
        (0.5, {"margin": "0.1", "test": "NonInferiority"}, "Different"),  # a loss: higher is worse
        (-0.5, {"margin": "0.1", "test": "NonInferiority"}, "Equivalent"),
        (
            -0.5,
            {"margin": "0.1", "test": "NonInferiority", "direction": "HigherIsBetter"},
            "Different",
        ),
        (
            0.5,
            {"margin": "0.1", "test": "NonInferiority", "direction": "HigherIsBetter"},
            "Equivalent",
        ),
    ],
)
def test_the_rules(shift: float, changes: dict[str, Any], expected: str) -> None:
    assert verdict_of(estimated(BASE, shifted(shift), **changes)) == expected


def test_one_seed_is_never_enough() -> None:
    row = estimated([1.0], [2.0], margin="5")
    assert verdict_of(row) == "Inconclusive"
    assert (row.interval, p_of(row.difference)) == (None, None)
    assert words(row) == (
        "test_loss has 1 seed that succeeded in both versions, which gives no spread; "
        "it takes at least 2"
    )


def test_two_seeds_show_only_what_is_huge() -> None:
    assert verdict_of(estimated([1.0, 2.0], [2.0, 3.5])) == "Inconclusive"
    assert verdict_of(estimated([1.0, 2.0], [2.0, 3.5], margin="1.5")) == "Inconclusive"
    assert verdict_of(estimated([1.0, 2.0], [101.0, 102.1])) == "Different"
    assert verdict_of(estimated([1.0, 2.0], [1.0, 2.01], margin="1")) == "Equivalent"


def test_equal_differences_by_chance_are_no_verdict_for_few_seeds() -> None:
    for count, expected in ((2, "Inconclusive"), (5, "Inconclusive"), (6, "Different")):
        assert verdict_of(estimated([0.5] * count, [0.75] * count)) == expected
    for count, expected in ((4, "Inconclusive"), (5, "Equivalent")):
        row = estimated([0.5] * count, [0.5] * count, margin="0.1")
        assert verdict_of(row) == expected
        assert sizes.seeds_needed(row, 0.05) == 5
    assert "of the sign test" in str(besides.degenerate_sentence(row))


@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_differences_that_are_equal_up_to_rounding_are_equal(count: int) -> None:
    # A coarse metric, k/10: 0.9 - 0.8 and 0.8 - 0.7 are not the same float.
    rng = np.random.default_rng(count)
    told = set()
    for shift in range(-5, 6):
        for _ in range(40):
            baseline = rng.integers(0, 11, size=count)
            row = estimated(
                [int(k) / 10 for k in baseline], [int(k + shift) / 10 for k in baseline]
            )
            assert row.spread is not None
            assert row.spread.deviation == 0.0
            told.add(verdict_of(row))
            margin = f"{abs(shift) / 10 + 0.05}"
            row = estimated(
                [int(k) / 10 for k in baseline],
                [int(k + shift) / 10 for k in baseline],
                margin=margin,
            )
            assert verdict_of(row) == ("Equivalent" if count == 5 else "Inconclusive")
    assert told == {"Inconclusive"}


def test_two_seeds_of_a_coarse_metric_are_no_evidence() -> None:
    row = estimated([0.8, 0.7], [0.9, 0.8])
    assert (verdict_of(row), p_of(row.difference)) == ("Inconclusive", 0.5)


def test_exact_seeds_are_one_observation_and_known_exactly() -> None:
    row = estimated([0.5, 0.5], [0.75, 0.75], exact=True, margin="0.1")
    assert verdict_of(row) == "Different"
    assert "one observation and not independent evidence" in str(besides.degenerate_sentence(row))
    row = estimated([0.5, 0.5], [0.75, 0.75], exact=True, margin="0.3")
    assert verdict_of(row) == "Equivalent"
    assert sizes.minimum_detectable(row, 0.05) is None


@pytest.mark.parametrize(("count", "alone"), [(2, True), (7, True), (8, False)])
def test_a_difference_of_few_seeds_is_said_to_rest_on_t(count: int, alone: bool) -> None:  # noqa: FBT001
    base = [1.0 + k / 10 for k in range(count)]
    row = estimated(base, [b + 5 + k / 100 for k, b in enumerate(base)])
    told = sentences.metric_sentence(row, "Different", (A, B), 0.05)
    assert told.endswith(f"over {count} seeds (few seeds: Student's t alone)") == alone


def test_a_missing_seed_on_one_side_leaves_the_others_paired() -> None:
    row = estimated(BASE, shifted(0.5)[:3])
    assert row.sample.seeds == (1, 2, 3)


def test_no_common_seed_is_invalid() -> None:
    row = estimated([], [1.0])
    assert verdict_of(row) == "Invalid"
    assert words(row) == "no seed succeeded in both versions"
    found = metric_row(row, "Invalid", 0.05)
    assert (found.seeds, found.baseline_mean, found.noise.between_seeds) == (0, None, None)


@pytest.mark.parametrize(
    ("baseline", "candidate", "why"),
    [
        ([1.0, 2.0], [1.0, np.inf], "beyond float64 for seed 2"),
        ([-1.7e308, 0.0], [1.7e308, 0.0], "beyond float64 for seed 1"),
        ([0.0, 0.0], [1.7e308, -1.7e308], "varies beyond float64"),
    ],
)
def test_numbers_beyond_float64_are_invalid_and_named(
    baseline: Values, candidate: Values, why: str
) -> None:
    row = estimated(baseline, candidate, margin="1")
    assert verdict_of(row) == "Invalid"
    assert why in words(row)
    metric_row(row, "Invalid", 0.05)  # only finite numbers pass


@pytest.mark.parametrize("scale", [1e-300, 1e-150, 1e150, 1e300])
def test_verdicts_do_not_depend_on_the_scale(scale: float) -> None:
    def scaled(values: Values) -> list[float]:
        return [value * scale for value in values]

    row = estimated(scaled(BASE), scaled(shifted(0.5)), relativeMargin="1%")
    assert verdict_of(row) == "Different"
    row = estimated(scaled(BASE), scaled(shifted(0.0)), relativeMargin="10%")
    assert verdict_of(row) == "Equivalent"
    metric_row(row, "Equivalent", 0.05)


def test_a_relative_margin_of_nothing_is_said() -> None:
    row = estimated([0.0, 0.0, 0.0], [0.1, -0.1, 0.05], relativeMargin="1%")
    assert verdict_of(row) == "Inconclusive"
    assert besides.margin_sentence(row) == (
        "The relative margin of test_loss is none, for the baseline's mean is 0"
    )


def test_holms_correction_can_withhold_a_difference() -> None:
    row = estimated(BASE, shifted(0.02))
    assert p_of(row.difference) is not None
    assert metric_verdict(row, 0.04, 0.05) == ("Different" if row.excludes_zero else "Inconclusive")
    assert metric_verdict(row, 0.06, 0.05) == "Inconclusive"
    row = estimated(BASE, shifted(0.5))
    assert metric_verdict(row, 0.06, 0.05) == "Inconclusive"
    assert "corrected for all, p is 0.06" in str(
        besides.holm_sentence(row, 0.06, "Inconclusive", 0.05)
    )
    # Withheld for another reason: the correction has no part in it.
    assert besides.holm_sentence(row, 0.01, "Inconclusive", 0.05) is None


def test_sentences_that_a_person_can_act_on() -> None:
    assert words(estimated(BASE, shifted(0.5), margin="0.1")) == (
        "test_loss of 2.4.0 is 0.5 above 2.1.0 (95 % interval 0.48 to 0.52, margin 0.1) "
        "over 5 seeds (few seeds: Student's t alone)"
    )
    assert words(estimated(BASE, shifted(-0.05), margin="0.1")) == (
        "test_loss of 2.4.0 is within 0.1 of 2.1.0 (difference -0.05, 90 % interval -0.0651 to "
        "-0.0349) over 5 seeds; a difference inside the margin is detectable"
    )
    few = words(estimated(BASE, shifted(0.001), margin="0.005"))
    assert (
        "too few seeds to tell; if nothing differs, a fresh comparison of about 210 unused" in few
    )
    near = words(estimated(BASE, shifted(0.018), margin="0.03"))
    assert "the difference is too near the margin" in near
    assert (
        "without a margin nothing can be called equivalent; this many seeds show a diff"
        in words(estimated(BASE, shifted(0.0)))
    )
    assert "met only by identical bits" in words(estimated(BASE, shifted(0.0), margin="0"))
    hopeless = words(estimated(BASE, shifted(0.0), margin="1e-9"))
    assert "the spread over seeds is too large for this margin" in hopeless


def test_non_inferiority_speaks_of_better_and_worse() -> None:
    def told(shift: float, **changes: Any) -> str:  # noqa: ANN401
        return words(estimated(BASE, shifted(shift), test="NonInferiority", **changes))

    assert told(-0.5, margin="0.1") == (
        "test_loss of 2.4.0 is not worse than 2.1.0 by 0.1 (difference -0.5, 90 % interval -0.515 "
        "to -0.485) over 5 seeds; it is better by 0.5"
    )
    assert told(0.05, margin="0.1").endswith("; it is worse, by less than the margin")
    higher: dict[str, Any] = {"margin": "0.1", "direction": "HigherIsBetter"}
    assert told(0.5, **higher).endswith("; it is better by 0.5")
    assert told(0.001, margin="0.1").endswith("over 5 seeds")
    assert "nothing can be called not worse" in told(0.0)
    assert "or by a candidate that is better" in told(0.0, margin="0")
    assert "shows that it is not worse with 80 % power" in told(0.001, margin="0.005")


@pytest.mark.parametrize(
    ("p", "verdict", "said"),
    [
        (0.047, "Different", 1),
        (0.005, "Different", 1),
        (0.0049, "Different", 0),
        (0.047, "Equivalent", 0),
        (None, "Different", 0),
    ],
)
def test_a_p_close_to_alpha_is_said_to_be_so(
    p: float | None, verdict: Verdict, said: Literal[0, 1]
) -> None:
    told = besides.close_sentence("test_loss", p, verdict, 0.05)
    assert (told is not None) == said
    if told is not None:
        # Sentences of outcomes and of other metrics stand before it.
        assert told.startswith(f"The p of test_loss, {p}, is not far below 0.05: ")
        assert "see it again on unused seeds before you rely on it" in told


def test_a_size_of_very_few_seeds_is_called_a_guess() -> None:
    def told(count: int) -> str:
        base = [1.0 + k / 10 for k in range(count)]
        row = estimated(base, [b + 0.01 * (-1) ** k for k, b in enumerate(base)], margin="0.004")
        return sentences.metric_sentence(row, "Inconclusive", (A, B), 0.05)

    assert told(4).endswith("but 4 seeds tell so little of the spread that this is a rough guess")
    assert "of about" in told(6)
    assert "guess" not in told(6)


def test_a_relative_margin_is_of_an_estimated_mean() -> None:
    # Within the margin for the baseline's mean as estimated, which varies by a third over seeds.
    baseline, candidate = [1.0, 1.6, 0.6, 1.3, 0.5], [1.6, 1.2, 1.55, 1.4, 1.25]
    fixed = estimated(baseline, candidate, margin="1.0")
    row = estimated(baseline, candidate, relativeMargin="100%")
    assert row.margin == fixed.margin == 1.0
    assert row.interval == fixed.interval
    assert verdict_of(fixed) == "Equivalent"
    assert verdict_of(row) == "Inconclusive"
    assert row.equivalence is not None
    assert fixed.equivalence is not None
    assert row.equivalence.decisive > 0.05 > fixed.equivalence.decisive


def test_the_worst_verdict_wins() -> None:
    assert " ".join(PRECEDENCE) == "Different Invalid Inconclusive Equivalent Identical"
    found = [worst([verdict, *PRECEDENCE[place:]]) for place, verdict in enumerate(PRECEDENCE)]
    assert found == list(PRECEDENCE)


def test_text_is_cut_at_a_character_within_the_bytes() -> None:
    assert sentences.shortened("ä" * 150) == "ä" * 150
    cut = sentences.shortened("ä" * 151)
    assert len(cut.encode()) <= 300
    assert cut == "ä" * 148 + "..."


def test_a_name_keeps_its_case_at_the_start_of_a_sentence() -> None:
    assert sentences.sentence("test_loss is 1") == "test_loss is 1."
    assert sentences.sentence("score of B is 1", {"score"}) == "score of B is 1."
    assert sentences.sentence("every bit is equal") == "Every bit is equal."
