"""Re-tuning: which setting of a candidate comes closest to the baseline at its own."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.analysis.builder import A, B, Training, cell, diverged, metric, plan, store, training

from diptych_analysis import analyze_folder
from diptych_analysis.summary import Sweep
from diptych_analysis.sweep import halves
from diptych_runner.contract.trials import Trial

SETTINGS = [{}, {"learningRate": "0.01"}, {"learningRate": "0.1"}, {"learningRate": "1"}]
#: How far B's mean lies from A's, by setting: 0.1 is the learning rate that undoes the change.
SHIFTS = (0.5, 0.2, 0.0, -0.3)


def tuned(trial: Trial) -> Training:
    rng = np.random.default_rng([trial.seed, trial.setting, trial.version == A])
    # A's own settings are nobody's question: only its setting 0 counts.
    shift = SHIFTS[trial.setting] if trial.version == B else 5.0 * trial.setting
    return training(2 + shift + 0.01 * rng.standard_normal(), rng.random())


def losing(is_lost: Callable[[Trial], bool]) -> Callable[[Trial], Training]:
    """Train as `tuned` does, but for trials of B that diverge."""

    def train(trial: Trial) -> Training:
        done = tuned(trial)
        return diverged(done) if trial.version == B and is_lost(trial) else done

    return train


def swept(
    folder: Path,
    seeds: int = 10,
    train: Callable[[Trial], Training] = tuned,
    **changes: Any,  # noqa: ANN401 - a metric's own fields
) -> Sweep | None:
    """Return the sweep of a comparison whose metric has a margin of 0.05."""
    cells = [cell(setting=setting, seeds=seeds) for setting in range(len(SETTINGS))]
    made = plan(
        seeds=seeds,
        cells=cells,
        axes={"settings": SETTINGS},
        analysis={"metrics": [metric(**{"margin": "0.05", **changes})]},
    )
    (candidate,) = analyze_folder(store(folder, made, train)).candidates
    return candidate.sweep


def test_every_setting_is_held_against_the_baseline_at_its_own(tmp_path: Path) -> None:
    found = swept(tmp_path)
    assert found is not None
    assert [row.difference for row in found.settings] == pytest.approx(SHIFTS, abs=0.02)
    assert [row.equivalent for row in found.settings] == [False, False, True, False]
    assert [row.parameters for row in found.settings] == SETTINGS
    assert found.closest == 2
    assert found.baseline_mean == pytest.approx(2.0, abs=0.01)


def test_the_choice_is_confirmed_on_seeds_that_had_no_say(tmp_path: Path) -> None:
    found = swept(tmp_path)
    assert found is not None
    confirmation = found.confirmation
    assert confirmation is not None
    assert (confirmation.chosen_on, confirmation.confirmed_on) == halves(range(1, 11))
    assert not {*confirmation.chosen_on} & {*confirmation.confirmed_on}
    assert (confirmation.setting, confirmation.equivalent) == (2, True)
    assert (
        "Of 4 settings, 2.4.0 comes closest to 2.1.0 as given with learningRate 0.1" in found.told
    )
    assert "as given it differs by 0.5" in found.told
    assert "a selection effect" in found.told
    assert "equivalent, within the margin, on seeds that had no say" in found.told


def test_the_best_of_many_equal_settings_is_no_better_on_other_seeds(tmp_path: Path) -> None:
    # Settings that differ by chance alone: the chosen half flatters, the other half does not.
    def noise(trial: Trial) -> Training:
        rng = np.random.default_rng([trial.seed, trial.setting, trial.version == A])
        return training(2 + 0.3 + 0.2 * rng.standard_normal(), rng.random())

    excess = []
    for place in range(20):
        folder = tmp_path / str(place)

        def shifted(trial: Trial, place: int = place) -> Training:
            return noise(trial._replace(seed=trial.seed + 1000 * place))

        found = swept(folder, seeds=8, train=shifted)
        assert found is not None
        assert found.confirmation is not None
        best = min(abs(row.difference or 0.0) for row in found.settings)
        excess.append(abs(found.confirmation.difference or 0.0) - best)
    assert np.mean(excess) > 0


def test_too_few_seeds_are_said_to_be_too_few(tmp_path: Path) -> None:
    found = swept(tmp_path, seeds=3)
    assert found is not None
    assert found.closest == 2
    assert found.confirmation is None
    assert "3 seeds are too few to choose on some and judge on others" in found.told


def test_a_setting_that_diverges_has_no_number_and_is_not_the_closest(tmp_path: Path) -> None:
    found = swept(tmp_path, train=losing(lambda trial: trial.setting == 2))
    assert found is not None
    assert found.settings[2].difference is None
    assert found.settings[2].problem is not None
    assert found.closest == 1


def test_of_survivors_no_setting_is_called_equivalent_or_the_closest(tmp_path: Path) -> None:
    lost = losing(lambda trial: trial.setting == 2 and trial.seed in {1, 2, 4})
    found = swept(tmp_path, train=lost)
    assert found is not None
    survivors = found.settings[2]
    assert (survivors.seeds, survivors.equivalent) == (7, False)
    assert survivors.difference == pytest.approx(0.0, abs=0.02)
    assert found.closest == 1
    assert found.confirmation is not None
    assert found.confirmation.setting == 1


def test_where_every_setting_diverges_the_closest_says_so(tmp_path: Path) -> None:
    found = swept(tmp_path, train=losing(lambda trial: trial.seed == 3))
    assert found is not None
    assert found.closest == 2
    assert found.settings[2].equivalent is False
    assert "1 seed diverged in one version only" in found.told


def test_a_setting_that_changes_the_test_set_cannot_be_held_against_it(tmp_path: Path) -> None:
    def train(trial: Trial) -> Training:
        done = tuned(trial)
        if trial.setting != 1:
            return done
        data = {
            "source": "made",
            "trainSha256": "2" * 64,
            "testSha256": "4" * 64,
            "trainExamples": 8,
            "testExamples": 4,
        }
        return replace(done, environment={"data": data})

    found = swept(tmp_path, train=train)
    assert found is not None
    assert found.settings[1].problem == "the setting changes the test set"
    assert found.closest == 2


def test_without_a_margin_nothing_is_called_equivalent(tmp_path: Path) -> None:
    found = swept(tmp_path, margin=None)
    assert found is not None
    assert {row.equivalent for row in found.settings} == {None}
    assert "no margin is declared" in found.told


def test_without_a_sweep_there_is_none(tmp_path: Path) -> None:
    (candidate,) = analyze_folder(store(tmp_path, plan(), tuned)).candidates
    assert candidate.sweep is None


def test_a_sweep_that_changes_no_bit_is_said_to_change_none(tmp_path: Path) -> None:
    def blind(trial: Trial) -> Training:
        return tuned(trial._replace(setting=0))

    found = swept(tmp_path / "blind", seeds=5, train=blind)
    assert found is not None
    assert found.told.startswith("All 4 settings trained the same bits in 2.4.0, for every seed:")
    assert "depends on learningRate, so there is no setting to choose" in found.told

    def one_seed_apart(trial: Trial) -> Training:
        return tuned(trial) if trial.seed == 1 else blind(trial)

    other = swept(tmp_path / "other", seeds=5, train=one_seed_apart)
    assert other is not None
    assert "the same bits" not in other.told


def test_seeds_that_did_not_end_are_no_judges(tmp_path: Path) -> None:
    found = swept(tmp_path, train=losing(lambda trial: trial.seed in {1, 2, 4, 6}))
    assert found is not None
    assert found.confirmation is not None
    assert found.confirmation.chosen_on == [3, 5, 7, 9]
    assert found.confirmation.confirmed_on == [8, 10]
    assert "Chosen on 4 seeds and judged on 2 others" in found.told


def test_a_relative_margin_that_is_no_number_was_declared_all_the_same(tmp_path: Path) -> None:
    def perfect(trial: Trial) -> Training:
        done = tuned(trial)
        return done if trial.version == B else replace(done, outputs=np.zeros((4, 1)))

    found = swept(tmp_path, train=perfect, margin=None, relativeMargin="1%")
    assert found is not None
    assert "the relative margin is no number to rely on there" in found.told
    assert "no margin is declared" not in found.told
