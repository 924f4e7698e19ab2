"""Twin of predictions.py: planted changes of classes and examples, and none where none is."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.analysis.builder import A, B, Training, cell, metric, plan, store, training

from diptych_analysis import analyze_folder
from diptych_analysis.summary import Predictions
from diptych_analysis.told import prediction_sentences
from diptych_runner.contract.trials import Trial

CLASSES, EXAMPLES = 10, 2000
TARGETS = np.arange(EXAMPLES) % CLASSES
ACCURACY = [metric(name="test_accuracy", evaluator="accuracy", direction="HigherIsBetter")]
Wrong = Callable[[Trial, np.random.Generator], Any]


def found(root: Path, wrong: Wrong, *, repeats: int = 1, seeds: int = 8) -> Predictions | None:
    """Return the predictions when `wrong(trial, rng)` says which examples a trial gets wrong."""

    def train(trial: Trial) -> Training:
        rng = np.random.default_rng([trial.seed, trial.repeat, trial.version == B])
        labels = (TARGETS + wrong(trial, rng)) % CLASSES
        outputs = np.eye(CLASSES, dtype=np.float32)[labels]
        return replace(training(1), outputs=outputs, targets=TARGETS)

    cells = [cell(seeds=seeds), *(cell(repeat=k, seeds=seeds) for k in range(1, repeats))]
    made = plan(seeds=seeds, cells=cells, analysis={"metrics": ACCURACY})
    return analyze_folder(store(root, made, train)).candidates[0].predictions


def random_wrong(trial: Trial, rng: np.random.Generator) -> Any:  # noqa: ANN401 - an array
    return rng.random(EXAMPLES) < 0.1


def test_exchangeable_versions_change_no_more_than_seeds_do(tmp_path: Path) -> None:
    predictions = found(tmp_path, random_wrong, repeats=2)
    assert predictions is not None
    assert predictions.examples == EXAMPLES
    assert predictions.churn.mean == pytest.approx(0.18, abs=0.02)
    same, between = predictions.churn.floors
    assert (same.kind, same.pairs, between.kind, between.pairs) == (
        "SameSeed",
        8,  # one a seed
        "BetweenSeeds",
        8,
    )
    assert same.mean == pytest.approx(0.18, abs=0.02)
    assert (same.exceeded, between.exceeded) == (False, False)
    assert predictions.classes_that_differ == 0
    assert len(predictions.classes) == CLASSES


def test_a_class_that_suffers_is_found_while_accuracy_stands_still(tmp_path: Path) -> None:
    def wrong(trial: Trial, rng: np.random.Generator) -> Any:  # noqa: ANN401 - an array
        chance = np.full(EXAMPLES, 0.1)
        if trial.version == B:
            chance[TARGETS == 3], chance[TARGETS == 7] = 0.3, 0.0
        return rng.random(EXAMPLES) < chance

    predictions = found(tmp_path, wrong)
    assert predictions is not None
    first, second = predictions.classes[:2]
    assert (first.label, first.differs, first.examples) == (3, True, EXAMPLES // CLASSES)
    assert first.difference == pytest.approx(-0.2, abs=0.03)
    assert first.interval is not None
    assert first.interval[1] < 0
    assert (second.label, second.differs) == (7, True)
    assert predictions.classes_that_differ == 2
    assert not predictions.classes[2].differs


def test_more_churn_than_another_seed_makes_is_told(tmp_path: Path) -> None:
    def wrong(trial: Trial, rng: np.random.Generator) -> Any:  # noqa: ANN401 - an array
        # Each version has its own tenth of the examples wrong, whatever the seed.
        return (np.arange(EXAMPLES) // CLASSES) % 10 == (trial.version == B)

    predictions = found(tmp_path, wrong)
    assert predictions is not None
    (between,) = predictions.churn.floors
    assert (predictions.churn.mean, between.largest, between.exceeded) == (0.2, 0.0, True)
    assert predictions.classes_that_differ == 0


def test_too_few_runs_cannot_tell(tmp_path: Path) -> None:
    predictions = found(tmp_path, random_wrong, seeds=2)
    assert predictions is not None
    assert predictions.churn.floors[0].exceeded is None
    assert "too few runs to say" in " ".join(prediction_sentences(predictions))


def test_it_is_said_in_words(tmp_path: Path) -> None:
    predictions = found(tmp_path, random_wrong)
    assert predictions is not None
    told = prediction_sentences(predictions)
    assert told[0].endswith("of 2,000 test examples get another prediction (mean over 8 seeds; "
                            f"{100 * predictions.churn.smallest:.3g} % to "
                            f"{100 * predictions.churn.largest:.3g} %).")  # fmt: skip
    assert told[1].startswith("Two seeds of one version differ in ")
    assert told[1].endswith(": the versions are not shown to change more than that, beyond chance.")
    assert told[2] == "None of 10 classes differs beyond chance."
    same = found(tmp_path / "2", lambda _trial, _: np.zeros(EXAMPLES, dtype=int))
    assert same is not None
    assert prediction_sentences(same) == ["No test example gets another prediction, over 8 seeds."]


def test_no_classifier_has_no_predictions_and_many_classes_are_cut(tmp_path: Path) -> None:
    made = plan(seeds=3)
    folder = store(tmp_path / "1", made, lambda t: training(t.seed + (t.version == A)))
    assert analyze_folder(folder).candidates[0].predictions is None
    targets = np.arange(120)

    def many(trial: Trial) -> Training:
        outputs = np.eye(120)[(targets + (targets == trial.seed)) % 120]
        return replace(training(1), outputs=outputs, targets=targets)

    made = plan(seeds=3, analysis={"metrics": ACCURACY})
    predictions = analyze_folder(store(tmp_path / "2", made, many)).candidates[0].predictions
    assert predictions is not None
    assert (len(predictions.classes), predictions.classes_left_out) == (50, 70)


def test_runs_of_other_test_sets_are_no_pairs_of_a_floor(tmp_path: Path) -> None:
    # Three test sets of two or three seeds: of eight runs of a version six make pairs, not eight.
    def train(trial: Trial) -> Training:
        rng = np.random.default_rng([trial.seed, trial.version == B])
        targets = np.roll(TARGETS, trial.seed % 3)
        labels = (targets + random_wrong(trial, rng)) % CLASSES
        outputs = np.eye(CLASSES, dtype=np.float32)[labels]
        return replace(training(1), outputs=outputs, targets=targets)

    made = plan(seeds=8, analysis={"metrics": ACCURACY})
    predictions = analyze_folder(store(tmp_path, made, train)).candidates[0].predictions
    assert predictions is not None
    (between,) = predictions.churn.floors
    assert between.pairs == 2 * 3
