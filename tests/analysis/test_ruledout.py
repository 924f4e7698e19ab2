"""What pairs of trials have in common before a control makes it so, and how far losses part."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.analysis.builder import B, Training, plan, store, training
from tests.analysis.test_attribution import fed

from diptych_analysis.divergence import pairs_of
from diptych_analysis.records.lazy import Loader
from diptych_analysis.records.reader import FolderReader
from diptych_analysis.records.table import read_table
from diptych_analysis.ruledout import RuledOut, ruled_out
from diptych_runner.contract.trials import Trial

INIT, ORDER, MASKS = "initialWeights", "batchOrder", "masks"


def found(root: Path, losses: tuple[float, ...], fed_alike: bool = True) -> RuledOut:  # noqa: FBT001, FBT002
    """Return what is ruled out of two seeds when B has these losses and A has 2, 1, 1, 1."""

    def train(trial: Trial) -> Training:
        done = training(9.0, losses=(2.0, 1.0, 1.0, 1.0))
        return replace(done, losses=losses) if trial.version == B else done

    made = plan(seeds=2)
    folder = store(root, made, train)
    for trial in made.trials():
        fed(folder, trial, b"same" if fed_alike else trial.version.encode())
    reader = FolderReader(folder)
    table = read_table(reader, made)
    pairs = pairs_of(*(table.of(name, ("Native", 0)) for name in made.versions))
    return ruled_out(Loader(reader), pairs)


@pytest.mark.parametrize(
    ("losses", "masks"),
    [
        ((2.0, 1.0 + 1e-7, 1.0 + 2e-7, 1.0), True),
        ((2.0, 1.0, 1.0, 1.0), True),
        ((2.0, 1.5, 1.0, 1.0), False),
        # At step 1 a mask may have nothing to act on: the steps after it tell.
        ((2.0 + 1e-7, 1.5, 1.0, 1.0), False),
        # Too near the end to tell.
        ((2.0, 1.0, 1.0, 1.0 + 1e-7), False),
    ],
)
def test_other_masks_move_losses_by_more_than_rounding(
    tmp_path: Path,
    losses: tuple[float, ...],
    masks: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    assert found(tmp_path, losses).aspects == {INIT, ORDER, *([MASKS] if masks else [])}


def test_masks_are_told_of_equal_batches_alone(tmp_path: Path) -> None:
    assert found(tmp_path, (2.0, 1.0 + 1e-7, 1.0, 1.0), fed_alike=False).aspects == {INIT}


def test_what_is_ruled_out_is_said_with_its_number() -> None:
    told = RuledOut(frozenset({INIT, ORDER, MASKS}), 2.4e-7).told(frozenset({INIT, MASKS}))
    assert told == (
        "The initial weights are equal in every pair of trials and no cause. Losses part by at "
        "most 2.4e-07 of their size, as rounding does: no other masks."
    )
    assert RuledOut().told(frozenset({INIT})) == ""
