"""Twin of unseen.py: what code of one's own hides from every control is told, and not guessed."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.analysis.builder import OWN_CODE, B, Training, begun, cell, plan, store, training
from tests.analysis.test_attribution import fed

from diptych_analysis import analyze_folder, data
from diptych_analysis.summary import Candidate
from diptych_analysis.unseen import unasked_told
from diptych_runner.contract.trials import Trial

LADDER = ("Native", "SharedOrder", "SharedMasks")


def judged(
    root: Path, gone_under: str, asked: tuple[str, ...], batches: str | None = None
) -> Candidate:
    """Return the verdict on a loop whose distance is 0 under one control, and what it asked for.

    `batches` are those under Native: "equal", "other", or None where nobody knows.
    """
    no_fit = {
        "source": "made",
        "trainSha256": data._OF_NOTHING,
        "testSha256": "3" * 64,
        "trainExamples": 0,
        "testExamples": 4,
    }

    def train(trial: Trial) -> Training:
        away = trial.version == B
        shift = 7 * away * (LADDER.index(trial.control) < LADDER.index(gone_under))
        shared = [] if trial.control == "Native" else ["initialWeights", *asked]
        done = begun(training(9.0 + shift, 1 + 0.5 * away), away=away)
        return replace(done, environment={"shared": shared, "data": no_fit})

    made = plan(seeds=7, cells=[cell(each, seeds=7) for each in LADDER], axes=OWN_CODE)
    folder = store(root, made, train)
    for trial in made.trials() if batches else ():
        fed(folder, trial, trial.version.encode() if batches == "other" else b"same")
    return analyze_folder(folder).candidates[0]


def test_a_control_that_adds_only_what_the_code_never_asks_for_is_not_named(
    tmp_path: Path,
) -> None:
    found = judged(tmp_path, "SharedMasks", ("batchOrder",), "other")
    assert [row.evidence for row in found.attribution] == [None, "NotProved", "RuledOut"]
    assert "is gone once" not in str(found.cause)
    assert (
        "The code does not ask the run for masks of random layers, so no control holds that equal: "
        "whether it is the cause is not shown."
    ) in str(found.cause)


def test_what_the_code_asks_for_is_named_as_ever(tmp_path: Path) -> None:
    found = judged(tmp_path, "SharedMasks", ("batchOrder", "masks"), "other")
    assert "use the same masks of random layers (SharedMasks): a changed random" in str(found.cause)
    assert "does not ask the run" not in str(found.cause)


@pytest.mark.parametrize(
    ("batches", "told", "never"),
    [
        (None, "or chance: that other batches were taken without it is not shown", "arithmetic"),
        ("other", "changed random streams or another initializer, not arithmetic", "or chance"),
    ],
)
def test_batches_that_nobody_knows_to_differ_are_not_called_the_cause(
    tmp_path: Path, batches: str | None, told: str, never: str
) -> None:
    cause = str(judged(tmp_path, "SharedOrder", ("batchOrder", "masks"), batches).cause)
    assert told in cause
    assert never not in cause


def test_equal_orders_rule_out_the_order_and_not_what_the_examples_hold(tmp_path: Path) -> None:
    cause = str(judged(tmp_path, "SharedMasks", ("batchOrder", "masks"), "equal").cause)
    assert "The orders of batches are equal in every pair of trials and no cause." in cause
    assert "batches of every step" not in cause


def test_several_are_listed() -> None:
    several = frozenset({"batchOrder", "masks", "parameters"})
    listed = "the order of batches, masks of random layers or parameters of the optimizer"
    assert f"ask the run for {listed}, so" in unasked_told(several)
    assert unasked_told(frozenset()) == ""
