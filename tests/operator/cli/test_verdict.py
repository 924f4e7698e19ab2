"""The terminal's words for a summary, at the width of a narrow terminal."""

import io

import pytest
from rich.console import Console

from diptych.cli.exits import Exit
from diptych.cli.results import exit_of
from diptych.cli.verdict import interval, number, rendered
from diptych_analysis.summary import (
    Attribution,
    Candidate,
    Comparison,
    FinalWeights,
    FirstDivergence,
    Fresh,
    KnownChange,
    Metric,
    Noise,
    Resources,
    Shortfall,
    Summary,
    Sweep,
    SweptSetting,
    Tensor,
    Trajectory,
    Trials,
    Usage,
    Verdict,
)


def usage(version: str) -> Usage:
    return Usage(
        version=version,
        median_step_seconds=0.1,
        median_wall_seconds=1.0,
        peak_host_bytes=1,
        peak_device_bytes=None,
        peak_device_reason="none",
    )


def metric(verdict: Verdict = "Different") -> Metric:
    return Metric(
        name="test_loss",
        control="Native",
        setting=0,
        verdict=verdict,
        baseline_mean=1.0,
        candidate_mean=1.03125,
        difference=0.03125,
        interval=(0.012, 0.05),
        equivalence_interval=(0.02, 0.04),
        confidence=0.95,
        margin=0.004,
        p_difference=0.0003,
        p_equivalence=0.9,
        seeds=10,
        correlation=0.98,
        pairing_gain=5.12,
        noise=Noise(same_seed=0.0, between_seeds=0.02),
        minimum_detectable=0.01,
        seeds_needed=17,
        framework_metric_drift=None,
    )


def row(control: str, rms: float, explains: float | None) -> Attribution:
    return Attribution.model_validate(
        {
            "control": control,
            "metric": "test_loss",
            "seeds": 10,
            "perSeedRms": rms,
            "sameSeedFloor": 0.0,
            "difference": 0.0,
            "interval": None,
            "explains": explains,
        }
    )


def candidate(verdict: Verdict) -> Candidate:
    tensors = [
        Tensor(
            key=f"weights/{name}",
            max_ulp=1234567,
            relative_l2=0.5,
            bit_identical=False,
            shape=[2],
            only_in=None,
        )
        for name in "abcdefgh"
    ]
    return Candidate(
        version="2.4.0",
        verdict=verdict,
        reason="why",
        metrics=[metric(verdict)],
        trajectory=Trajectory(
            control="Native",
            bit_identical=False,
            first_divergence=FirstDivergence(step=0, what="weights/a"),
            final_weights=FinalWeights(max_ulp=1, relative_l2=0.5),
            tensors=tensors,
        ),
        attribution=[row("Native", 0.02, None), row("SharedInit", 0.0001, 0.9999)],
        cause="the initial weights.",
        resources=Resources(baseline=usage("2.1.0"), candidate=usage("2.4.0")),
        known_changes=[],
    )


SWEEP = Sweep(
    metric="test_loss",
    control="Native",
    baseline_mean=1.0,
    margin=0.1,
    settings=[
        SweptSetting(
            setting=place,
            parameters=dict(parameters),
            mean=None,
            difference=difference,
            interval=interval,
            equivalence_interval=None,
            equivalent=None,
            seeds=4,
            problem=problem,
        )
        for place, (parameters, difference, interval, problem) in enumerate(
            (
                ({}, 0.5, (0.4, 0.6), None),
                ({"learningRate": "0.01"}, 0.001, (-0.01, 0.012), None),
                ({"learningRate": "9"}, None, None, "all diverged"),
            )
        )
    ],
    closest=1,
    confirmation=None,
    told="What it says.",
)


def summary(verdict: Verdict = "Different") -> Summary:
    failed = Shortfall(trial="trials/x", status="Refused", reason="metrics.jsonl: sha256 differs")
    return Summary(
        schema_version=1,
        comparison=Comparison(name="small", uid="0" * 64),
        verdict=verdict,
        reason=f"{verdict}: test_loss of 2.4.0 is 0.031 above 2.1.0.",
        baseline="2.1.0",
        trials=Trials(planned=20, committed=19, succeeded=19, diverged=0, failed=[failed]),
        commits="0" * 64,
        results="0" * 64,
        candidates=[candidate(verdict)],
    )


def text_of(shown: Summary) -> str:
    stream = io.StringIO()
    Console(file=stream, width=80, color_system=None, soft_wrap=True).print(rendered(shown))
    return stream.getvalue()


def test_the_verdict_comes_first_and_its_numbers_follow() -> None:
    text = text_of(summary())
    first, second = text.strip().splitlines()[:2]
    assert first.split() == ["Different", "small:", "2.1.0", "→", "2.4.0"]
    # The one candidate's own reason, whole; the summary's is cut for a status.
    assert second.strip() == "why"
    for part in (
        "means          2.1.0: 1   2.4.0: 1.031",
        "difference     0.03125",
        "95 % interval  [0.012, 0.05]   p of a difference: 0.0003",
        "90 % interval  [0.02, 0.04]",
        "margin         ± 0.004",
        "0 same seed, 0.02 between seeds",
        "pairing        correlation 0.98, interval 5.1 times narrower than unpaired",
        "The versions first differ before training already, in weights/a.",
        "and 2 more in summary.json",
        "over 99.9 %",
        "Why: the initial weights.",
        "19 of 20 trials succeeded",
        "Refused: trials/x: metrics.jsonl: sha256 differs",
    ):
        assert part in text, (part, text)


def test_an_open_question_says_how_many_seeds_would_settle_it() -> None:
    assert "to settle it   a fresh comparison of about 17 unused seeds" in text_of(
        summary("Inconclusive")
    )
    assert "a fresh comparison" not in text_of(summary("Different"))


def test_what_settles_it_is_as_large_as_the_proposed_comparison() -> None:
    proposed = Fresh(
        first=10,
        count=24,
        versions=["2.1.0", "2.4.0"],
        trials=96,
        trial_hours=None,
        resource="a: 1\n",
    )
    asked = summary("Inconclusive").model_copy(update={"fresh": proposed})
    assert "to settle it   a fresh comparison of about 24 unused seeds" in text_of(asked)
    other = proposed.model_copy(update={"versions": ["2.1.0", "2.5.0"]})
    assert "about 17 unused seeds" in text_of(asked.model_copy(update={"fresh": other}))


def with_metric(**changes: object) -> Summary:
    shown = summary()
    (first,) = shown.candidates
    changed = first.model_copy(update={"metrics": [metric().model_copy(update=changes)]})
    return shown.model_copy(update={"candidates": [changed]})


def test_an_invalid_metric_shows_no_number() -> None:
    text = text_of(summary("Invalid"))
    assert "test_loss under Native, 10 paired seeds: Invalid" in text
    assert "margin" not in text
    assert "means" not in text


def test_a_noise_that_is_unknown_is_left_out() -> None:
    text = text_of(with_metric(noise=Noise(same_seed=0.0, between_seeds=None)))
    assert "noise          0 same seed" in text
    assert "between seeds" not in text
    assert "noise" not in text_of(with_metric(noise=Noise(same_seed=None, between_seeds=None)))


def test_a_distance_across_zero_says_only_that() -> None:
    shown = summary()
    path = shown.candidates[0].trajectory
    assert path is not None
    path.tensors[0] = path.tensors[0].model_copy(update={"other_sign": True})
    text = text_of(shown)
    assert text.count("other sign") == 1
    assert "1,234,567" in text


def test_non_inferiority_has_one_side() -> None:
    text = text_of(with_metric(test="NonInferiority"))
    assert "margin         not worse by more than 0.004; the better side is left open" in text
    assert "±" not in text
    assert "margin         none declared" in text_of(with_metric(margin=None))


def test_a_relative_margin_tells_of_what_it_is_a_share() -> None:
    text = text_of(with_metric(relative_margin="5%"))
    assert "± 0.004, 5 % of the baseline's mean; equivalent when" in text
    text = text_of(with_metric(margin=None, relative_margin="5%"))
    assert "none: 5 % of the baseline's mean, which is no number to rely on" in text


def test_pairing_that_costs_is_told_and_an_unknown_one_is_not() -> None:
    text = text_of(with_metric(correlation=-0.5, pairing_gain=0.8))
    assert "pairing        correlation -0.50, interval 1.2 times wider than unpaired" in text
    even = text_of(with_metric(correlation=0.0, pairing_gain=0.99))
    assert "correlation 0.00, interval as wide as unpaired" in even
    assert "pairing" not in text_of(with_metric(correlation=None, pairing_gain=None))


@pytest.mark.parametrize(
    ("verdict", "fail_on", "expected"),
    [
        ("Different", frozenset(), Exit.OK),
        ("Different", frozenset({"Different"}), Exit.UNWANTED_VERDICT),
        ("Inconclusive", frozenset({"Different"}), Exit.OK),
        ("Invalid", frozenset(), Exit.NO_VERDICT),
        ("Invalid", frozenset({"Invalid"}), Exit.UNWANTED_VERDICT),
    ],
)
def test_the_exit_code_follows_from_the_verdict(
    verdict: Verdict, fail_on: frozenset[str], expected: Exit
) -> None:
    assert exit_of(summary(verdict), fail_on) is expected


def test_a_sweep_is_a_line_for_each_setting() -> None:
    whole = summary()
    swept = whole.candidates[0].model_copy(update={"sweep": SWEEP})
    told = text_of(whole.model_copy(update={"candidates": [swept]}))
    assert "Re-tuning: test_loss of 2.4.0 by setting, against the baseline as given" in told
    assert "  as given           0.5           [0.4, 0.6]" in told
    assert "  learningRate 0.01  0.001         [-0.01, 0.012], closest" in told
    assert "  learningRate 9     all diverged" in told
    assert "What it says." in told


def test_known_changes_are_named_in_short_and_none_is_called_the_cause() -> None:
    change = KnownChange(
        id="x",
        version="2.2.0",
        after=None,
        area="metric",
        effect="E.",
        certain=True,
        knob=None,
        source="s",
    )
    shown = summary()
    assert "Known changes" not in text_of(shown)
    with_one = shown.candidates[0].model_copy(update={"known_changes": [change]})
    told = text_of(shown.model_copy(update={"candidates": [with_one]}))
    assert "Known changes that apply (1), none called the cause: 2.2.0 metric" in told
    fitting = change.model_copy(update={"fit": "Fits", "area": "masks"})
    other = change.model_copy(update={"fit": "DoesNotFit"})
    both = shown.candidates[0].model_copy(update={"known_changes": [other, fitting, other]})
    told = " ".join(text_of(shown.model_copy(update={"candidates": [both]})).split())
    assert (
        "Known changes that apply (3), none called the cause: 1 fits what went away: 2.2.0 masks. "
        "2 do not fit: 2.2.0 metric; 2.2.0 metric"
    ) in told


def test_numbers_are_short_and_missing_ones_are_dashes() -> None:
    assert number(1234.5678) == "1235"
    assert number(None) == interval(None) == "–"


def test_a_ladder_says_its_seeds_and_what_is_not_shown() -> None:
    shown = summary()
    (found,) = shown.candidates
    first, second = found.attribution
    rows = [
        first.model_copy(update={"seeds": 7, "interval": (-0.01, 0.01)}),
        second.model_copy(update={"seeds": 7, "evidence": "RuledOut"}),
        second.model_copy(
            update={"control": "SharedOrder", "seeds": 7, "evidence": "NotProved", "explains": 1.0}
        ),
        second.model_copy(
            update={
                "control": "SharedMasks",
                "evidence": "NotProved",
                "explains": 0.5,
                "explains_interval": (0.0, 0.9),
            }
        ),
    ]
    told = text_of(
        shown.model_copy(update={"candidates": [found.model_copy(update={"attribution": rows})]})
    )
    assert (
        "What explains the distance in test_loss, over 7 of the verdict's 10 seeds, those that "
        "every control has:"
    ) in told
    assert "[-0.01, 0.01]" in told
    lines = [line.split() for line in told.splitlines()]
    at = next(place for place, line in enumerate(lines) if line[:1] == ["Native"])
    assert lines[at + 1] == ["[-0.01,", "0.01]"]
    assert lines[at + 2][-2:] == ["ruled", "out"]
    assert lines[at + 3] == ["SharedOrder", "0.0001", "0", "0", "not", "proved"]
    assert lines[at + 4][-2:] == ["not", "proved:"]
    assert lines[at + 5] == ["50", "%", "(0", "to", "90)"]
    assert "over 10 seeds:" in text_of(shown)
