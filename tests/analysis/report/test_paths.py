"""Twin of report/paths.py."""

from dataclasses import replace

from tests.analysis.builder import A, B, Training, cell, plan, training
from tests.analysis.report.conftest import STEPS, Prepared, noisy, ordinary

from diptych_runner.contract.trials import Trial


def test_curves_are_of_first_runs_under_the_verdicts_control(prepared: Prepared) -> None:
    report = prepared()
    (curve,) = report.paths.curves[B]
    assert (curve.name, curve.baseline.seeds, curve.candidate.seeds) == ("train_loss", 5, 5)
    assert [point.step for point in curve.baseline.points] == list(range(1, STEPS + 1))


def test_equal_repeats_are_a_distance_of_zero(prepared: Prepared) -> None:
    found = prepared().paths.distances[B]
    assert (found.seeds, found.equal_seeds, found.repeated_pairs) == (5, 0, 4)
    assert found.repeats is not None
    assert {point.high for point in found.repeats.points} == {0.0}


def test_equal_versions_are_equal_seed_by_seed(prepared: Prepared) -> None:
    found = prepared(train=lambda t: training(t.seed)).paths.distances[B]
    assert found.equal_seeds == found.seeds == 5


def test_distance_is_between_the_versions_and_repeats_within_one(prepared: Prepared) -> None:
    def train(trial: Trial) -> Training:
        loss = 1.0 + 4 * (trial.version == B) + 0.5 * trial.repeat
        return training(1, losses=(loss, loss))

    cells = [cell(seeds=2), cell(repeat=1, seeds=1)]
    found = prepared(plan(seeds=2, cells=cells), train).paths.distances[B]
    assert {point.middle for point in found.between.points} == {4.0}
    assert found.repeats is not None
    assert {point.middle for point in found.repeats.points} == {0.5}


def test_a_trial_that_stops_early_takes_part_as_far_as_it_went(prepared: Prepared) -> None:
    def train(trial: Trial) -> Training:
        done = noisy(trial)
        if trial.version == B and trial.seed == 1:
            return replace(done, losses=(*done.losses[:3], float("nan")), outcome="Diverged")
        return done

    report = prepared(plan(seeds=5, analysis={"minimumCompletedPercent": 20}), train)
    found = report.paths.distances[B]
    assert (found.seeds, len(found.between.points)) == (5, STEPS)


def test_a_version_without_losses_has_no_distance(prepared: Prepared) -> None:
    def train(trial: Trial) -> Training:
        done = noisy(trial)
        return replace(done, outcome="Failed", losses=()) if trial.version == B else done

    report = prepared(ordinary((A, B, "3")), train)
    assert report.paths.distances[B].between.points == ()
    assert report.paths.distances["3"].seeds == 5
