"""Twin of tools/findings/answers.py and losses.py: the word follows from the records alone."""

import doctest
from collections.abc import Sequence
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from tools.findings import answers, losses, models
from tools.findings.distances import Distance, distance_of
from tools.findings.runs import Run

from diptych_analysis.statistics.sample import Sample
from diptych_analysis.summary import Metric


def metric(name: str, between_seeds: float) -> Metric:
    found = SimpleNamespace(
        name=name,
        setting=0,
        primary=name == "test_accuracy",
        seeds=12,
        margin=0.005,
        difference=-0.0002,
        equivalence_interval=(-0.0021, 0.0017),
        interval=(-0.0025, 0.0021),
        confidence=0.95,
        baseline_mean=0.861,
        candidate_mean=0.8608,
        framework_metric_drift=0.0,
        noise=SimpleNamespace(between_seeds=between_seeds),
    )
    return cast("Metric", found)


def run(
    verdict: str,
    *,
    accuracy: Sequence[float] = (0.01, -0.02, 0.005),
    loss: Sequence[float] = (0.1, -0.2, 0.05),
    loss_between_seeds: float = 0.01,
    printed: tuple[float, float] = (0.8, 0.8),
    left: float = 0.0,
    rung: tuple[str, str] = ("SharedMasks", "Proved"),
) -> Run:
    """Return a run with these per-seed differences of accuracy and loss."""
    shares: dict[str, Distance] = {
        "test_accuracy": distance_of(np.array(accuracy)),
        "test_loss": distance_of(np.array(loss)),
    }
    metrics = [metric("test_accuracy", 0.01), metric("test_loss", loss_between_seeds)]
    reported = Sample((1,), *(np.array([each]) for each in printed))
    found = SimpleNamespace(
        name="asked",
        seeds=12,
        control="Native",
        summary=SimpleNamespace(baseline="2.1.0"),
        candidate=SimpleNamespace(
            version="2.4.0",
            verdict=verdict,
            reason=f"The reason of {verdict}.",
            metrics=metrics,
            trajectory=None,
            attribution=[
                SimpleNamespace(control=rung[0], per_seed_rms=left, evidence=rung[1]),
            ],
        ),
        metric=lambda name: next(each for each in metrics if each.name == name),
        share=lambda name, _control="": shares[name],
        distance=lambda name, _control="": shares[name],
        sample=lambda _value, _control="": reported,
    )
    return cast("Run", found)


@pytest.mark.parametrize(
    ("verdict", "begin"),
    [
        ("Identical", "No. Every loss"),
        ("Equivalent", "No. Over 12 seeds the mean test_accuracy"),
        ("Different", "Yes. The reason of Different."),
        ("Inconclusive", "Not settled: over 12 seeds"),
        ("Invalid", "Not answered: The reason of Invalid."),
    ],
)
def test_a_change_is_answered_by_the_verdict(verdict: str, begin: str) -> None:
    assert answers.changed([run(verdict)])[0].startswith(begin)


def test_equivalent_means_are_not_said_of_single_trainings() -> None:
    [told] = answers.changed([run("Equivalent")])
    assert "within the margin of 0.005: they differ by −0.0002, 90 % interval" in told
    assert "seed by seed the two lie 0.013" in told
    assert "two seeds of one version 0.014" in told


def test_examples_in_docstrings_hold() -> None:
    assert doctest.testmod(answers).failed == 0


FAR = [1.0, -2.0, 1.5, -1.0, 2.0, -1.5] * 3
NEAR = [value / 100 for value in FAR]
FARTHER = [value * 100 for value in FAR]


@pytest.mark.parametrize(
    ("accuracy", "loss", "word"),
    [(NEAR, NEAR, "Yes."), (FAR, NEAR, "Partly."), (FARTHER, FARTHER, "No.")],
)
def test_closer_in_one_metric_alone_is_partly(
    accuracy: list[float], loss: list[float], word: str
) -> None:
    other = run("Equivalent", accuracy=FAR, loss=FAR)
    told = answers.closer([run("Equivalent", accuracy=accuracy, loss=loss), other])
    assert told[0].startswith(word)


def test_a_distance_of_nothing_gives_no_ratio() -> None:
    told = answers.closer([run("Equivalent", accuracy=[0.0, 0.0]), run("Equivalent")])
    assert "In test_accuracy one of the two distances is 0" in told[0]


@pytest.mark.parametrize(
    ("accuracy", "loss", "word"),
    [
        (FARTHER, FARTHER, "Yes."),
        (FARTHER, FAR, "Partly."),
        (FAR, FAR, "Not shown."),
        (NEAR, FAR, "Not shown."),
        (NEAR, NEAR, "No, they show it less."),
    ],
)
def test_larger_models_are_judged_by_every_ratio(
    accuracy: list[float], loss: list[float], word: str
) -> None:
    """The loss counts twice: as trainings come, and with all held equal."""
    other = run("Equivalent", accuracy=FAR, loss=FAR)
    told = models.larger([run("Equivalent", accuracy=accuracy, loss=loss), other])
    assert told[0].startswith(word)
    assert "under SharedMasks, in test_loss" in told[0]


def test_a_number_that_is_printed_otherwise_is_no_change_of_the_model() -> None:
    learns = run("Equivalent", printed=(0.1, 0.861))
    told = losses.fell_apart([run("Equivalent"), run("Equivalent"), learns])
    assert told[0].startswith("No: what falls apart is the number that is printed")
    assert "exclude that the share of right predictions falls by more than 0.003" in told[0]
    assert "2.1.0 prints 0.100 and 2.4.0 0.861" in told[0]
    assert len(told) == 1


def test_a_model_that_may_have_changed_settles_nothing() -> None:
    open_question = run("Inconclusive", printed=(0.1, 0.861))
    told = losses.fell_apart([run("Equivalent"), run("Equivalent"), open_question])
    assert told[0].startswith("Not settled: ")


def test_a_loss_that_no_training_moves_is_said_to_teach_nothing() -> None:
    asked = run("Equivalent", loss_between_seeds=1e-9)
    told = losses.fell_apart([asked, run("Equivalent"), run("Equivalent")])
    assert "teaches nothing" in told[1]


def test_predictions_that_do_differ_are_not_explained_away() -> None:
    told = losses.fell_apart([run("Different"), run("Equivalent"), run("Equivalent")])
    assert told == ["Yes, with asked. The reason of Different."]


def optimized(verdict: str, optimizer: str) -> Run:
    found = run(verdict)
    axes = {"workload": {"parameters": {"optimizer": optimizer}}}
    found.__dict__["report"] = SimpleNamespace(plan=SimpleNamespace(axes=axes))
    found.candidate.__dict__["sweep"] = SimpleNamespace(told="The closest is 0.3.")
    return found


@pytest.mark.parametrize(
    ("verdict", "word"),
    [("Different", "Yes"), ("Equivalent", "No"), ("Inconclusive", "Not settled")],
)
def test_tuning_again_is_answered_for_both_optimizers(verdict: str, word: str) -> None:
    told = answers.tuned_again([optimized(verdict, "adadelta"), optimized("Equivalent", "adam")])
    assert told == [
        f"{word}, for Adadelta from 2.1.0 to 2.4.0: The reason of {verdict}.",
        "The closest is 0.3.",
        "No, for Adam from 2.1.0 to 2.4.0, with every parameter as it was: "
        "The reason of Equivalent.",
    ]


def test_a_version_that_repeats_itself_is_half_of_the_claim() -> None:
    same = run("Identical")
    same.candidate.metrics[0].noise.__dict__["same_seed"] = 0.0
    [told] = answers.repeats([same, run("Equivalent")])
    assert told.startswith("Partly. The first half, yes")
    assert "lie 0.013" in told
    assert "nothing is left under SharedMasks" in told
    # What more than draws took away, or chance, is not put down to random numbers.
    for other in (
        run("Equivalent", left=0.001),
        run("Equivalent", rung=("SharedParameters", "Proved")),
        run("Equivalent", rung=("SharedMasks", "NotProved")),
    ):
        [told] = answers.repeats([same, other])
        assert "nothing is left" not in told


def test_a_version_that_does_not_repeat_itself_says_so() -> None:
    other = run("Different")
    other.candidate.metrics[0].noise.__dict__["same_seed"] = 0.01
    assert answers.repeats([other, run("Equivalent")]) == ["No. The reason of Different."]
