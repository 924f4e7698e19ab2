"""Twin of told.py."""

import pytest

from diptych_analysis.summary import (
    Candidate,
    Churn,
    ClassDelta,
    Envelope,
    Fresh,
    Growth,
    KnownChange,
    Metric,
    Predictions,
    Trajectory,
)
from diptych_analysis.told import (
    fresh_told,
    known_lead,
    path_sentences,
    prediction_sentences,
    why_heading,
)

GROWTH = Growth(
    first_step=3, last_step=90, doubling_steps=12.3, largest=0.5, largest_step=100, last=0.25
)


def told(*envelopes: Envelope, growth: Growth | None = GROWTH) -> list[str]:
    return path_sentences(
        Trajectory(
            control="Native",
            bit_identical=False,
            first_divergence=None,
            final_weights=None,
            tensors=[],
            envelopes=list(envelopes),
            growth=growth,
        )
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {},
            "From step 7 on the training losses lie farther apart than repeats of one version and "
            "seed do (4 independent pairs), in at least 3 seeds.",
        ),
        (
            {"kind": "BetweenSeeds", "left_at": None},
            "At the end of training the losses are not shown to lie farther apart than seeds of "
            "one version do, beyond chance (4 independent pairs).",
        ),
        (
            {"needed": None, "left_at": None, "pairs": 1},
            "Too few repeats (1 independent pair) to tell when the losses lie farther apart than "
            "repeats of one version and seed.",
        ),
        (
            {"bit_identical": True},
            "Repeats of one version and seed give the same bits (4 independent pairs); the "
            "training losses of the two versions differ from step 7 on, in at least 3 seeds.",
        ),
        (
            {"bit_identical": True, "left_at": None},
            "Repeats of one version and seed give the same bits (4 independent pairs); the losses "
            "of the two versions end unequal in half of the seeds at most.",
        ),
    ],
)
def test_an_envelope_in_words(changes: dict[str, object], sentence: str) -> None:
    known = {"kind": "SameSeed", "pairs": 4, "bit_identical": False, "needed": 3, "left_at": 7}
    assert told(Envelope.model_validate({**known, **changes}))[0] == sentence


def test_growth_in_words() -> None:
    assert told() == [
        "Their median distance is 0 before step 3; it doubles about every 12.3 steps until step "
        "90; it is largest at step 100 (0.5) and 0.25 at the end."
    ]
    once = GROWTH.model_copy(update={"doubling_steps": None, "last": 0.0})
    assert told(growth=once) == [
        "Their median distance is 0 before step 3; it is largest at step 100 (0.5) and 0 at the "
        "end."
    ]
    at_once = GROWTH.model_copy(update={"doubling_steps": None, "first_step": 1})
    assert told(growth=at_once)[0].startswith("Their median distance is above 0 from the first")


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "One seed cannot tell whether a class differs beyond chance."),
        (2, "None of 1 classes differs beyond chance."),
    ],
)
def test_one_seed_tests_no_class(count: int, said: str) -> None:
    delta = ClassDelta(
        label=0,
        examples=40,
        baseline_mean=0.9,
        candidate_mean=0.8,
        difference=-0.1,
        interval=None,
        p_difference=None,
        p_adjusted=None,
        differs=False,
    )
    predictions = Predictions(
        examples=40,
        churn=Churn(seeds=count, mean=0.1, smallest=0.1, largest=0.1, floors=[]),
        classes=[delta],
        classes_left_out=0,
        classes_that_differ=0,
    )
    assert prediction_sentences(predictions)[-1] == said


def test_what_is_not_known_to_be_used_is_not_said_to_apply() -> None:
    change = KnownChange.model_validate(
        {
            **dict.fromkeys(("id", "version", "area", "effect", "source"), "x"),
            "after": None,
            "knob": None,
            "certain": True,
        }
    )
    may = change.model_copy(update={"certain": False})
    assert known_lead([change]) == "Known changes that apply"
    assert known_lead([change, may]) == "Known changes that apply, or may where the code uses them"
    assert known_lead([may]) == "Known changes that may apply, where the code uses them"


@pytest.mark.parametrize(
    ("replicates", "said"),
    [
        ([], "settle it"),
        (["b"], "settle what is open and see again what differs"),
        (["b", "c"], "see the difference again on unused seeds"),
    ],
)
def test_what_a_fresh_comparison_is_for(replicates: list[str], said: str) -> None:
    fresh = Fresh(
        first=9,
        count=8,
        versions=["a", "b", "c"],
        replicates=replicates,
        trials=24,
        trial_hours=None,
        resource="",
    )
    assert fresh_told(fresh) == said


@pytest.mark.parametrize(
    ("causes", "heading"),
    [
        ({"Different": "a"}, "Why"),
        ({"Equivalent": "a"}, "Why single seeds differ"),
        ({"Equivalent": "a", "Identical": None}, "Why single seeds differ"),
        ({"Equivalent": "a", "Different": "b"}, "Why"),
        ({"Identical": None}, "Why"),
    ],
)
def test_a_heading_says_why_there_is_a_difference_only_where_there_is_one(
    causes: dict[str, str | None], heading: str
) -> None:
    def candidate(verdict: str, cause: str | None) -> Candidate:
        metric = Metric.model_construct(primary=True, verdict=verdict)
        return Candidate.model_construct(metrics=[metric], cause=cause)

    assert why_heading([candidate(*each) for each in causes.items()]) == heading
