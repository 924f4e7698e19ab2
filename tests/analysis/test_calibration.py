"""Twin of calibration.py: splits of one version, judged as usual, on noise of a known law."""

import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from tests.analysis.builder import A, B, Training, cell, metric, plan, store, training

from diptych_analysis import analyze_folder, calibration
from diptych_analysis.analyze import calibrate
from diptych_analysis.families import corrected
from diptych_analysis.measured import DifferenceTest, Measured
from diptych_analysis.source import source_at
from diptych_analysis.summary import Calibration
from diptych_runner.contract.trials import Trial


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Split less often: the rates here are far from their bounds."""
    monkeypatch.setattr(calibration, "SPLITS", 200)
    monkeypatch.setattr(calibration, "PLANTED", 50)


def made(root: Path, *, seeds: int = 12, apart: float = 0.0, **changes: object) -> Path:
    """Write a comparison whose test_loss is 1 + 0.01 normal, `apart` more in the candidate."""

    def train(trial: Trial) -> Training:
        rng = np.random.default_rng([trial.seed, trial.repeat, trial.version == B])
        return training(1 + 0.01 * rng.normal() + apart * (trial.version == B), float(rng.random()))

    analysis = {"metrics": [metric(margin="0.02", **changes)], "calibration": True}
    cells = [cell(seeds=seeds), cell(repeat=1, seeds=min(2, seeds))]
    return store(root, plan(seeds=seeds, cells=cells, analysis=analysis), train)


def calibrated(root: Path, **changes: object) -> list[Calibration]:
    return calibrate(source_at(made(root, **changes)))  # type: ignore[arg-type]


def test_a_version_against_itself_is_called_different_in_at_most_alpha(tmp_path: Path) -> None:
    first, second = calibrated(tmp_path, apart=1.0)  # each by itself: that they differ is nothing
    assert [first.version, second.version] == [A, B]
    assert (first.seeds, first.pairs, first.splits) == (12, 6, 200)
    for found in (first, second):
        # Splits of one sample: the share is near 5 % and varies with the sample.
        assert found.different.share < 0.15
        assert found.metrics[0].different == found.different  # one primary metric
        assert found.metrics[0].equivalent.share > 0.5


def test_the_planted_difference_that_is_caught_is_what_power_says(tmp_path: Path) -> None:
    found = calibrated(tmp_path, seeds=20)[0].metrics[0]
    # Ten pairs, sd of a difference 0.014, margin 0.02: beyond the margin, and not far.
    assert found.caught is not None
    assert 0.01 < found.caught < 0.05


def test_non_inferiority_is_planted_on_the_side_where_it_is_lost(tmp_path: Path) -> None:
    for direction in ("HigherIsBetter", "LowerIsBetter"):
        changes = {"test": "NonInferiority", "direction": direction}
        found = calibrated(tmp_path / direction, **changes)[0].metrics[0]
        assert found.caught is not None  # on the other side nothing is ever Different


def test_an_interval_of_a_rate_is_its_monte_carlo_error() -> None:
    rate = calibration._rate([True] * 10 + [False] * 190)
    assert (rate.count, rate.share) == (10, 0.05)
    # Wilson (1927), by hand: centre 0.0585, half 0.0310 for z = 1.96, n = 200.
    centre = (0.05 + 1.96**2 / 400) / (1 + 1.96**2 / 200)
    half = 1.96 / (1 + 1.96**2 / 200) * math.sqrt(0.05 * 0.95 / 200 + 1.96**2 / 160_000)
    assert rate.interval == pytest.approx((centre - half, centre + half), abs=1e-4)


def test_of_few_seeds_every_split_is_judged_once(tmp_path: Path) -> None:
    for seeds, splits in ((4, 12), (5, 60), (6, 120)):
        (found, _) = calibrated(tmp_path / str(seeds), seeds=seeds)
        assert (found.splits, found.all_splits) == (splits, True)
        assert found.different.interval is None  # no Monte-Carlo error
        assert found.different.share == found.different.count / splits
    (drawn, _) = calibrated(tmp_path / "8", seeds=8)
    assert (drawn.splits, drawn.all_splits) == (200, False)
    assert drawn.different.interval is not None


def test_every_split_is_another_and_takes_no_trial_twice() -> None:
    trials = list(range(5))
    splitter = calibration._Splitter("v", cast("Any", trials), cast("Any", None), "c", 1)
    found = splitter.all_splits
    assert len({frozenset(zip(*halves, strict=True)) for halves in found}) == len(found) == 60
    assert all(len({*first, *second}) == 4 for first, second in found)


def test_the_rule_that_decides_in_halves_is_told(tmp_path: Path) -> None:
    (found, _) = calibrated(tmp_path, seeds=20)
    assert (found.decided_by, found.decided_by_in_whole) == ("SignFlips", "Bca")
    (found, _) = calibrated(tmp_path / "few", seeds=12)
    assert (found.decided_by, found.decided_by_in_whole) == ("StudentsT", "SignFlips")


def test_three_seeds_cannot_be_split(tmp_path: Path) -> None:
    assert calibrated(tmp_path, seeds=3) == []


def test_the_summary_has_it_where_the_plan_asks_and_it_is_repeatable(tmp_path: Path) -> None:
    folder = made(tmp_path, seeds=5)
    summary = analyze_folder(folder)
    assert summary.calibration == calibrate(source_at(folder))
    assert [found.pairs for found in summary.calibration] == [2, 2]
    document = plan(seeds=5).document
    assert "calibration" not in document["analysis"]  # a plan without it is a plan


def test_holms_family_is_the_comparisons_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = []
    true = corrected

    def seen(*arguments: Any) -> Any:  # noqa: ANN401 - as the true one's
        beside.append(arguments[2])
        return true(*arguments)

    monkeypatch.setattr(calibration, "corrected", seen)
    for versions in ((A, B), (A, B, "2.8.0", "2.13.1")):
        made_of = plan(seeds=4, versions=versions, analysis={"metrics": [metric(margin="1")]})
        folder = store(tmp_path / str(len(versions)), made_of, lambda t: training(1 / t.seed))
        calibrate(source_at(folder))
    # One primary metric: alone with two versions, one of three with four.
    assert set(beside) == {0, 2}


def test_tests_beside_are_in_the_family_and_show_nothing() -> None:
    row = DifferenceTest(decides=True, p=0.01)
    measured = cast("Measured", SimpleNamespace(tests=lambda _: [row]))
    assert corrected([measured], 0.05) == [[0.01]]
    assert corrected([measured], 0.05, beside=3) == [[0.04]]
