"""Twin of cli/evidence.py."""

import io

from rich.console import Console
from tests.operator.cli.test_verdict import metric, summary

from diptych.cli import evidence
from diptych_analysis.summary import Effect, Fresh, SecondMethod

NAMES = ("2.1.0", "2.4.0")


def fresh(hours: float | None) -> Fresh:
    return Fresh(
        first=11,
        count=32,
        versions=list(NAMES),
        trials=68,
        trial_hours=hours,
        resource="kind: VersionComparison\n",
    )


def test_an_effect_leaves_out_what_is_unknown() -> None:
    found = Effect(seed_sigmas=1.5, same_seed_sigmas=None, probability_better=0.75)
    told = evidence.effect(metric().model_copy(update={"effect": found}), NAMES)
    assert told == "+1.5 seed sigmas, 2.4.0 beats 2.1.0 in 75 %"
    assert evidence.effect(metric(), NAMES) == ""


def test_a_second_method_that_has_no_say_is_told_so() -> None:
    second = SecondMethod(
        name="SignFlips", decides=False, interval=None, p_difference=0.0625, p_equivalence=None
    )
    told = evidence.second_method(metric().model_copy(update={"second_method": second}))
    assert told == "flips of signs: p of a difference 0.062; too few seeds for it to decide"
    second = second.model_copy(update={"name": "Bca", "decides": True, "p_equivalence": 0.01})
    told = evidence.second_method(metric().model_copy(update={"second_method": second}))
    assert told == "BCa bootstrap: p of a difference 0.062, of equivalence 0.01"
    assert evidence.second_method(metric()) == ""


def test_a_correction_is_told_where_it_matters() -> None:
    def told(**changes: object) -> str:
        return evidence.correction(metric().model_copy(update=changes))

    assert (
        told(p_difference=0.02, p_adjusted=0.04) == "p of a difference over all tests 0.04 (Holm)"
    )
    assert told(p_difference=0.02, p_adjusted=0.02) == ""
    assert told(p_difference=0.5, p_adjusted=1.0) == ""
    # Flips of signs are what decides here: Holm's correction of one test changes nothing.
    flips = SecondMethod(
        name="SignFlips", decides=True, interval=None, p_difference=0.047, p_equivalence=None
    )
    assert told(p_difference=0.03, p_adjusted=0.047, second_method=flips) == ""
    assert told(p_difference=0.5, p_adjusted=0.5, primary=False).startswith("a screen")


def test_what_would_settle_it_is_ready_to_run_and_has_a_price() -> None:
    assert evidence.cost(fresh(None)).endswith("68 trials, of unknown duration")
    assert evidence.cost(fresh(2.25)).endswith("about 2.2 trial-hours")
    assert evidence.cost(fresh(1234.0)).endswith("about 1,234 trial-hours")
    stream = io.StringIO()
    console = Console(file=stream, width=60)
    console.print(evidence.fresh(summary().model_copy(update={"fresh": fresh(2.0)})))
    text = stream.getvalue()
    assert "To settle it, run fresh.yaml, saved beside the report:" in " ".join(text.split())
    assert "kind: VersionComparison" not in text  # 60 lines would bury the verdict
    assert "unused seeds" in text


def test_what_cannot_be_run_is_priced_and_no_file_is_named() -> None:
    stream = io.StringIO()
    foreign = fresh(2.0).model_copy(update={"resource": None})
    told = {"fresh": foreign, "not_runnable": "No YAML to run: Diptych has no workload x."}
    Console(file=stream, width=200).print(evidence.fresh(summary().model_copy(update=told)))
    text = " ".join(stream.getvalue().split())
    assert text.startswith("To settle it, take a fresh comparison: ")
    assert text.endswith("inflate errors. No YAML to run: Diptych has no workload x.")
    assert "fresh.yaml" not in text
