"""What pairs of trials have in common before a control makes it so."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.analysis.builder import B, Training, plan, store, training
from tests.analysis.test_attribution import fed

from diptych_analysis.divergence import pairs_of
from diptych_analysis.records.reader import FolderReader
from diptych_analysis.records.table import read_table
from diptych_analysis.ruledout import ruled_out, ruled_out_told
from diptych_analysis.unseen import Unseen
from diptych_runner.contract.trials import Trial

INIT, ORDER, MASKS = "initialWeights", "batchOrder", "masks"


def found(
    root: Path, alike_until: int, steps: int | None = None, models: int = 1
) -> frozenset[str]:
    """Return what is ruled out of two seeds of which so many were fed alike."""

    def train(trial: Trial) -> Training:
        # A loss that hardly depends on the outputs: other masks move it no further than rounding.
        losses = (2.0, 1.0 + 1e-7 * (trial.version == B), 1.0, 1.0)
        return replace(training(9.0, losses=losses), environment={"models": models})

    made = plan(seeds=2)
    folder = store(root, made, train)
    for trial in made.trials():
        is_alike = trial.seed <= alike_until
        fed(folder, trial, b"same" if is_alike else trial.version.encode(), steps)
    table = read_table(FolderReader(folder), made)
    return ruled_out(pairs_of(*(table.of(name, ("Native", 0)) for name in made.versions)))


@pytest.mark.parametrize(("alike_until", "order"), [(2, True), (1, False), (0, False)])
def test_equal_bits_in_every_pair_rule_out_and_losses_that_lie_close_do_not(
    tmp_path: Path,
    alike_until: int,
    order: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    assert found(tmp_path, alike_until) == {INIT, *([ORDER] if order else [])}


@pytest.mark.parametrize(("models", "start"), [(1, {INIT}), (2, set())])
def test_of_several_models_only_the_first_ones_start_is_known(
    tmp_path: Path, models: int, start: set[str]
) -> None:
    assert found(tmp_path, 2, models=models) == {*start, ORDER}


@pytest.mark.parametrize("steps", [0, 3])
def test_batches_that_are_known_of_some_steps_only_rule_out_nothing(
    tmp_path: Path, steps: int
) -> None:
    # Of four: a fit, and then a loop of one's own.
    assert found(tmp_path, 2, steps) == {INIT}


def test_what_is_ruled_out_is_said() -> None:
    assert ruled_out_told(frozenset({INIT}), Unseen()) == (
        "The initial weights are equal in every pair of trials and no cause."
    )
    assert ruled_out_told(frozenset({MASKS}), Unseen()) == ""


def test_of_batches_whose_examples_nobody_saw_the_order_alone_is_ruled_out() -> None:
    assert ruled_out_told(frozenset({ORDER}), Unseen(examples=True)).startswith(
        "The orders of batches are equal"
    )
